#include "reports/study/detail.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <vector>

#include "reports/text/format.hpp"

namespace stratbench {
namespace {

std::string instant(std::int64_t ns) {
    return ns < 0 ? "-" : duration(static_cast<double>(ns));
}

std::string accepted_before_completed(const std::vector<task_trace>& tasks) {
    std::int64_t first_completed = INT64_MAX;
    for (const task_trace& t : tasks) {
        if (t.completed_ns >= 0) {
            first_completed = std::min(first_completed, t.completed_ns);
        }
    }
    if (first_completed == INT64_MAX) {
        return "no task completed";
    }
    const auto before = std::count_if(tasks.begin(), tasks.end(), [&](const task_trace& t) {
        return t.accepted_ns >= 0 && t.accepted_ns < first_completed;
    });
    const auto all = std::ssize(tasks);
    return fmt::format(
        "{} accepted before the first completed, at {}",
        before == all ? fmt::format("all {}", all) : fmt::format("{} of {}", before, all),
        instant(first_completed));
}

constexpr std::int64_t shortest_step_ns = 100'000'000;
constexpr std::int64_t most_steps = 40;
constexpr std::size_t bar_columns = 20;

std::int64_t end_of(const trial_record& trial) {
    std::int64_t end = 0;
    for (const cpu_sample& s : trial.cpu.series) {
        end = std::max(end, s.at_ns);
    }
    for (const loop_beat& b : trial.heartbeats) {
        end = std::max(end, b.at_ns);
    }
    return end;
}

std::string bar(double part) {
    const double filled = std::clamp(part, 0.0, 1.0) * bar_columns;
    std::string text;
    for (std::size_t i = 0; i < bar_columns; ++i) {
        text += static_cast<double>(i) + 0.5 <= filled ? "\u2588" : "\u00b7";
    }
    return text;
}

}  // namespace

std::string task_listing(const cell_result& cell, std::size_t most) {
    const auto trial = std::find_if(cell.trials.begin(), cell.trials.end(),
                                    [](const trial_record& t) { return !t.tasks.empty(); });
    if (trial == cell.trials.end()) {
        return {};
    }

    std::string text = fmt::format("{:>6} {:>10} {:>10} {:>10} {:>10} {:>10}  {}\n", "task", "n",
                                   "due", "received", "started", "done", "value");
    std::size_t listed = 0;
    for (const task_trace& t : trial->tasks) {
        if (listed++ == most) {
            break;
        }
        text += fmt::format(
            "{:>6} {:>10} {:>10} {:>10} {:>10} {:>10}  {}\n", t.id, t.n, instant(t.due_ns),
            instant(t.accepted_ns), instant(t.started_ns), instant(t.completed_ns),
            printable(t.outcome.empty() || t.outcome == "ok" ? t.value : t.outcome));
    }
    if (trial->tasks.size() > most) {
        text +=
            fmt::format("{:>6} {} more in the results file\n", "...", trial->tasks.size() - most);
    }
    return text + accepted_before_completed(trial->tasks) + "\n";
}

std::string timeline(const cell_result& cell) {
    const auto trial = std::find_if(cell.trials.begin(), cell.trials.end(), [](const auto& t) {
        return !t.heartbeats.empty() || !t.cpu.series.empty();
    });
    if (trial == cell.trials.end()) {
        return {};
    }

    const std::int64_t end = end_of(*trial);
    const std::int64_t step =
        shortest_step_ns * std::max<std::int64_t>(1, (end + shortest_step_ns * most_steps - 1) /
                                                         (shortest_step_ns * most_steps));
    std::string text = fmt::format("{:>8}  {:<22}  {}\n", "from", "loop beat", "busy cores");
    for (std::int64_t from = 0; from < end; from += step) {
        // A sample stands at the end of the time that it speaks of.
        const auto within = [&](std::int64_t at) {
            return at <= from + step && (at > from || from == 0);
        };
        std::int64_t latest = -1;
        for (const loop_beat& b : trial->heartbeats) {
            if (within(b.at_ns)) {
                latest = std::max(latest, b.lag_ns);
            }
        }
        double busy = 0;
        int samples = 0;
        for (const cpu_sample& s : trial->cpu.series) {
            if (!within(s.at_ns)) {
                continue;
            }
            busy += s.busy_cores;
            ++samples;
        }
        const std::string beat = latest < 0 ? "none"
                                 : latest < 1'000'000
                                     ? "on time"
                                     : duration(static_cast<double>(latest)) + " late";
        text += fmt::format("{:>8}  {:<22}  ",
                            fmt::format("{:.1f} s", static_cast<double>(from) / 1e9), beat);
        if (samples > 0) {
            busy /= samples;
            text += bar(busy / std::max(1, cell.planned.cpus)) + " " + cores(busy);
        }
        while (text.back() == ' ') {
            text.pop_back();
        }
        text += "\n";
    }
    return text;
}

}  // namespace stratbench
