#include "harness/base/process/program_file.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

namespace stratbench {
namespace {

bool is_program(const std::filesystem::path& path) {
    std::error_code ignored;
    return std::filesystem::is_regular_file(path, ignored) && ::access(path.c_str(), X_OK) == 0;
}

}  // namespace

std::string find_program(std::string_view name) {
    if (name.find('/') != std::string_view::npos) {
        return is_program(name) ? std::string(name) : "";
    }
    const char* const path = std::getenv("PATH");
    std::string_view folders = path == nullptr ? "/usr/bin:/bin" : path;
    while (!folders.empty() && !name.empty()) {
        const std::size_t end = std::min(folders.find(':'), folders.size());
        const std::filesystem::path here = std::filesystem::path(folders.substr(0, end)) / name;
        if (end != 0 && is_program(here)) {
            return here.string();
        }
        folders.remove_prefix(std::min(end + 1, folders.size()));
    }
    return "";
}

std::vector<std::string> files_named(std::span<const std::string> words) {
    std::vector<std::string> files;
    for (const std::string& word : words) {
        std::error_code ignored;
        std::string path = &word == words.data() ? find_program(word) : word;
        if (std::filesystem::is_regular_file(path, ignored)) {
            files.push_back(std::move(path));
        }
    }
    return files;
}

}  // namespace stratbench
