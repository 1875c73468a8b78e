#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/load/load_spec.hpp"
#include "harness/model/cell.hpp"
#include "harness/plan/request.hpp"
#include "harness/plan/workload_resolver.hpp"
#include "strategies/contract/strategy_info.hpp"

namespace stratbench {

/// A cell, and what its texts mean.
struct resolved_cell {
    cell planned = {};
    const strategy_info* strategy = nullptr;
    const resolved_workload* workload = nullptr;
    /// The workload of the group in which the cell is shown: a reference does its tasks under the
    /// load of that.
    const resolved_workload* paced_by = nullptr;
    load_request load = {};
};

/// Turns combinations into cells, in two steps, so that a mistake in the last is found before
/// anything is timed for the first.
class cell_expansion {
  public:
    /// Uses `meter` for as long as it lives.
    cell_expansion(const run_request& request, int cpus, const cost_meter& meter);

    /// Checks a combination, and takes it into the product. Throws usage_error.
    void add(const combination& c);

    /// The cells of all that was added. What they refer to lives as long as this. Throws
    /// usage_error.
    std::vector<resolved_cell> cells();

    /// Gives a cell its load: where its rate is a part of what its strategy can do, that must be
    /// known, or the load has no rate yet. Throws usage_error.
    void resolve_arrivals(resolved_cell& c, double own_per_s = 0);

  private:
    struct named_strategy {
        std::string text;
        const strategy_info* info;
    };
    /// What a combination and the defaults come to, checked.
    struct product {
        std::vector<named_strategy> strategies;
        std::vector<const resolved_workload*> workloads;
        std::vector<load_request> loads;
        std::vector<int> workers;
        const resolved_workload* reference_for = nullptr;
    };
    resolved_cell resolved(const product& p, const named_strategy& strategy,
                           const resolved_workload& workload, const load_request& load,
                           int workers);

    workload_resolver resolver_;
    detail_plan detail_;
    containment limits_;
    bool cancel_pending_;
    int cpus_;
    std::optional<std::int64_t> trial_length_ns_;
    std::vector<product> products_;
};

}  // namespace stratbench
