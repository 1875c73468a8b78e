#include "harness/trial/analysis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "harness/model/labels.hpp"
#include "harness/trial/durations.hpp"

namespace stratbench {
namespace {

/// A due task that waits longer than this for the front end finds it blocked.
constexpr std::int64_t prompt_ns = 100'000;

/// An open load of which less was taken in time did not keep up.
constexpr double held_share = 0.98;

/// Two CPUs may disagree about the time by less than this; an order of instants that is wrong by
/// more is somebody's mistake.
constexpr std::int64_t clock_agreement_ns = 1'000;

/// A front end that was waiting and is handed most of its tasks later than this is not punctual.
constexpr double punctual_ns = 20'000;

/// When each accepted task was accepted, by walking the acceptances, which are in order of ids.
class acceptance_walk {
  public:
    explicit acceptance_walk(const std::vector<acceptance>& all) : at_(all.begin()) {}
    /// Ids must not decrease from call to call.
    std::int64_t accepted_ns(std::uint64_t id) {
        while (id >= at_->first + at_->count) {
            ++at_;
        }
        return at_->at_ns;
    }

  private:
    std::vector<acceptance>::const_iterator at_;
};

/// The part of a slice that figures are made of: what is due in the lead-in is accounted for, and
/// verified, but in no latency.
struct measured_part {
    /// The window's start.
    std::int64_t begin_ns = 0;
    /// The first task that is due in it, or later.
    std::uint64_t first = 0;
};

measured_part part_of(const window& measured, const cell& planned, std::uint64_t due) {
    measured_part part{.begin_ns = measured.opened_ns() + planned.lead_in_ns};
    if (planned.lead_in_ns == 0) {
        return part;
    }
    std::uint64_t after = due;
    while (part.first < after) {
        const std::uint64_t middle = part.first + (after - part.first) / 2;
        if (measured.schedule().due_ns(middle) < planned.lead_in_ns) {
            part.first = middle + 1;
        } else {
            after = middle;
        }
    }
    return part;
}

void count_outcomes(const window& measured, std::uint64_t due, trial_record& into) {
    outcome_counts& counts = into.outcomes;
    counts.due = due;
    counts.accepted = measured.accepted();
    counts.unserved = due - counts.accepted;
    std::uint64_t missing = 0;
    for (std::uint64_t id = 0; id < measured.endings().size(); ++id) {
        const ending& end = measured.endings()[id];
        if (end.completed_ns == 0) {
            if (id < counts.accepted) {
                ++missing;
            }
            continue;
        }
        if (id >= counts.accepted) {
            into.fail(fmt::format("task {} ended but was never given", id));
        }
        switch (end.outcome) {
            case task_outcome::ok:
                ++counts.ok;
                break;
            case task_outcome::error:
                ++counts.error;
                break;
            case task_outcome::crashed:
                ++counts.crashed;
                break;
            case task_outcome::timed_out:
                ++counts.timed_out;
                break;
            case task_outcome::cancelled:
                ++counts.cancelled;
                break;
        }
    }
    if (missing != 0) {
        into.fail(fmt::format("{} accepted tasks vanished", missing));
    }
    if (measured.impossible_completions() != 0) {
        into.fail(fmt::format("{} completions of tasks that had ended already or never existed",
                              measured.impossible_completions()));
    }
}

void measure_throughput(const window& measured, const cell& planned, const measured_part& part,
                        trial_record& into) {
    std::int64_t last_ns = part.begin_ns;
    std::uint64_t in_window = 0;
    // A closed load whose record is full has ended before its window.
    const bool ends_with_window =
        planned.load.ends_with_window() && !(planned.load.kind == load_plan::shape::closed &&
                                             measured.accepted() == measured.schedule().most());
    for (const ending& end : measured.endings()) {
        last_ns = std::max(last_ns, end.completed_ns);
        if (end.completed_ns != 0 && end.outcome == task_outcome::ok &&
            end.completed_ns >= part.begin_ns &&
            (!ends_with_window || end.completed_ns - part.begin_ns <= planned.window_ns)) {
            ++in_window;
        }
    }
    into.elapsed_ns = std::max<std::int64_t>(1, last_ns - part.begin_ns);
    into.window_ns = ends_with_window ? planned.window_ns : into.elapsed_ns;
    into.throughput_per_s =
        static_cast<double>(in_window) * 1e9 / static_cast<double>(into.window_ns);
}

/// Latency is completed - due of every due task; a task without a result enters as a lower bound.
/// Without a time limit its caller has waited until the trial ended; with one, until the task had
/// ended and its time was over.
void measure_latency(const window& measured, const cell& planned, const measured_part& part,
                     std::int64_t returned_ns, std::uint64_t due, durations& latency) {
    const std::int64_t limit_ns = planned.limits.task_timeout_ns;
    for (std::uint64_t id = part.first; id < due; ++id) {
        const ending& end = measured.endings()[id];
        const std::int64_t due_ns = measured.opened_ns() + measured.schedule().due_ns(id);
        if (end.completed_ns != 0 && end.outcome == task_outcome::ok) {
            latency.add(end.completed_ns - due_ns);
        } else {
            const bool given_up = limit_ns != 0 && end.completed_ns != 0;
            const std::int64_t waited_ns = (given_up ? end.completed_ns : returned_ns) - due_ns;
            latency.add_censored(std::max(limit_ns, waited_ns));
        }
    }
}

/// Whether the instants of a stamped task can be true.
bool in_order(std::int64_t accepted_ns, const stamp& s, std::int64_t completed_ns) {
    return accepted_ns <= s.started_ns + clock_agreement_ns &&
           s.started_ns <= s.finished_ns + clock_agreement_ns &&
           s.finished_ns <= completed_ns + clock_agreement_ns;
}

void measure_phases(const window& measured, const measured_part& part, trial_record& into,
                    durations& service) {
    std::vector<stamp> stamps = measured.stamps();
    std::sort(stamps.begin(), stamps.end(),
              [](const stamp& a, const stamp& b) { return a.id < b.id; });
    acceptance_walk walk(measured.acceptances());
    phase_means sum;
    for (const stamp& s : stamps) {
        const ending& end = measured.endings()[s.id];
        if (end.outcome != task_outcome::ok) {
            continue;
        }
        const std::int64_t accepted_ns = walk.accepted_ns(s.id);
        if (!in_order(accepted_ns, s, end.completed_ns)) {
            into.fail(
                fmt::format("task {} was completed before it was done, or begun before it "
                            "was accepted",
                            s.id));
            return;
        }
        if (s.id < part.first) {
            continue;
        }
        service.add(s.finished_ns - s.started_ns);
        sum.waiting += static_cast<double>(accepted_ns - measured.opened_ns() -
                                           measured.schedule().due_ns(s.id));
        sum.dispatch += static_cast<double>(s.started_ns - accepted_ns);
        sum.service += static_cast<double>(s.finished_ns - s.started_ns);
        sum.back += static_cast<double>(end.completed_ns - s.finished_ns);
    }
    if (service.count() == 0) {
        return;
    }
    const auto n = static_cast<double>(service.count());
    into.phases = {sum.waiting / n, sum.dispatch / n, sum.service / n, sum.back / n};
}

void measure_front_end(const window& measured, const measured_part& part, std::int64_t returned_ns,
                       trial_record& into, durations& pacing) {
    front_end_figures& figures = into.front_end;
    std::int64_t blocked_ns = 0;
    std::int64_t counted_until_ns = part.begin_ns;
    // A stall: from the due time of the first task that waits to the moment it is taken.
    const auto stalled = [&](std::int64_t due_ns, std::int64_t until_ns) {
        if (until_ns - due_ns <= prompt_ns) {
            return;
        }
        figures.longest_stall_ns = std::max(figures.longest_stall_ns, until_ns - due_ns);
        const std::int64_t from_ns = std::max(due_ns + prompt_ns, counted_until_ns);
        blocked_ns += std::max<std::int64_t>(0, until_ns - from_ns);
        counted_until_ns = std::max(counted_until_ns, until_ns);
    };
    std::int64_t first_due_ns = 0, last_accepted_ns = 0;
    for (const acceptance& each : measured.acceptances()) {
        if (each.first + each.count <= part.first) {
            continue;
        }
        const std::int64_t due_ns =
            measured.opened_ns() + measured.schedule().due_ns(std::max(each.first, part.first));
        if (first_due_ns == 0) {
            first_due_ns = due_ns;
        }
        last_accepted_ns = each.at_ns;
        if (each.waited_for) {
            pacing.add(each.at_ns - due_ns);
        }
        stalled(due_ns, each.at_ns);
    }
    if (into.outcomes.unserved != 0) {
        stalled(measured.opened_ns() + measured.schedule().due_ns(measured.accepted()),
                returned_ns);
    }
    figures.blocked_fraction =
        static_cast<double>(blocked_ns) /
        static_cast<double>(std::max<std::int64_t>(1, returned_ns - part.begin_ns));
    if (first_due_ns != 0) {
        figures.accepting_ns = last_accepted_ns - first_due_ns;
    }
    figures.back_pressure_ns = measured.schedule().back_pressure_ns();
}

/// What a load with a rate became: how much of it was offered, and by how much the queue grew.
void measure_rate(const window& measured, const cell& planned, const measured_part& part,
                  trial_record& into) {
    if (!planned.load.has_rate()) {
        return;
    }
    const std::int64_t window_end_ns = part.begin_ns + planned.window_ns;
    const double window_s = static_cast<double>(planned.window_ns) * 1e-9;
    const std::uint64_t due = into.outcomes.due;
    const auto part_of_due = [&](double share) {
        return share * static_cast<double>(due - part.first);
    };

    std::uint64_t taken = 0;
    for (const acceptance& each : measured.acceptances()) {
        if (each.at_ns > window_end_ns || each.first + each.count <= part.first) {
            continue;
        }
        taken += each.first + each.count - std::max(each.first, part.first);
    }
    // Those due until then have waited for so long at the end that a passing stall does not explain
    // it, nor does a burst just before the end.
    const std::int64_t overdue_until_ns =
        planned.lead_in_ns + planned.window_ns - planned.window_ns / 10 - 10'000'000;
    std::uint64_t left = 0, overdue = 0;
    for (std::uint64_t id = part.first; id < due; ++id) {
        const std::int64_t completed_ns = measured.endings()[id].completed_ns;
        if (completed_ns != 0 && completed_ns <= window_end_ns) {
            continue;
        }
        ++left;
        if (measured.schedule().due_ns(id) <= overdue_until_ns) {
            ++overdue;
        }
    }
    into.asked_per_s = planned.load.rate_per_s;
    into.offered_per_s = static_cast<double>(taken) / window_s;
    into.queue_growth_per_s = static_cast<double>(left) / window_s;

    // What came due last may well be taken after the window's end.
    std::uint64_t last = 0;
    while (last < due - part.first &&
           measured.schedule().due_ns(due - 1 - last) == measured.schedule().due_ns(due - 1)) {
        ++last;
    }
    if (static_cast<double>(taken + last) < part_of_due(held_share)) {
        into.labels.emplace_back(label::rate_not_held);
    }
    // Where nothing is drained, the last tasks are given up by a strategy that keeps up as well.
    const bool given_up =
        !planned.cancel_pending && into.outcomes.unserved + into.outcomes.cancelled != 0;
    // What is left of a queue that did not grow is served in a tenth of the window.
    const bool served_late =
        into.elapsed_ns > planned.window_ns + planned.window_ns / 10 + 50'000'000;
    // Each worker may have one long task in hand.
    const bool grew = static_cast<double>(overdue) > part_of_due(1 - held_share) &&
                      overdue > static_cast<std::uint64_t>(planned.workers);
    if (given_up || served_late || grew) {
        into.labels.emplace_back(label::saturated);
    }
}

}  // namespace

void analyse_window(window& measured, const cell& planned, std::int64_t returned_ns,
                    trial_record& into, window_durations& times) {
    const std::int64_t last_due =
        planned.load.ends_with_window()
            ? std::min(returned_ns, measured.opened_ns() + planned.lead_in_ns + planned.window_ns)
            : returned_ns;
    const std::uint64_t due = std::max(measured.due_by(last_due), measured.accepted());
    count_outcomes(measured, due, into);
    if (into.state == status::failed) {
        return;  // it has no figures, and its record cannot be trusted
    }
    const measured_part part = part_of(measured, planned, due);
    measure_throughput(measured, planned, part, into);
    if (planned.load.kind == load_plan::shape::batch) {
        into.latency_absent = "in a batch everything is due at once: see makespan and phases";
    } else {
        measure_latency(measured, planned, part, returned_ns, due, times.latency);
    }
    if (planned.load.kind == load_plan::shape::closed) {
        into.labels.emplace_back(label::closed_load);
    }
    measure_phases(measured, part, into, times.service);
    measure_front_end(measured, part, returned_ns, into, times.pacing);
    measure_rate(measured, planned, part, into);
    if (planned.stamp_one_in > 1) {
        into.labels.emplace_back(label::sampled_stamps);
    }
}

void put(const window_durations& times, trial_record& into) {
    into.latency = times.latency.result();
    into.service = times.service.result();
    if (times.pacing.count() == 0) {
        return;
    }
    front_end_figures& figures = into.front_end;
    figures.pacing_p50_ns = times.pacing.percentile(50);
    figures.pacing_p90_ns = times.pacing.percentile(90);
    figures.pacing_p99_ns = times.pacing.percentile(99);
    if (*figures.pacing_p50_ns > punctual_ns) {
        into.labels.emplace_back(label::pacing);
    }
}

void analyse_window(window& measured, const cell& planned, std::int64_t returned_ns,
                    trial_record& into) {
    window_durations times;
    analyse_window(measured, planned, returned_ns, into, times);
    put(times, into);
}

}  // namespace stratbench
