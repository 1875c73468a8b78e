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
            }
        }
    }
    return questions;
}

}  // namespace stratbench
