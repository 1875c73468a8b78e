#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

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

/// Files and folders that were made on the way to something, and are removed again, the last one
/// first, unless they are kept.
class made_paths {
  public:
    made_paths() = default;
    made_paths(const made_paths&) = delete;
    made_paths& operator=(const made_paths&) = delete;
    ~made_paths() {
        for (auto path = made_.rbegin(); path != made_.rend(); ++path) {
            std::error_code ignored;
            fs::remove(*path, ignored);
        }
    }

    void add(fs::path path) { made_.push_back(std::move(path)); }
    void keep() { made_.clear(); }

  private:
    std::vector<fs::path> made_;
};

/// With the folders that it is in.
void make_folder(const std::string& path, made_paths& made) {
    std::error_code failed;
    fs::path folder;
    for (const fs::path& part : fs::path(path)) {
        folder /= part;
        if (!part.empty() && fs::create_directory(folder, failed)) {
            made.add(folder);
        }
    }
    if (!fs::is_directory(path, failed)) {
        throw usage_error(
            fmt::format("new: {} is not a folder and cannot be made one", in_quotes(path)));
    }
}

/// All or nothing; and nothing that somebody has written is replaced, nor is a link followed.
int make_project(const std::string& path) {
    const fs::path folder(path);
    made_paths made;
    make_folder(path, made);
    for (const project_file& file : project_files()) {
        std::error_code unknown;
        if (fs::exists(fs::symlink_status(folder / file.name, unknown))) {
            throw usage_error(fmt::format("new: {} is there already; accepted is a new folder",
                                          in_quotes((folder / file.name).string())));
        }
    }
    for (const project_file& file : project_files()) {
        write_atomically(folder / file.name, file.text);
        made.add(folder / file.name);
    }
    made.keep();
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
