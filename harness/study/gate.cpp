#include "harness/study/gate.hpp"

#include <algorithm>

namespace stratbench {
namespace {

bool has_regressed(const compared_cell& cell) {
    return std::ranges::any_of(cell.metrics, [](const compared_metric& figure) {
        return figure.gated && figure.result == verdict::regressed;
    });
}

}  // namespace

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
