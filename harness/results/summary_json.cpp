#include "harness/results/summary_json.hpp"

#include <array>
#include <string_view>
#include <utility>

#include "harness/judge/overall_answer.hpp"
#include "harness/results/record_fields.hpp"

namespace stratbench {

template <>
inline constexpr std::array<std::string_view, 4> names_of<answer_state>{"winner", "tie",
                                                                        "undecided", "none"};

namespace {

json interval_json(const interval& ci) {
    return json::array({number(ci.lo), number(ci.hi)});
}

void put(json& into, const char* key, const std::optional<estimate>& figure) {
    if (!figure) {
        return;
    }
    into[key] = {{"median", number(figure->value)}};
    if (figure->ci95) {
        into[key]["ci95"] = interval_json(*figure->ci95);
    }
}

void put(json& into, const char* key, const std::optional<double>& figure) {
    if (figure) {
        into[key] = number(*figure);
    }
}

json percentile_json(const percentile& p) {
    if (!p.value) {
        return {{"refused", p.refused}};
    }
    json result{{"value", number(*p.value)}};
    if (p.ci95) {
        result["ci95"] = interval_json(*p.ci95);
    }
    if (p.censored) {
        result["censored"] = true;
    }
    return result;
}

json percentiles_json(const cell_summary::percentiles& of) {
    json result{{"count", of.count},
                {"p50", percentile_json(of.p50)},
                {"p90", percentile_json(of.p90)},
                {"p99", percentile_json(of.p99)},
                {"p999", percentile_json(of.p999)},
                {"max", number(of.max)}};
    if (of.max_censored) {
        result["max_censored"] = true;
    }
    result["histogram_v2"] = of.histogram_v2;
    return result;
}

json cpu_json(const cell_summary& summary) {
    json cpu = json::object();
    put(cpu, "mean_busy_cores", summary.mean_busy_cores);
    cpu["user_s"] = number(summary.user_s);
    cpu["system_s"] = number(summary.system_s);
    put(cpu, "efficiency", summary.efficiency);
    put(cpu, "speed_up", summary.speed_up);
    put(cpu, "context_switches_per_task", summary.context_switches_per_task);
    put(cpu, "migrations_per_task", summary.migrations_per_task);
    put(cpu, "page_faults_per_task", summary.page_faults_per_task);
    put(cpu, "instructions_per_cycle", summary.instructions_per_cycle);
    put(cpu, "energy_per_task_j", summary.energy_per_task_j);
    return cpu;
}

json front_end_json(const cell_summary& summary) {
    json front_end{{"blocked_fraction", number(summary.blocked_fraction)},
                   {"longest_stall_ns", summary.longest_stall_ns}};
    if (summary.longest_loop_lag_ns) {
        front_end["longest_loop_lag_ns"] = *summary.longest_loop_lag_ns;
    }
    put(front_end, "pacing_p50_ns", summary.pacing_p50_ns);
    put(front_end, "pacing_p90_ns", summary.pacing_p90_ns);
    put(front_end, "pacing_p99_ns", summary.pacing_p99_ns);
    return front_end;
}

}  // namespace

void append_answers(json& ours, const std::vector<ranked_group>& groups) {
    json& answers = ours["answers"] = json::array();
    for (const ranked_group& group : groups) {
        const answer& given = group.answer;
        json one{{"group", group.group},
                 {"metric", about(group.metric).title},
                 {"state", json_writer::written(given.state)},
                 {"sentence", group.verdict}};
        if (given.state != answer_state::none) {
            one["pick"] = given.pick;
            one["candidates"] = given.candidates;
            if (given.state == answer_state::tie) {
                one["tied"] = given.candidates;
            }
            one["regret_bound"] = number(given.regret_bound);
            one["generations"] = given.generations;
            one["rounds"] = given.rounds;
            one["seconds"] = number(given.seconds);
            if (!given.tie_broken_by.empty()) {
                one["tie_broken_by"] = given.tie_broken_by;
            }
            if (given.more_s) {
                one["seconds_to_decide"] = number(*given.more_s);
            }
        }
        json behind = json::object();
        for (const ranked_group::entry& entry : group.entries) {
            if (entry.behind) {
                behind[entry.cell->planned.strategy] = interval_json(*entry.behind);
            }
        }
        one["behind"] = std::move(behind);
        answers.push_back(std::move(one));
    }
    const overall_answer overall = answer_of(groups);
    if (overall.headline.empty()) {
        return;
    }
    ours["answer"] = {{"pick", overall.pick},
                      {"worst_behind", number(overall.worst_behind)},
                      {"headline", overall.headline}};
}

void append_summary(json& cell, const cell_summary& summary) {
    cell["trials_ok"] = summary.trials;
    put(cell, "throughput_per_s", summary.throughput_per_s);
    put(cell, "throughput_per_busy_core", summary.throughput_per_busy_core);
    put(cell, "makespan_ns", summary.makespan_ns);
    put(cell, "asked_per_s", summary.asked_per_s);
    put(cell, "offered_per_s", summary.offered_per_s);
    put(cell, "queue_growth_per_s", summary.queue_growth_per_s);
    cell["latency_ns"] = summary.latency_ns ? percentiles_json(*summary.latency_ns)
                                            : json{{"absent", summary.latency_absent}};
    if (summary.service_ns) {
        cell["service_ns"] = percentiles_json(*summary.service_ns);
    }
    put(cell, "speed_spread", summary.speed_spread);
    if (summary.phases_ns) {
        cell["phases_ns"] = json_writer::written(*summary.phases_ns);
    }
    cell["cpu"] = cpu_json(summary);
    cell["front_end"] = front_end_json(summary);
    cell["memory"] = {{"peak_bytes", summary.peak_memory_bytes}};
    cell["tree"] = {{"peak_processes", summary.peak_processes},
                    {"peak_threads", summary.peak_threads},
                    {"peak_descriptors", summary.peak_descriptors}};
    put(cell, "startup_ns", summary.startup_ns);
    cell["outcomes"] = json_writer::written(summary.outcomes);
    if (summary.contained != containment_figures{}) {
        cell["containment"] = json_writer::written(summary.contained);
    }
}

}  // namespace stratbench
