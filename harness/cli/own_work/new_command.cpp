#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <string>
#include <system_error>

#include "harness/base/files/output.hpp"
#include "harness/base/files/standard_streams.hpp"
#include "harness/base/spec.hpp"
#include "harness/cli/commands.hpp"
#include "harness/cli/own_work/project_file.hpp"

namespace stratbench {
namespace {

namespace fs = std::filesystem;

constexpr const char* new_examples = R"(
Examples:
  stratbench new mywork
  cmake -S mywork -B mywork/build && cmake --build mywork/build
  mywork/build/mybench run --workload my_work:duration=1ms)";

/// Nothing that somebody has written is replaced.
int make_project(const std::string& path) {
    const fs::path folder(path);
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (!fs::is_directory(folder)) {
        throw usage_error(
            fmt::format("new: {} is not a folder and cannot be made one", in_quotes(path)));
    }
    for (const project_file& file : project_files()) {
        if (fs::exists(folder / file.name)) {
            throw usage_error(fmt::format("new: {} is there already; accepted is a new folder",
                                          in_quotes((folder / file.name).string())));
        }
    }
    for (const project_file& file : project_files()) {
        write_atomically(folder / file.name, file.text);
    }
    say(fmt::format("{}: README.md says how to build and run it\n", folder.string()));
    return 0;
}

}  // namespace

command add_new(CLI::App& program) {
    CLI::App* const sub =
        program.add_subcommand("new", "write a small project that measures your own work");
    sub->footer(new_examples);
    const auto folder = std::make_shared<std::string>();
    sub->add_option("folder", *folder, "where; it may not have such files yet")
        ->type_name("DIR")
        ->required();
    return [folder] { return make_project(*folder); };
}

}  // namespace stratbench
