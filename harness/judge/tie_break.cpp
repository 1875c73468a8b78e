#include "harness/judge/tie_break.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>

#include "harness/base/spec.hpp"
#include "strategies/contract/strategy_info.hpp"
#include "strategies/registry.hpp"

namespace stratbench {
namespace {

/// Whether two figures differ by more than a tenth, and so by enough to choose by.
bool clearly_less(double a, double b) {
    return a < b / 1.1;
}

/// What speaks for `a` where it ties with `b`; empty where nothing does.
std::string better_otherwise(const cell_result& a, const cell_result& b) {
    const auto cores = [](const cell_result& c) {
        return c.summary.mean_busy_cores ? c.summary.mean_busy_cores->value : 0;
    };
    if (clearly_less(cores(a), cores(b))) {
        return fmt::format("{:.2f} instead of {:.2f} busy cores", cores(a), cores(b));
    }
    if (clearly_less(cores(b), cores(a))) {
        return {};
    }
    const auto memory = [](const cell_result& c) {
        return static_cast<double>(c.summary.peak_memory_bytes);
    };
    constexpr double worth_a_word = 1 << 20;
    if (memory(b) - memory(a) > worth_a_word && clearly_less(memory(a), memory(b))) {
        return "less memory";
    }
    if (memory(a) - memory(b) > worth_a_word && clearly_less(memory(b), memory(a))) {
        return {};
    }
    const auto position = [](const cell_result& c) {
        const std::string name = parse_spec(c.planned.strategy, "strategy").name;
        const auto all = strategies();
        return std::ranges::find(all, name, &strategy_info::name) - all.begin();
    };
    const auto isolates = [&](const cell_result& c) {
        const auto at = static_cast<std::size_t>(position(c));
        return at < strategies().size() && strategies()[at]->properties.isolates_crashes;
    };
    if (isolates(a) != isolates(b)) {
        return isolates(a) ? "a crash stays in its worker" : "";
    }
    return position(a) < position(b) ? "the simpler one" : "";
}

}  // namespace

void break_tie(answer& result, const std::vector<const cell_result*>& tied) {
    const cell_result* pick = tied.front();
    for (const cell_result* other : tied) {
        const std::string reason = better_otherwise(*other, *pick);
        if (other != pick && !reason.empty()) {
            pick = other;
        }
    }
    result.pick = pick->planned.strategy;
    for (const cell_result* other : tied) {
        if (other != pick && result.tie_broken_by.empty()) {
            result.tie_broken_by = better_otherwise(*pick, *other);
        }
    }
}

}  // namespace stratbench
