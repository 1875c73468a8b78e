#include "reports/export/gbench.hpp"

#include <nlohmann/json.hpp>

#include "harness/json/json_text.hpp"
#include "harness/results/json.hpp"

namespace stratbench {

namespace {

/// `row` as if it were a benchmark's only repetition.
json as_only_row(const json& row) {
    json only = json::object();
    for (const auto& [key, value] : row.items()) {
        if (key != "aggregate_name" && key != "aggregate_unit") {
            only[key] = value;
        }
    }
    only["name"] = row["run_name"];
    only["run_type"] = "iteration";
    only["repetitions"] = 1;
    only["repetition_index"] = 0;
    return only;
}

}  // namespace

std::string gbench_one_row_each(const study_results& results) {
    const json document = to_json(results);
    json rows = json::array();
    for (const json& row : document["benchmarks"]) {
        const bool median = row.value("aggregate_name", "") == "median";
        const bool trial = row["run_type"] == "iteration" && !row.contains("error_occurred");
        if (!median && !trial) {
            continue;
        }
        // The median comes after the trials; a single one has none and is its own.
        if (!rows.empty() && rows.back()["family_index"] == row["family_index"]) {
            rows.back() = as_only_row(row);
        } else {
            rows.push_back(as_only_row(row));
        }
    }
    const json one{{"context", document["context"]}, {"benchmarks", std::move(rows)}};
    return json_text(one, 2) + "\n";
}

}  // namespace stratbench
