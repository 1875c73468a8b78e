#include "reports/study/sentences.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "harness/base/counted.hpp"
#include "harness/model/labels.hpp"
#include "reports/text/format.hpp"

namespace stratbench {
namespace {

/// A part below this share of the whole is not worth a word.
constexpr double worth_a_word = 0.1;

/// Whether a factor that differs so says something of why the whole differs by `times`.
bool worth(const std::optional<estimate>& mine, const std::optional<estimate>& others,
           double times) {
    return mine && others && mine->value > 0 && others->value > 0 &&
           std::abs(std::log(mine->value / others->value)) >= worth_a_word * std::log(times);
}

bool above(const std::optional<estimate>& mine, const std::optional<estimate>& others) {
    return mine && others && mine->value > others->value;
}

std::string_view words(explanation::phase phase) {
    switch (phase) {
        case explanation::phase::waiting:
            return "waiting for the front end";
        case explanation::phase::dispatch:
            return "in dispatch and queue";
        case explanation::phase::service:
            return "in the work itself";
        case explanation::phase::back:
            return "on the way back";
    }
    return "";
}

std::string signed_duration(double ns) {
    return (ns < 0 ? "-" : "") + duration(std::abs(ns));
}

std::string front_end(const cell_summary& summary) {
    if (summary.blocked_fraction <= 0) {
        return {};
    }
    return fmt::format(" (blocked {} of the time, longest stall {})",
                       percent(summary.blocked_fraction),
                       duration(static_cast<double>(summary.longest_stall_ns)));
}

std::string text_of(const explanation& why, const explanation::time& time) {
    // Where a phase takes less than the best's, shares of the difference would add up to more
    // than all of it: times are given instead.
    const bool shares = std::none_of(time.parts.begin(), time.parts.end(), [&](const auto& part) {
        return part.more_ns < -worth_a_word * time.more_ns || part.more_ns > time.more_ns;
    });
    std::string parts;
    for (const explanation::part& part : time.parts) {
        const double share = part.more_ns / time.more_ns;
        if (std::abs(share) < (shares ? worth_a_word : worth_a_word / 2)) {
            continue;
        }
        const std::string amount =
            shares ? percent(share) + (parts.empty() ? " of it" : "")
                   : duration(std::abs(part.more_ns)) + (part.more_ns > 0 ? " more" : " less");
        parts += fmt::format(", {} {}", amount, words(part.where));
        if (part.where == explanation::phase::waiting) {
            parts += front_end(why.cell->summary);
        }
    }
    if (parts.empty()) {
        return {};
    }
    return fmt::format("{} more per {} than {}{}", duration(time.more_ns),
                       time.served_only ? "served task" : "task", why.best->planned.strategy,
                       parts);
}

std::string text_of(const explanation& why, const explanation::capacity& capacity) {
    const cell_summary& cell = why.cell->summary;
    const cell_summary& best = why.best->summary;
    std::string core_part, efficiency_part;
    if (capacity.cores && worth(cell.mean_busy_cores, best.mean_busy_cores, capacity.times)) {
        core_part = fmt::format("{} instead of {} cores busy", cores(cell.mean_busy_cores->value),
                                cores(best.mean_busy_cores->value));
    }
    if (capacity.efficiency && worth(cell.efficiency, best.efficiency, capacity.times)) {
        efficiency_part =
            fmt::format("efficiency {} instead of {}", percent(cell.efficiency->value),
                        percent(best.efficiency->value));
    }
    const std::string& first = capacity.cores_first ? core_part : efficiency_part;
    const std::string& second = capacity.cores_first ? efficiency_part : core_part;
    if (first.empty()) {
        return {};
    }
    std::string text = fmt::format("{} of {}'s throughput: {}", percent(1 / capacity.times),
                                   why.best->planned.strategy, first);
    // A factor that is better than the best's stands against the loss, not for it.
    const bool against = capacity.cores_first ? above(cell.efficiency, best.efficiency)
                                              : above(cell.mean_busy_cores, best.mean_busy_cores);
    if (!second.empty()) {
        text += (against ? ", though " : ", ") + second;
    }
    if (cell.blocked_fraction >= best.blocked_fraction + worth_a_word) {
        text += fmt::format("; front end blocked {} of the time", percent(cell.blocked_fraction));
    }
    // The clock of a batch starts when the workers are there.
    if (cell.startup_ns && cell.makespan_ns &&
        cell.startup_ns->value >= worth_a_word * cell.makespan_ns->value) {
        text += fmt::format("; its start-up of {} comes on top", duration(cell.startup_ns->value));
    }
    return text;
}

/// The most that a cell has.
struct measured_rounds {
    std::size_t rounds = 0, generations = 0;

    [[nodiscard]] std::string text() const {
        return fmt::format("{} in {}", counted(rounds, "round"),
                           counted(generations, "generation"));
    }
};

/// Of the generations that were planned, or of those that confirm.
measured_rounds rounds_of(const study_results& study, bool confirming) {
    const auto belongs = [&](const trial_record& trial) {
        const auto& from = study.info.confirmation_from_round;
        return (from && trial.round >= *from) == confirming;
    };
    measured_rounds most;
    for (const cell_result& c : study.cells) {
        measured_rounds of_cell;
        for (const trial_record& trial : c.trials) {
            if (belongs(trial)) {
                ++of_cell.generations;
                of_cell.rounds += trial.rounds();
            }
        }
        most.generations = std::max(most.generations, of_cell.generations);
        most.rounds = std::max(most.rounds, of_cell.rounds);
    }
    return most;
}

}  // namespace

std::string sentence_of(const explanation& why) {
    if (why.latency) {
        return text_of(why, *why.latency);
    }
    if (why.throughput) {
        return text_of(why, *why.throughput);
    }
    return {};
}

std::string sentence_of(const decomposition& parts) {
    const auto share = [](const paired_difference& part) -> std::string {
        if (!part.clear()) {
            return "nothing clear is";
        }
        return fmt::format("{} [{}, {}] are", signed_duration(part.mean),
                           signed_duration(part.ci.lo), signed_duration(part.ci.hi));
    };
    return fmt::format(
        "of {} {} per task than {} {} the language and {} its implementation of the architecture; "
        "the values {}",
        duration(std::abs(parts.whole.mean)), parts.whole.mean < 0 ? "less" : "more",
        parts.twin->planned.strategy, share(parts.language), share(parts.architecture),
        parts.within_bound ? "agree within a bound" : "are the same bits");
}

std::optional<std::string> rate_note(const cell_result& cell) {
    const cell_summary& s = cell.summary;
    const bool held = !has_label(cell.labels, label::rate_not_held),
               saturated = has_label(cell.labels, label::saturated);
    if (cell.state != status::ok || !s.asked_per_s || (held && !saturated)) {
        return std::nullopt;
    }
    std::string note;
    if (!held && s.offered_per_s) {
        note = fmt::format("held {}/s of {}/s asked", quantity(*s.offered_per_s),
                           quantity(*s.asked_per_s));
    } else if (s.throughput_per_s) {
        note = fmt::format("served {}/s of {}/s asked", quantity(s.throughput_per_s->value),
                           quantity(*s.asked_per_s));
    }
    if (s.queue_growth_per_s && *s.queue_growth_per_s > 0) {
        note += fmt::format("; the queue grew by {}/s", quantity(*s.queue_growth_per_s));
    }
    const auto lost = [&](std::uint64_t n, std::string_view fate) {
        if (n > 0) {
            note += fmt::format("; {} of {} tasks {}", quantity(static_cast<double>(n)),
                                quantity(static_cast<double>(s.outcomes.due)), fate);
        }
    };
    lost(s.outcomes.unserved, "never served");
    lost(s.outcomes.cancelled, "cancelled");
    return note;
}

std::optional<std::string> failure_note(const cell_result& cell) {
    const outcome_counts& o = cell.summary.outcomes;
    const containment_figures& c = cell.summary.contained;
    const auto listed = [](std::initializer_list<std::pair<std::uint64_t, std::string_view>> counts,
                           std::string_view first_noun) {
        std::string text;
        for (const auto& [n, what] : counts) {
            if (n == 0) {
                continue;
            }
            text +=
                fmt::format("{}{}{} {}", text.empty() ? "" : ", ", quantity(static_cast<double>(n)),
                            text.empty() ? first_noun : "", what);
        }
        return text;
    };
    const std::string failed =
        listed({{o.error, "failed"}, {o.crashed, "crashed"}, {o.timed_out, "timed out"}}, " tasks");
    const std::string mended =
        listed({{c.retries, "tried again"}, {c.workers_replaced, "workers replaced"}}, "");
    if (failed.empty() && mended.empty()) {
        return std::nullopt;
    }
    return failed + (failed.empty() || mended.empty() ? "" : "; ") + mended;
}

std::optional<std::string> ending_note(const study_results& study) {
    if (study.plan.precision <= 0 && study.info.ended_by != study_end::budget &&
        study.info.ended_by != study_end::decided) {
        return std::nullopt;
    }
    if (study.info.interrupted()) {
        return std::nullopt;
    }
    const measured_rounds planned = rounds_of(study, false), confirming = rounds_of(study, true);
    std::size_t precise = 0, cells = 0;
    std::string others;
    for (const cell_result& c : study.cells) {
        if (!c.ended_by) {
            continue;
        }
        ++cells;
        if (c.ended_by == study_end::precision) {
            ++precise;
            continue;
        }
        others += (others.empty() ? "" : ", ") + c.planned.name();
    }
    std::string note = planned.text();
    if (study.info.ended_by == study_end::budget) {
        note += " until the budget was spent";
    }
    if (study.info.ended_by == study_end::decided) {
        note += ", after which every question was answered";
    }
    if (confirming.generations > 0) {
        note += fmt::format(", then {} to confirm", confirming.text());
    }
    if (study.plan.precision <= 0) {
        return note;
    }
    const std::string known = fmt::format("known to {:.3g} %", 100 * study.plan.precision);
    if (others.empty()) {
        return fmt::format("{}; every cell is {}", note, known);
    }
    return fmt::format("{}; {} are {} of {} cells, not yet {}", note, known, precise, cells,
                       others);
}

}  // namespace stratbench
