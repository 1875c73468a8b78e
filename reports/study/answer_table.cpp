#include "reports/study/answer_table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "harness/judge/overall_answer.hpp"
#include "reports/study/group_table.hpp"
#include "reports/text/format.hpp"

namespace stratbench {
namespace {

std::string behind(const ranked_group::entry& entry, const answer& given) {
    if (entry.may_be_best) {
        if (given.state == answer_state::winner) {
            return "best";
        }
        if (given.state == answer_state::tie) {
            return "tie";
        }
        constexpr double known = 10;
        return entry.behind->hi < known ? "< " + plain(entry.behind->hi) + " x" : "?";
    }
    if (!entry.behind || !entry.best_is_better_by) {
        return "-";
    }
    const double times = *entry.best_is_better_by;
    return (times < 999.5 ? plain(times) : quantity(times)) + " x";
}

}  // namespace

answer_table answer_table_of(const std::vector<ranked_group>& groups) {
    answer_table table;
    std::vector<const ranked_group*> shown;
    for (const ranked_group& group : groups) {
        if (group.is_primary && group.answer.state != answer_state::none) {
            shown.push_back(&group);
        }
    }
    std::vector<const cell_result*> cells;
    for (const ranked_group* group : shown) {
        const cell& first = group->entries.front().cell->planned;
        table.groups.push_back(
            fmt::format("{}, by {}", title_of(first), about(group->metric).title));
        for (const ranked_group::entry& entry : group->entries) {
            const std::string& name = entry.cell->planned.strategy;
            const bool known = std::ranges::any_of(
                cells, [&](const cell_result* cell) { return cell->planned.strategy == name; });
            if (!entry.cell->planned.reference && !known) {
                cells.push_back(entry.cell);
            }
        }
    }
    std::ranges::stable_sort(cells, {},
                             [](const cell_result* cell) { return cell->planned.index; });
    for (const cell_result* cell : cells) {
        const std::string& name = cell->planned.strategy;
        answer_table::row& row = table.rows.emplace_back(answer_table::row{name, {}});
        for (const ranked_group* group : shown) {
            const auto entry = std::ranges::find_if(group->entries, [&](const auto& e) {
                return !e.cell->planned.reference && e.cell->planned.strategy == name;
            });
            row.behind.push_back(entry == group->entries.end() ? "-"
                                                               : behind(*entry, group->answer));
        }
    }
    const overall_answer overall = answer_of(groups);
    table.pick = overall.pick;
    table.headline = overall.headline;
    return table;
}

}  // namespace stratbench
