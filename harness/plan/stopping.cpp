#include "harness/plan/stopping.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "harness/base/counted.hpp"
#include "harness/base/spec.hpp"
#include "harness/plan/slices.hpp"

namespace stratbench {
namespace {

/// How much is measured when nothing else was asked.
constexpr std::int64_t usual_budget_ns = 60'000'000'000;
constexpr int usual_generations = 8;
/// How precise something is known is asked from ten generations on.
constexpr int precise_generations = 20;
constexpr int quick_rounds = 8;
constexpr int quick_generations = 4;

}  // namespace

void require_round_for_each(int generations, int rounds) {
    if (generations > rounds) {
        throw usage_error(fmt::format("{} generations of {} rounds: use --rounds {}", generations,
                                      rounds, generations));
    }
}

void settle(study_plan& plan, const stopping_request& request, bool quick) {
    plan.precision = request.precision;
    plan.budget_ns = request.budget_ns;
    const bool open_end = request.precision > 0 || request.budget_ns > 0;
    if (request.rounds) {
        plan.rounds = *request.rounds;
    } else {
        plan.rounds = quick && !open_end ? quick_rounds : unlimited_rounds;
    }
    if (plan.rounds == unlimited_rounds && !open_end) {
        plan.budget_ns = usual_budget_ns;
    }
    require_round_for_each(request.generations.value_or(0), plan.rounds);
    int usual = quick && !request.rounds ? quick_generations : usual_generations;
    if (request.precision > 0) {
        usual = precise_generations;
    }
    if (plan.rounds != unlimited_rounds) {
        usual = std::max(usual, (plan.rounds - 1) / most_rounds_of_generation + 1);
    }
    plan.generations = request.generations.value_or(std::min(usual, plan.rounds));
}

void require_a_round(const study_plan& plan) {
    double round_ns = 0;
    for (const cell& c : plan.cells) {
        if (c.skip_reason.empty()) {
            round_ns += expected_slice_ns(c) / 2;
        }
    }
    if (round_ns <= static_cast<double>(plan.budget_ns)) {
        return;
    }
    throw usage_error(fmt::format(
        "a budget of {} cannot hold one round of {}, which takes about {}: use --budget {:.0f}s",
        duration_text(plan.budget_ns), counted(plan.cells.size(), "cell"),
        duration_text(std::llround(round_ns)), std::ceil(10 * round_ns * 1e-9)));
}

}  // namespace stratbench
