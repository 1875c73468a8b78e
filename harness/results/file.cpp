#include "harness/results/file.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "harness/base/files/content.hpp"
#include "harness/base/files/file.hpp"
#include "harness/base/files/output.hpp"
#include "harness/base/spec.hpp"
#include "harness/json/json_text.hpp"
#include "harness/results/json.hpp"

namespace stratbench {

std::string results_text(const study_results& results) {
    // Text that tasks made may not be UTF-8; JSON must be.
    return json_text(to_json(results), 1) + "\n";
}

void save_results(const study_results& results, const std::filesystem::path& path) {
    write_atomically(path, results_text(results));
}

study_results load_results(const std::filesystem::path& path) {
    const std::string text = read_file(path);
    if (const std::string other = other_content(text, "JSON"); !other.empty()) {
        throw usage_error(fmt::format("{}: {}", path.string(), other));
    }
    try {
        return from_json(parse_json(text));
    } catch (const json::exception& error) {
        throw usage_error(fmt::format("{}: {}", path.string(), error.what()));
    } catch (const std::runtime_error& error) {
        throw usage_error(fmt::format("{}: {}", path.string(), error.what()));
    }
}

}  // namespace stratbench
