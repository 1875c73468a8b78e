#include "harness/judge/overall_answer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace stratbench {
namespace {

/// What one strategy has reached in all groups.
struct record {
    int compared = 0, may_be_best = 0;
    /// Times behind, where it does worst: at most, and as estimated.
    double worst = 1, estimate = 1;
};

}  // namespace

overall_answer answer_of(const std::vector<ranked_group>& groups) {
    overall_answer all;
    std::map<std::string, record> records;
    int answered = 0;
    for (const ranked_group& group : groups) {
        if (!group.is_primary || group.answer.state == answer_state::none) {
            continue;
        }
        ++answered;
        for (const ranked_group::entry& e : group.entries) {
            if (!e.behind) {
                continue;
            }
            record& its_record = records[e.cell->planned.strategy];
            ++its_record.compared;
            if (e.may_be_best) {
                ++its_record.may_be_best;
            }
            its_record.worst = std::max(its_record.worst, e.behind->hi);
            its_record.estimate = std::max(its_record.estimate, *e.best_is_better_by);
        }
    }
    if (answered < 2) {
        return all;
    }
    const record* pick = nullptr;
    for (const auto& [name, its_record] : records) {
        if (its_record.compared != answered ||
            (pick != nullptr && its_record.estimate >= pick->estimate)) {
            continue;
        }
        pick = &its_record;
        all.pick = name;
    }
    if (pick == nullptr) {
        all.headline = "no strategy could be compared in every group: choose for each of them";
        return all;
    }
    all.worst_behind = pick->worst;
    all.headline = fmt::format("one for all {} groups: {}: it may be the best in {} of them",
                               answered, all.pick, pick->may_be_best);
    if (pick->may_be_best != answered || pick->estimate >= 1.005) {
        all.headline += fmt::format(", and is {:.2f} x behind where it does worst", pick->estimate);
    }
    return all;
}

}  // namespace stratbench
