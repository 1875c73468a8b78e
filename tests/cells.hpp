#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "harness/model/plan.hpp"
#include "tests/units.hpp"

namespace stratbench::test {

/// A cell of noops under `load`, in which nothing depends on a machine.
inline cell noop_cell(load_plan load, std::int64_t window_ns = 100 * ms,
                      std::string strategy = "sync") {
    cell c;
    c.strategy = std::move(strategy);
    c.workload = "noop";
    c.load = std::move(load);
    c.window_ns = window_ns;
    return c;
}

}  // namespace stratbench::test
