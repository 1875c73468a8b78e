#include "harness/plan/input_files.hpp"

#include <algorithm>
#include <iterator>

#include "harness/load/load_spec.hpp"
#include "harness/plan/option_table.hpp"
#include "strategies/registry.hpp"
#include "workloads/task_template.hpp"

namespace stratbench {

std::vector<std::pair<std::string_view, std::string>> input_files(const written_options& written) {
    std::vector<std::pair<std::string_view, std::string>> files;
    for (const study_option& option : study_options()) {
        const auto given = written.find(option.name);
        if (option.files_named == nullptr || given == written.end()) {
            continue;
        }
        for (const std::string& text : given->second) {
            for (std::string& file : option.files_named(text)) {
                files.emplace_back(option.name, std::move(file));
            }
        }
    }
    return files;
}

std::vector<std::string> input_files(std::span<const std::string> strategies,
                                     std::span<const std::string> workloads,
                                     std::span<const std::string> loads) {
    std::vector<std::string> files;
    const auto add = [&files](std::span<const std::string> texts, auto files_of) {
        for (const std::string& text : texts) {
            std::ranges::move(files_of(text), std::back_inserter(files));
        }
    };
    add(strategies, files_of_strategy);
    add(workloads, files_of_workload);
    add(loads, files_of_load);
    return files;
}

}  // namespace stratbench
