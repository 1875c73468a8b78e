#include "harness/study/rounds/stage.hpp"

#include <algorithm>
#include <utility>

#include "harness/plan/request.hpp"

namespace stratbench {
namespace {

int planned_generations(const study_plan& plan) {
    if (plan.rounds == unlimited_rounds) {
        return unlimited_rounds;
    }
    return plan.generations > 0 ? std::min(plan.generations, plan.rounds) : plan.rounds;
}

}  // namespace

stage planned_stage(const study_plan& plan, std::size_t sides, bool confirmation_follows) {
    stage all{.cells = {}, .sides = sides, .at_most = planned_generations(plan)};
    all.shares = std::max(1, plan.generations);
    for (std::size_t i = 0; i < plan.cells.size(); ++i) {
        if (plan.cells[i].skip_reason.empty()) {
            all.cells.push_back(i);
        }
    }
    const double part = confirmation_follows ? 1 - budget_for_confirming : 1;
    all.budget_ns = static_cast<std::int64_t>(part * static_cast<double>(plan.budget_ns));
    if (plan.budget_ns > 0) {
        all.budget_ns = std::max<std::int64_t>(all.budget_ns, 1);
    }
    return all;
}

stage confirming_stage(const study_plan& plan, std::vector<std::size_t> cells, std::size_t sides,
                       int finished, std::int64_t spent_ns) {
    stage fresh{.cells = std::move(cells),
                .sides = sides,
                .first_generation = finished,
                .at_least = fewest_confirming_generations,
                .at_most = std::max(fewest_confirming_generations, finished),
                .shares = fewest_confirming_generations,
                .confirms = true};
    if (plan.budget_ns > 0) {
        fresh.budget_ns = std::max<std::int64_t>(1, plan.budget_ns - spent_ns);
    }
    return fresh;
}

int rounds_of(const study_plan& plan, const stage& generations, std::span<const std::size_t> group,
              int index) {
    if (plan.cells[group.front()].load.tells_a_story()) {
        return 1;
    }
    if (plan.rounds == unlimited_rounds) {
        return most_rounds_of_generation;
    }
    const int shares = planned_generations(plan);
    if (generations.confirms) {
        return std::max(1, plan.rounds / shares);
    }
    return plan.rounds / shares + (index < plan.rounds % shares ? 1 : 0);
}

}  // namespace stratbench
