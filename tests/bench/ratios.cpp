#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <regex>

#include "reports/text/format.hpp"
#include "tests/bench/bench_options.hpp"
#include "tests/bench/figures/goals.hpp"
#include "tests/bench/figures/text_table.hpp"
#include "tests/bench/peer_subjects.hpp"
#include "tests/bench/peers/peer.hpp"
#include "tests/bench/python_subjects.hpp"
#include "tests/bench/strategy_subjects.hpp"

namespace stratbench {
namespace {

using rows = std::vector<std::vector<std::string>>;

std::string median_text(const std::optional<spread>& of, std::string (*text)(double)) {
    return of ? text(of->median) : "-";
}

/// Tasks per second with their extremes, time and CPU of one.
std::vector<std::string> figures(const measured_subject& m) {
    const std::optional<spread> rate = tasks_per_s(m);
    if (!rate) {
        return {"-", "-", "-", "-", "-"};
    }
    return {quantity(rate->median), quantity(rate->lowest), quantity(rate->highest),
            median_text(spread_of(m, &sample::ns_per_task), duration),
            median_text(spread_of(m, &sample::cpu_ns_per_task), duration)};
}

void append(std::vector<std::string>& row, std::vector<std::string> more) {
    std::move(more.begin(), more.end(), std::back_inserter(row));
}

/// A line below the table for what is not in it.
std::string reason(const std::string& name, const measured_subject& m) {
    return m.absent.empty() ? "" : fmt::format("{}: not measured: {}\n", name, m.absent);
}

std::string strategy_table(const measurements& all) {
    rows table = {{"strategy", "tasks", "tasks/s", "lowest", "highest", "time/task", "CPU/task",
                   "p99 at 50 %"}};
    std::string notes;
    for (const std::string& strategy : bench_strategies()) {
        for (const bench_task& task : bench_tasks()) {
            const auto found = all.find(subject_name(strategy, task));
            if (found == all.end()) {
                continue;
            }
            const measured_subject& m = found->second;
            std::vector<std::string> row = {strategy, task.label};
            append(row, figures(m));
            const bool bound = std::any_of(m.by_round.begin(), m.by_round.end(),
                                           [](const auto& r) { return r.second.p99_is_bound; });
            row.push_back((bound ? "> " : "") +
                          median_text(spread_of(m, &sample::p99_ns), duration));
            notes += reason(found->first, m);
            table.push_back(std::move(row));
        }
    }
    return text_table(table, 2) + notes;
}

std::string peer_table(const measurements& all) {
    rows table = {{"peer, empty tasks", "tasks/s", "lowest", "highest", "time/task", "CPU/task"}};
    std::string notes;
    for (const auto& [name, m] : all) {
        if (!name.starts_with("peer/") && !name.starts_with("python/")) {
            continue;
        }
        std::vector<std::string> row = {name};
        append(row, figures(m));
        notes += reason(name, m);
        table.push_back(std::move(row));
    }
    return text_table(table) + notes;
}

}  // namespace

void print_ratios(const bench_options& asked, const std::atomic<bool>& stop) {
    trial_bench trials(stop);
    std::vector<subject> subjects = strategy_subjects(trials);
    for (std::vector<subject> more : {python_subjects(trials), peer_subjects(stop)}) {
        std::move(more.begin(), more.end(), std::back_inserter(subjects));
    }
    const std::regex wanted(asked.filter, std::regex::extended);
    std::erase_if(subjects,
                  [&wanted](const subject& s) { return !std::regex_search(s.name, wanted); });
    const measurements all = measure_in_rounds(subjects, asked.rounds, asked.json_file);
    fmt::print("{}\n{}\n{}\n", strategy_table(all), peer_table(all), goal_table(all));
}

}  // namespace stratbench
