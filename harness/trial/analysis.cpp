#include "harness/trial/analysis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "harness/results/labels.hpp"
#include "harness/stats/histogram.hpp"

namespace stratbench {
namespace {

/// A due task that waits longer than this for the front end finds it blocked.
constexpr std::int64_t prompt_ns = 100'000;

/// An open load of which less was taken in time did not keep up.
constexpr double held_share = 0.98;

void fail(trial_record& record, std::string reason) {
    if (record.what == status::failed) return;
    record.what = status::failed;
    record.reason = std::move(reason);
}

/// Two CPUs may disagree about the time by less than this; an order of instants that is wrong by
/// more is somebody's mistake.
constexpr std::int64_t clock_agreement_ns = 1'000;

/// A front end that was waiting and is handed most of its tasks later than this is not punctual.
constexpr double punctual_ns = 20'000;

/// Gathers durations, some of which are lower bounds, into a distribution.
class duration_recorder {
  public:
    void add(std::int64_t ns) {
        all.record(ns);
        sum += static_cast<double>(ns);
        longest = std::max(longest, ns);
    }
    void add_censored(std::int64_t at_least_ns) {
        add(at_least_ns);
        lowest_bound = censored == 0 ? at_least_ns : std::min(lowest_bound, at_least_ns);
        ++censored;
    }
    [[nodiscard]] std::optional<distribution> result() const {
        if (all.count() == 0) return std::nullopt;
        const auto at = [this](double p) {
            return static_cast<double>(std::min(all.value_at_percentile(p), longest));
        };
        distribution d;
        d.count = all.count();
        d.censored = censored;
        d.mean = sum / static_cast<double>(all.count());
        d.max = static_cast<double>(longest);
        d.p50 = at(50);
        d.p90 = at(90);
        d.p99 = at(99);
        d.p999 = at(99.9);
        if (censored != 0) d.censored_from = static_cast<double>(lowest_bound);
        d.histogram_v2 = all.encode();
        return d;
    }

  private:
    histogram all;
    double sum = 0;
    std::int64_t longest = 0;
    std::uint64_t censored = 0;
    std::int64_t lowest_bound = 0;
};

/// When each accepted task was accepted, by walking the acceptances, which are in order of ids.
class acceptance_walk {
  public:
    explicit acceptance_walk(const std::vector<acceptance>& all) : at(all.begin()) {}
    /// Ids must not decrease from call to call.
    std::int64_t accepted_ns(std::uint64_t id) {
        while (id >= at->first + at->count) ++at;
        return at->at_ns;
    }

  private:
    std::vector<acceptance>::const_iterator at;
};

void count_outcomes(const window& of, std::uint64_t due, trial_record& into) {
    outcome_counts& counts = into.outcomes;
    counts.due = due;
    counts.accepted = of.accepted();
    counts.unserved = due - counts.accepted;
    std::uint64_t missing = 0;
    for (std::uint64_t id = 0; id < of.endings().size(); ++id) {
        const window::ending& end = of.endings()[id];
        if (end.completed_ns == 0) {
            if (id < counts.accepted) ++missing;
            continue;
        }
        if (id >= counts.accepted) fail(into, fmt::format("task {} ended but was never given", id));
        switch (end.what) {
            case outcome::ok:
                ++counts.ok;
                break;
            case outcome::error:
                ++counts.error;
                break;
            case outcome::crashed:
                ++counts.crashed;
                break;
            case outcome::timed_out:
                ++counts.timed_out;
                break;
            case outcome::cancelled:
                ++counts.cancelled;
                break;
        }
    }
    if (missing != 0) fail(into, fmt::format("{} accepted tasks vanished", missing));
    if (of.impossible_completions() != 0) {
        fail(into, fmt::format("{} completions of tasks that had ended already or never existed",
                               of.impossible_completions()));
    }
}

void measure_throughput(const window& of, const cell& what, trial_record& into) {
    std::int64_t last_ns = of.opened_ns();
    std::uint64_t in_window = 0;
    // A closed load whose record is full has ended before its window.
    const bool ends_with_window =
        what.load.ends_with_window() &&
        !(what.load.kind == load_plan::shape::closed && of.accepted() == of.schedule().most());
    for (const window::ending& end : of.endings()) {
        last_ns = std::max(last_ns, end.completed_ns);
        if (end.completed_ns != 0 && end.what == outcome::ok &&
            (!ends_with_window || end.completed_ns - of.opened_ns() <= what.window_ns)) {
            ++in_window;
        }
    }
    into.elapsed_ns = std::max<std::int64_t>(1, last_ns - of.opened_ns());
    into.window_ns = ends_with_window ? what.window_ns : into.elapsed_ns;
    into.throughput_per_s =
        static_cast<double>(in_window) * 1e9 / static_cast<double>(into.window_ns);
}

/// Latency is completed - due of every due task; a task without a result enters as a lower bound.
/// Without a time limit whoever asked for it has waited until the trial ended; with one, until the
/// task had ended and its time was over.
void measure_latency(const window& of, const cell& what, std::int64_t returned_ns,
                     trial_record& into) {
    const std::int64_t limit_ns = what.limits.task_timeout_ns;
    duration_recorder latency;
    for (std::uint64_t id = 0; id < into.outcomes.due; ++id) {
        const window::ending& end = of.endings()[id];
        const std::int64_t due_ns = of.opened_ns() + of.schedule().due_ns(id);
        if (end.completed_ns != 0 && end.what == outcome::ok) {
            latency.add(end.completed_ns - due_ns);
        } else {
            const bool given_up = limit_ns != 0 && end.completed_ns != 0;
            const std::int64_t waited_ns = (given_up ? end.completed_ns : returned_ns) - due_ns;
            latency.add_censored(std::max(limit_ns, waited_ns));
        }
    }
    into.latency = latency.result();
}

/// Whether the instants of a stamped task can be true.
bool in_order(std::int64_t accepted_ns, const stamp& s, std::int64_t completed_ns) {
    return accepted_ns <= s.started_ns + clock_agreement_ns &&
           s.started_ns <= s.finished_ns + clock_agreement_ns &&
           s.finished_ns <= completed_ns + clock_agreement_ns;
}

void measure_phases(const window& of, trial_record& into) {
    std::vector<stamp> stamps = of.stamps();
    std::sort(stamps.begin(), stamps.end(),
              [](const stamp& a, const stamp& b) { return a.id < b.id; });
    duration_recorder service;
    acceptance_walk walk(of.acceptances());
    phase_means sum;
    for (const stamp& s : stamps) {
        const window::ending& end = of.endings()[s.id];
        if (end.what != outcome::ok) continue;
        const std::int64_t accepted_ns = walk.accepted_ns(s.id);
        if (!in_order(accepted_ns, s, end.completed_ns)) {
            fail(into, fmt::format("task {} was completed before it was done, or begun before it "
                                   "was accepted",
                                   s.id));
            return;
        }
        service.add(s.finished_ns - s.started_ns);
        sum.waiting +=
            static_cast<double>(accepted_ns - of.opened_ns() - of.schedule().due_ns(s.id));
        sum.dispatch += static_cast<double>(s.started_ns - accepted_ns);
        sum.service += static_cast<double>(s.finished_ns - s.started_ns);
        sum.back += static_cast<double>(end.completed_ns - s.finished_ns);
    }
    into.service = service.result();
    if (!into.service) return;
    const auto n = static_cast<double>(into.service->count);
    into.phases = {sum.waiting / n, sum.dispatch / n, sum.service / n, sum.back / n};
}

void measure_front_end(const window& of, std::int64_t returned_ns, trial_record& into) {
    front_end_figures& figures = into.front_end;
    duration_recorder pacing;
    std::int64_t blocked_ns = 0;
    std::int64_t counted_until_ns = of.opened_ns();
    // A stall: from the due time of the first task that waits to the moment it is taken.
    const auto stalled = [&](std::int64_t due_ns, std::int64_t until_ns) {
        if (until_ns - due_ns <= prompt_ns) return;
        figures.longest_stall_ns = std::max(figures.longest_stall_ns, until_ns - due_ns);
        const std::int64_t from_ns = std::max(due_ns + prompt_ns, counted_until_ns);
        blocked_ns += std::max<std::int64_t>(0, until_ns - from_ns);
        counted_until_ns = std::max(counted_until_ns, until_ns);
    };
    for (const acceptance& each : of.acceptances()) {
        const std::int64_t due_ns = of.opened_ns() + of.schedule().due_ns(each.first);
        if (each.waited_for) pacing.add(each.at_ns - due_ns);
        stalled(due_ns, each.at_ns);
    }
    if (into.outcomes.unserved != 0) {
        stalled(of.opened_ns() + of.schedule().due_ns(of.accepted()), returned_ns);
    }
    figures.blocked_fraction =
        static_cast<double>(blocked_ns) / static_cast<double>(returned_ns - of.opened_ns());
    if (!of.acceptances().empty()) {
        figures.accepting_ns =
            of.acceptances().back().at_ns - of.opened_ns() - of.schedule().due_ns(0);
    }
    figures.back_pressure_ns = of.schedule().back_pressure_ns();
    if (const auto error = pacing.result()) {
        figures.pacing_p50_ns = error->p50;
        figures.pacing_p90_ns = error->p90;
        figures.pacing_p99_ns = error->p99;
        if (error->p50 > punctual_ns) into.labels.emplace_back(label::pacing);
    }
}

/// What a load with a rate became: how much of it was offered, and by how much the queue grew.
void measure_rate(const window& of, const cell& what, trial_record& into) {
    if (!what.load.has_rate()) return;
    const std::int64_t window_end_ns = of.opened_ns() + what.window_ns;
    const double window_s = static_cast<double>(what.window_ns) * 1e-9;
    const std::uint64_t due = into.outcomes.due;
    const auto part_of_due = [&](double share) { return share * static_cast<double>(due); };

    std::uint64_t taken = 0;
    for (const acceptance& each : of.acceptances()) {
        if (each.at_ns <= window_end_ns) taken += each.count;
    }
    // Those due until then have waited for so long at the end that a passing stall does not explain
    // it, nor does a burst just before the end.
    const std::int64_t overdue_until_ns = what.window_ns - what.window_ns / 10 - 10'000'000;
    std::uint64_t left = 0, overdue = 0;
    for (std::uint64_t id = 0; id < due; ++id) {
        const std::int64_t completed_ns = of.endings()[id].completed_ns;
        if (completed_ns != 0 && completed_ns <= window_end_ns) continue;
        ++left;
        if (of.schedule().due_ns(id) <= overdue_until_ns) ++overdue;
    }
    into.asked_per_s = what.load.rate_per_s;
    into.offered_per_s = static_cast<double>(taken) / window_s;
    into.queue_growth_per_s = static_cast<double>(left) / window_s;

    // What came due last may well be taken after the window's end.
    std::uint64_t last = 0;
    while (last < due && of.schedule().due_ns(due - 1 - last) == of.schedule().due_ns(due - 1)) {
        ++last;
    }
    if (static_cast<double>(taken + last) < part_of_due(held_share)) {
        into.labels.emplace_back(label::rate_not_held);
    }
    // Where nothing is drained, the last tasks are given up by a strategy that keeps up as well.
    const bool given_up =
        !what.cancel_pending && into.outcomes.unserved + into.outcomes.cancelled != 0;
    // What is left of a queue that did not grow is served in a tenth of the window.
    const bool served_late = into.elapsed_ns > what.window_ns + what.window_ns / 10 + 50'000'000;
    // Each worker may have one long task in hand.
    const bool grew = static_cast<double>(overdue) > part_of_due(1 - held_share) &&
                      overdue > static_cast<std::uint64_t>(what.workers);
    if (given_up || served_late || grew) into.labels.emplace_back(label::saturated);
}

}  // namespace

void analyse_window(window& of, const cell& what, std::int64_t returned_ns, trial_record& into) {
    const std::int64_t last_due = what.load.ends_with_window()
                                      ? std::min(returned_ns, of.opened_ns() + what.window_ns)
                                      : returned_ns;
    count_outcomes(of, std::max(of.due_by(last_due), of.accepted()), into);
    if (into.what == status::failed) return;  // it has no figures, and its record cannot be trusted
    measure_throughput(of, what, into);
    if (what.load.kind == load_plan::shape::batch) {
        into.latency_absent = "in a batch everything is due at once: see makespan and phases";
    } else {
        measure_latency(of, what, returned_ns, into);
    }
    if (what.load.kind == load_plan::shape::closed) into.labels.emplace_back(label::closed_load);
    measure_phases(of, into);
    measure_front_end(of, returned_ns, into);
    measure_rate(of, what, into);
    if (what.stamp_one_in > 1) into.labels.emplace_back(label::sampled_stamps);
}

}  // namespace stratbench
