#include "harness/results/json.hpp"

#include "harness/base/spec.hpp"
#include "harness/json/json_text.hpp"
#include "harness/judge/ranking.hpp"
#include "harness/judge/summarise.hpp"
#include "harness/results/benchmark_rows.hpp"
#include "harness/results/plan_fields.hpp"
#include "harness/results/record_fields.hpp"
#include "harness/results/study_fields.hpp"
#include "harness/results/summary_json.hpp"

namespace stratbench {

namespace {

json cell_json(const cell_result& cell) {
    json result{{"id", cell.planned.index},
                {"name", cell.planned.name()},
                {"strategy", cell.planned.strategy},
                {"workload", cell.planned.workload},
                {"load", cell.planned.load.text},
                {"workers", cell.planned.workers},
                {"cpus", cell.planned.cpus},
                {"status", json_writer::written(cell.state)},
                {"reason", cell.reason},
                {"labels", cell.labels}};
    if (cell.ended_by) {
        result["ended_by"] = json_writer::written(*cell.ended_by);
    }
    append_summary(result, cell.summary);
    result["trials"] = json_writer::written(cell.trials);
    return result;
}

/// Google Benchmark's tools read `context.caches` without asking whether it is there.
json context_json(const std::string& text) {
    json context = parse_if_json(text);
    if (!context.is_object()) {
        context = json::object();
    }
    if (!context.contains("caches")) {
        context["caches"] = json::array();
    }
    return context;
}

/// What the arrivals take for granted of a load.
void check(const load_plan& load, std::int64_t window_ns) {
    if (load.tasks > most_recorded_tasks) {
        throw json_error("tasks", "are more than accepted");
    }
    if (load.has_rate() && !(load.rate_per_s > 0)) {
        throw json_error("rate_per_s", "must be above 0");
    }
    const double due = load.rate_per_s * static_cast<double>(window_ns) * 1e-9;
    if (due > 2.0 * static_cast<double>(most_recorded_tasks)) {
        throw json_error("rate_per_s", "makes more tasks than accepted");
    }
    if (load.kind == load_plan::shape::closed && load.outstanding < 1) {
        throw json_error("outstanding", "must be at least 1");
    }
    if (load.kind == load_plan::shape::burst &&
        (load.burst < 1 || load.burst > most_recorded_tasks)) {
        throw json_error("burst", "must be at least 1 and no more than accepted");
    }
    if (load.kind == load_plan::shape::trace && !(load.trace && load.trace->speed > 0)) {
        throw json_error("trace", "must name a file and a speed above 0");
    }
}

void check(const containment& limits) {
    if (limits.task_timeout_ns < 0) {
        throw json_error("task_timeout_ns", "must not be negative");
    }
    if (limits.retries < 0) {
        throw json_error("retries", "must not be negative");
    }
}

/// What the rest of the program takes for granted of a plan.
void check(const cell& c, std::size_t position) {
    if (!std::cmp_equal(c.index, position)) {
        throw json_error("index", "is not its position");
    }
    if (c.workers < 1) {
        throw json_error("workers", "must be at least 1");
    }
    if (c.cpus < 1) {
        throw json_error("cpus", "must be at least 1");
    }
    if (c.stamp_one_in < 1) {
        throw json_error("stamp_one_in", "must be at least 1");
    }
    json_reader::at("containment", [&] { check(c.limits); });
    if (c.skip_reason.empty()) {
        json_reader::at("load", [&] { check(c.load, c.window_ns); });
    }
    try {
        parse_spec(c.strategy, "strategy");
        parse_spec(c.workload, "workload");
    } catch (const usage_error& error) {
        throw json_error("", error.what());
    }
}

void check(const study_plan& plan) {
    if (plan.rounds < 1) {
        throw json_error("rounds", "must be at least 1");
    }
    json_reader::at("cells", [&] {
        for (std::size_t i = 0; i < plan.cells.size(); ++i) {
            json_reader::at(i, [&] { check(plan.cells[i], i); });
        }
    });
}

}  // namespace

// Found by json_reader, like the other lists of fields: a cell in the file refers to the plan.
struct filed_cell {
    std::size_t id = 0;
    std::string name;
    cell_result result;
};

void fields(json_reader& archive, filed_cell& cell) {
    archive("id", cell.id);
    archive("name", cell.name);
    archive("status", cell.result.state);
    archive("reason", cell.result.reason);
    archive("ended_by", cell.result.ended_by);
    archive("labels", cell.result.labels);
    archive("trials", cell.result.trials);
}

namespace {

cell_result resolve(filed_cell&& filed, const study_plan& plan) {
    if (filed.id >= plan.cells.size() || plan.cells[filed.id].name() != filed.name) {
        throw json_error("id", "is not the plan's cell of that name");
    }
    filed.result.planned = plan.cells[filed.id];
    try {
        filed.result.summary = summarise(filed.result.planned, filed.result.trials);
    } catch (const std::runtime_error& error) {
        throw json_error("trials", error.what());
    }
    return std::move(filed.result);
}

}  // namespace

void check_schema_version(const std::string& version) {
    const std::string ours = results_schema_version;
    const auto major = [](const std::string& text) { return text.substr(0, text.find('.')); };
    // Version 2 knew no slices: its trials are a round each.
    if (major(version) != major(ours) && major(version) != "2") {
        throw json_error("",
                         "is " + version + ", this stratbench reads 2.x and " + major(ours) + ".x");
    }
}

json to_json(const study_plan& plan) {
    return json_writer::written(plan);
}

study_plan plan_from_json(const json& document) {
    study_plan plan;
    json_reader::read(document, plan);
    check(plan);
    return plan;
}

json to_json(const study_results& results) {
    json ours{{"schema_version", results_schema_version},
              {"study", json_writer::written(results.info)},
              {"plan", to_json(results.plan)},
              {"environment", json_writer::written(results.machine)},
              {"warnings", json_writer::written(results.warnings)},
              {"cells", json::array()}};
    for (const cell_result& cell : results.cells) {
        ours["cells"].push_back(cell_json(cell));
    }
    append_answers(ours, rank(results));
    return {{"context", context_json(results.machine.benchmark_context)},
            {"benchmarks", benchmark_rows(results.cells)},
            {"stratbench", std::move(ours)}};
}

study_results from_json(const json& document) {
    if (!document.is_object() || !document.contains("stratbench")) {
        throw std::runtime_error("not a results file of stratbench");
    }
    study_results results;
    json_reader::at("stratbench", [&] {
        const json& ours = document["stratbench"];
        json_reader archive(ours);
        std::string version;
        archive("schema_version", version);
        json_reader::at("schema_version", [&] { check_schema_version(version); });
        archive("study", results.info);
        archive("plan", results.plan);
        json_reader::at("plan", [&] { check(results.plan); });
        archive("environment", results.machine);
        archive("warnings", results.warnings);
        std::vector<filed_cell> filed;
        archive("cells", filed);
        json_reader::at("cells", [&] {
            for (std::size_t i = 0; i < filed.size(); ++i) {
                json_reader::at(i, [&] {
                    results.cells.push_back(resolve(std::move(filed[i]), results.plan));
                });
            }
        });
    });
    if (const auto context = document.find("context"); context != document.end()) {
        results.machine.benchmark_context = json_text(*context, 2);
    }
    return results;
}

}  // namespace stratbench
