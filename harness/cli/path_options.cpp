#include "harness/cli/path_options.hpp"

namespace stratbench {
namespace {

CLI::Option* add_path(CLI::App& sub, const char* name, std::string& into, const char* help) {
    return sub.add_option(name, into, help)->check([](const std::string& path) {
        return path.empty() ? std::string("accepted is a path, not an empty one") : std::string();
    });
}

}  // namespace

CLI::Option* add_input(CLI::App& sub, const char* name, std::string& into, const char* help) {
    return add_path(sub, name, into, help)->type_name("FILE");
}

CLI::Option* add_output(CLI::App& sub, const char* name, std::string& into, const char* help) {
    return add_path(sub, name, into, help)->type_name("OUTPUT");
}

bool wanted(const std::string& path) {
    return !path.empty() && path != "none";
}

}  // namespace stratbench
