#include "harness/study/open_questions.hpp"

#include <algorithm>

#include "harness/judge/ranking.hpp"

namespace stratbench {
namespace {

/// Whether more tasks would give a load with a rate the p99 that is refused so far.
bool lacks_its_tail(const cell_result& cell) {
    const auto& latency = cell.summary.latency_ns;
    return cell.planned.load.has_rate() && latency && !latency->p99.refused.empty();
}

bool is_open(const ranked_group& group) {
    return group.answer.state == answer_state::undecided ||
           (group.answer.state == answer_state::none &&
            std::ranges::any_of(group.entries, &ranked_group::entry::may_be_best));
}

/// An interval shrinks with the square root of the time, so the time that a group needs goes with
/// the square of how many times its pick's regret bound is as large as one that would do. Bounded,
/// because a bound of a few generations is a rough one, and no open group may starve.
double weight_of(const ranked_group& group) {
    constexpr double enough_throughput = 0.05, enough_latency = 0.1;
    constexpr double most = 3;
    if (group.answer.state != answer_state::undecided) {
        return 1;
    }
    const double enough = group.metric == metric::throughput ? enough_throughput : enough_latency;
    const double times = group.answer.regret_bound / enough;
    return std::clamp(times * times, 1 / most, most);
}

}  // namespace

open_questions find_open_questions(const study_results& study) {
    open_questions questions;
    for (const ranked_group& group : rank(study, while_measuring)) {
        if (!group.is_primary) {
            continue;
        }
        ++questions.groups;
        const bool open = is_open(group);
        if (!open) {
            ++questions.answered;
        }
        for (const ranked_group::entry& entry : group.entries) {
            if ((open && entry.may_be_best) ||
                (entry.cell->state == status::ok && lacks_its_tail(*entry.cell))) {
                questions.cells.insert(static_cast<std::size_t>(entry.cell->planned.index));
                questions.weights[group.group] = weight_of(group);
            }
        }
    }
    return questions;
}

}  // namespace stratbench
