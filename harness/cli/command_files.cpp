#include "harness/cli/command_files.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

#include "harness/base/spec.hpp"
#include "harness/cli/path_options.hpp"
#include "harness/cli/terminal.hpp"
#include "strategies/engines/worker/worker_executable.hpp"

namespace stratbench {
namespace {

namespace fs = std::filesystem;

std::string with_path(std::string_view name, const std::string& path) {
    return fmt::format("{} {}", name, in_quotes(path));
}

std::optional<file_identity> standard_stream(int number) {
    return identity_of(fmt::format("/proc/self/fd/{}", number));
}

bool is_regular(int number) {
    struct stat file {};
    return ::fstat(number, &file) == 0 && S_ISREG(file.st_mode);
}

/// Where something may be written when it cannot be where it was meant to: the nearest first.
std::vector<fs::path> refuges(const output& asked) {
    std::vector<fs::path> all;
    if (!asked.is_stream()) {
        all.push_back(folder_of(asked.path()));
    }
    all.emplace_back(".");
    std::error_code failed;
    if (fs::path place = fs::temp_directory_path(failed); !failed) {
        all.push_back(std::move(place));
    }
    all.emplace_back("/tmp");
    all.emplace_back("/var/tmp");
    if (const char* const home = std::getenv("HOME"); home != nullptr && *home != '\0') {
        all.emplace_back(home);
    }
    all.emplace_back("/dev/shm");
    return all;
}

}  // namespace

command_files::command_files() {
    // More of them may be one file: what people read is mixed there as the caller wants it.
    for (const auto& [number, what] : {std::pair(STDOUT_FILENO, "standard output"),
                                       std::pair(STDERR_FILENO, "standard error")}) {
        if (const auto file = standard_stream(number); file && is_regular(number)) {
            roles_.push_back({what, *file, true});
        }
    }
    std::error_code failed;
    const fs::path program = fs::read_symlink("/proc/self/exe", failed);
    if (!failed) {
        reads("the program", program);
        reads("its worker", worker_of(program));
    }
}

void command_files::claim(role next) {
    for (const role& other : roles_) {
        if (other.file == next.file && (other.written || next.written)) {
            throw usage_error(fmt::format("{} and {} are the same file", next.what, other.what));
        }
    }
    roles_.push_back(std::move(next));
}

void command_files::reads(std::string_view name, const std::string& path) {
    if (const auto file = identity_of(path)) {
        claim({with_path(name, path), *file, false});
    }
}

void command_files::writes(std::string_view name, const std::string& path) {
    if (!wanted(path)) {
        return;
    }
    // Before it is tried, so that nothing is wrong but what is said.
    if (const auto file = identity_of(path); file && !own_descriptor(path)) {
        const auto taken =
            std::ranges::find_if(roles_, [&](const role& other) { return other.file == *file; });
        if (taken != roles_.end()) {
            throw usage_error(
                fmt::format("{} and {} are the same file", with_path(name, path), taken->what));
        }
    }
    output place(path);
    if (const auto file = place.identity()) {
        if (place.is_descriptor()) {
            // It is written to standard output because the user says so, not by a name for it.
            std::erase_if(roles_, [&](const role& other) {
                return other.file == *file && other.what.starts_with("standard ");
            });
        }
        claim({with_path(name, path), *file, true});
        if (file == standard_stream(STDOUT_FILENO)) {
            says(name);
        }
    }
    outputs_.emplace(name, std::move(place));
}

void command_files::says(std::string_view name) {
    if (!said_by_.empty()) {
        throw usage_error(fmt::format("{} and {} are both standard output", name, said_by_));
    }
    said_by_ = name;
}

output* command_files::to(std::string_view name) {
    const auto found = outputs_.find(name);
    return found == outputs_.end() ? nullptr : &found->second;
}

void command_files::write(std::string_view name, std::string_view content) {
    output* const place = to(name);
    if (place == nullptr) {
        return;
    }
    try {
        place->write(content);
    } catch (const usage_error& error) {
        all_written_ = false;
        tell_line(error.what());
    }
}

void command_files::keep(std::string_view name, std::string_view content) {
    output* const asked = to(name);
    if (asked == nullptr) {
        return;
    }
    const auto moved = moved_.find(name);
    try {
        if (moved == moved_.end()) {
            asked->write(content);
            return;
        }
        if (moved->second) {
            moved->second->write(content);
            return;
        }
    } catch (const usage_error& error) {
        std::optional<output>& now = moved_[std::string(name)];
        now = find_refuge(name, *asked, content);
        tell_line(fmt::format(
            "{}; {}", error.what(),
            now ? "it is in " + now->path().string() : "no other place takes it either"));
        return;
    }
    moved->second = find_refuge(name, *asked, content);
}

std::optional<output> command_files::find_refuge(std::string_view name, const output& asked,
                                                 std::string_view content) {
    const fs::path file = asked.is_stream() ? fs::path(name.substr(2)) : asked.path().filename();
    for (const fs::path& place : refuges(asked)) {
        // A folder of our own, so that nobody else has laid a link there.
        std::string folder = (place / "stratbench-XXXXXX").string();
        if (::mkdtemp(folder.data()) == nullptr) {
            continue;
        }
        try {
            output there(folder / file);
            there.write(content);
            return there;
        } catch (const usage_error&) {
            std::error_code ignored;
            fs::remove_all(folder, ignored);
        }
    }
    return std::nullopt;
}

}  // namespace stratbench
