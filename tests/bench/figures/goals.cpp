#include "tests/bench/figures/goals.hpp"

#include <fmt/format.h>

#include "reports/text/format.hpp"
#include "tests/bench/figures/text_table.hpp"

namespace stratbench {
namespace {

using enum goal::reading;

constexpr goal table[] = {
    {"pool_map", rate, 20e6},
    {"pool_map", faster, 3, "python/pool_map"},
    {"pool_map", faster, 0.5, "peer/tbb_parallel_for"},
    {"apply_async", rate, 3e6},
    {"apply_async", faster, 100, "python/apply_async"},
    {"apply_async", faster, 0.4, "peer/tbb_task_group"},
    {"async_process_pool", rate, 1.5e6},
    {"async_process_pool", faster, 200, "python/asyncio_processes"},
    {"async_process_pool", faster, 4, "peer/asio_hop"},
    {"async_process_pool:coroutine=asio", rate, 1e6},
    {"async_thread_pool", rate, 1.5e6},
    {"async_thread_pool", faster, 90, "python/asyncio_threads"},
    {"async_thread_pool", faster, 4, "peer/asio_hop"},
    {"process_per_task", faster, 40, "python/process_per_task"},
    {"process_per_task", longer, 1.5, "peer/static_forks"},
    {"process_per_task from 1 GiB", longer, 1.5, "peer/static_forks"},
    {"pool_map, one when idle", longer, 1.5, "peer/ping_pong_apart"},
    {"apply_async, one when idle", longer, 1.5, "peer/ping_pong_apart"},
    {"async_process_pool, one when idle", longer, 1.5, "peer/ping_pong_apart"},
    {"pool_map, back to back", latency, 3000},
    {"apply_async, back to back", latency, 3000},
    {"async_process_pool, back to back", latency, 3000},
    {"pool_map, a million at once", memory, 256},
    {"apply_async, a million at once", memory, 256},
    {"async_process_pool, a million at once", memory, 256},
    {"async_thread_pool, a million at once", memory, 256},
    {"python helper", time, 1500},
    {"python helper, in blocks", time, 1500},
    {"python_pool_map, sums", longer, 1.05, "python/pool_map, sums"},
    {"python_apply_async, sums", longer, 1.05, "python/apply_async, sums"},
    {"python_async_process_pool, sums", longer, 1.05, "python/asyncio_processes, sums"},
    {"python_async_thread_pool, sums", longer, 1.05, "python/asyncio_threads, sums"},
    {"python_process_per_task, sums", longer, 1.05, "python/process_with_pipe, sums"},
};

std::optional<spread> read(const goal& g, const measured_subject& subject,
                           const measured_subject& other) {
    switch (g.what) {
        case rate:
            return tasks_per_s(subject);
        case faster:
            return times_as_fast(subject, other);
        case longer:
            return times_as_long(subject, other);
        case latency:
        case time:
            return spread_of(subject, &sample::ns_per_task);
        case memory:
            return spread_of(subject, &sample::bytes_per_task);
    }
    return {};
}

bool meets(const goal& g, double value) {
    switch (g.what) {
        case rate:
        case faster:
            return value >= g.bound;
        case longer:
        case latency:
        case time:
            return value <= g.bound;
        case memory:
            return value < g.bound;
    }
    return false;
}

const measured_subject& subject_named(const measurements& all, std::string_view name) {
    static const measured_subject not_run{{}, "not run"};
    const auto found = all.find(name);
    return found == all.end() ? not_run : found->second;
}

}  // namespace

std::span<const goal> goals() {
    return table;
}

judgement judge(const goal& g, const measurements& all) {
    const measured_subject& subject = subject_named(all, g.subject);
    const measured_subject& other = subject_named(all, g.versus);
    judgement j{.of = &g, .measured = read(g, subject, other), .absent = {}, .met = false};
    if (j.measured) {
        j.met = meets(g, j.measured->median);
        return j;
    }
    const bool is_subject = subject.by_round.empty() || g.versus.empty();
    const measured_subject& missing = is_subject ? subject : other;
    j.absent = fmt::format("{}: {}", is_subject ? g.subject : g.versus,
                           missing.absent.empty() ? "no such figure" : missing.absent);
    return j;
}

std::string value_text(const goal& g, double value) {
    switch (g.what) {
        case rate:
            return quantity(value) + "/s";
        case faster:
        case longer:
            return plain(value) + " x";
        case latency:
        case time:
            return duration(value);
        case memory:
            return fmt::format("{:.0f} B", value);
    }
    return {};
}

std::string bound_text(const goal& g) {
    const bool at_least = g.what == rate || g.what == faster;
    return fmt::format("{} {}",
                       at_least           ? ">="
                       : g.what == memory ? "<"
                                          : "<=",
                       value_text(g, g.bound));
}

std::string goal_table(const measurements& all) {
    std::vector<std::vector<std::string>> rows = {
        {"strategy, noop, 2 workers", "figure", "median", "lowest", "highest", "goal", ""}};
    std::string notes;
    int met = 0;
    int missed = 0;
    for (const goal& g : goals()) {
        if (!all.contains(g.subject)) {
            continue;
        }
        const judgement j = judge(g, all);
        std::string figure;
        switch (g.what) {
            case rate:
                figure = "tasks/s";
                break;
            case faster:
                figure = fmt::format("tasks/s over {}", g.versus);
                break;
            case longer:
                figure = fmt::format("time over {}", g.versus);
                break;
            case latency:
                figure = "latency, median";
                break;
            case time:
                figure = "time for each task";
                break;
            case memory:
                figure = "memory for each task";
                break;
        }
        std::vector<std::string> row = {std::string(g.subject), std::move(figure)};
        if (j.measured) {
            for (const double v : {j.measured->median, j.measured->lowest, j.measured->highest}) {
                row.push_back(value_text(g, v));
            }
            row.push_back(bound_text(g));
            row.emplace_back(j.met ? "met" : "MISSED");
            ++(j.met ? met : missed);
        } else {
            row.insert(row.end(), {"-", "-", "-", bound_text(g), "not measured"});
            notes += fmt::format("{}, {}: not measured: {}\n", row[0], row[1], j.absent);
        }
        rows.push_back(std::move(row));
    }
    const auto asked = static_cast<int>(rows.size()) - 1;
    return text_table(rows, 2) + notes +
           fmt::format("\n{} of {} goals met, {} missed, {} not measured\n", met, asked, missed,
                       asked - met - missed);
}

}  // namespace stratbench
