#include "harness/cli/terminal.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

#include "harness/base/files/standard_streams.hpp"
#include "harness/base/this_build.hpp"
#include "harness/cli/usage.hpp"

namespace stratbench {
namespace {

std::string_view variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

}  // namespace

bool is_terminal(int descriptor) {
    return isatty(descriptor) == 1 && variable("TERM") != "dumb";
}

bool wants_color(int descriptor) {
    return is_terminal(descriptor) && variable("NO_COLOR").empty();
}

int terminal_width(int descriptor) {
    winsize size{};
    return ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 100;
}

void tell_line(std::string_view line) {
    tell(fmt::format("{}{}: {}\n", is_terminal(STDERR_FILENO) ? "\r\033[K" : "", this_build.program,
                     one_line(line)));
}

}  // namespace stratbench
