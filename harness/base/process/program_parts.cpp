#include "harness/base/process/program_parts.hpp"

#include <system_error>

namespace stratbench {

namespace fs = std::filesystem;

std::string part_of(const fs::path& program, std::string_view name) {
    const fs::path folder = program.parent_path();
    for (const fs::path& place : {folder, (folder / STRATBENCH_LIBEXEC).lexically_normal()}) {
        std::error_code unknown;
        if (fs::exists(place / name, unknown)) {
            return (place / name).string();
        }
    }
    return "";
}

std::string part_of_this_program(std::string_view name) {
    const fs::path self = fs::read_symlink("/proc/self/exe");
    const std::string found = part_of(self, name);
    return found.empty() ? (self.parent_path() / name).string() : found;
}

}  // namespace stratbench
