#include "harness/plan/input_files.hpp"

#include "harness/load/load_spec.hpp"
#include "harness/plan/option_table.hpp"
#include "workloads/task_template.hpp"

namespace stratbench {

std::vector<std::pair<std::string_view, std::string>> input_files(const written_options& written) {
    std::vector<std::pair<std::string_view, std::string>> files;
    for (const study_option& option : study_options()) {
        const auto given = written.find(option.name);
        if (option.file_named == nullptr || given == written.end()) {
            continue;
        }
        for (const std::string& text : given->second) {
            if (std::string file = option.file_named(text); !file.empty()) {
                files.emplace_back(option.name, std::move(file));
            }
        }
    }
    return files;
}

std::vector<std::string> traces_of(const run_request& asked) {
    std::vector<std::string> files;
    for (const combination& c : asked.combinations) {
        for (const std::string& load : c.loads) {
            if (std::string file = trace_of(load); !file.empty()) {
                files.push_back(std::move(file));
            }
        }
        for (const std::string& work : c.workloads) {
            if (std::string file = sizes_file_of(work); !file.empty()) {
                files.push_back(std::move(file));
            }
        }
    }
    return files;
}

}  // namespace stratbench
