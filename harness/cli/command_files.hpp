#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/files/file_identity.hpp"
#include "harness/base/files/output.hpp"

namespace stratbench {

/// The files of one command, each in one role: what is written is neither read nor written for
/// something else, whatever the paths look like. Every option that takes a path is said here before
/// anything is measured or written. See docs/paths-and-streams.md.
///
/// Thread safety: none.
class command_files {
  public:
    /// The files that are standard output and standard error, this program and its worker have
    /// their role from the beginning.
    command_files();

    /// A file that is read, for the option `name`. Throws usage_error where it is written.
    void reads(std::string_view name, const std::string& path);
    /// A file or a stream that will be written, where it is wanted(). Throws usage_error where it
    /// has another role or cannot be written.
    void writes(std::string_view name, const std::string& path);
    /// Standard output is for the option `name` alone. Throws usage_error where an output is it.
    void says(std::string_view name);

    /// What was said of that option; null where it is not wanted.
    [[nodiscard]] output* to(std::string_view name);
    /// Standard output is free for what people read: no output is it.
    [[nodiscard]] bool table_wanted() const noexcept { return said_by_.empty(); }

    /// Writes, if it is wanted. Where it cannot be written a line says why: the others still can.
    void write(std::string_view name, std::string_view content);
    /// The same of what took long to measure: where it cannot be written it goes to a place that
    /// works from now on, and a line says where.
    void keep(std::string_view name, std::string_view content);
    /// The exit code of a command: `otherwise` where everything is where it was asked for, else 2.
    [[nodiscard]] int exit_code(int otherwise) const noexcept {
        return all_written_ && moved_.empty() ? otherwise : 2;
    }

  private:
    struct role {
        /// "--out 'results.json'", "standard output"
        std::string what;
        file_identity file;
        bool written;
    };
    void claim(role next);
    static std::optional<output> find_refuge(std::string_view name, const output& asked,
                                             std::string_view content);

    std::vector<role> roles_;
    std::map<std::string, output, std::less<>> outputs_;
    /// Places that work, instead of those that were asked for; empty where there is none.
    std::map<std::string, std::optional<output>, std::less<>> moved_;
    bool all_written_ = true;
    /// The option whose output standard output is.
    std::string said_by_;
};

}  // namespace stratbench
