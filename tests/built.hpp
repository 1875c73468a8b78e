#pragma once

#include <filesystem>
#include <string>

namespace stratbench::test {

/// Absolute path of a program that the build made beside this one.
inline std::string built(const std::string& name) {
    return std::filesystem::read_symlink("/proc/self/exe").parent_path() / name;
}

}  // namespace stratbench::test
