#include "harness/study/gate.hpp"

#include <algorithm>

#include "harness/model/metric.hpp"

namespace stratbench {
namespace {

bool has_regressed(const compared_cell& cell) {
    return std::ranges::any_of(cell.metrics, [](const compared_metric& figure) {
        return figure.gated && figure.said == verdict::regressed;
    });
}

}  // namespace

int planned_comparisons(const study_plan& plan, const comparison_options& options,
                        const std::vector<std::string>& ignore) {
    int count = 0;
    for (const cell& c : plan.cells) {
        const bool ignored = std::ranges::find(ignore, c.name()) != ignore.end();
        if (ignored || !c.skip_reason.empty()) {
            continue;
        }
        const metric primary = primary_metric(c);
        for (const metric_info& info : metrics) {
            if (options.gates(info.id, primary) && info.applies_to(c.load)) {
                ++count;
            }
        }
    }
    return count;
}

std::vector<std::size_t> regressed_cells(const comparison& result, const study_plan& plan) {
    std::vector<std::size_t> cells;
    for (std::size_t i = 0; i < plan.cells.size(); ++i) {
        const std::string name = plan.cells[i].name();
        if (std::ranges::any_of(result.cells, [&](const compared_cell& cell) {
                return cell.name == name && has_regressed(cell);
            })) {
            cells.push_back(i);
        }
    }
    return cells;
}

}  // namespace stratbench
