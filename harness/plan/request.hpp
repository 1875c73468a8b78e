#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/model/plan.hpp"
#include "strategies/contract/containment.hpp"

namespace stratbench {

/// A full product of strategies, workloads, loads and numbers of workers; what is empty takes the
/// default (the six strategies; sqrt_log of 0.4 ms and 20 us; batch and poisson:80%sync; as many
/// workers as usable CPUs).
struct combination {
    std::vector<std::string> strategies = {};
    std::vector<std::string> workloads = {};
    std::vector<std::string> loads = {};
    std::vector<int> workers = {};
    /// Not empty: these cells are reference lines, shown in the groups of this workload.
    std::string reference_for = {};

    bool operator==(const combination&) const = default;
};

/// When a study has rounds enough.
struct stopping_request {
    /// The most there will be.
    std::optional<int> rounds = {};
    /// Among how many sets of fresh processes they are shared out.
    std::optional<int> generations = {};
    /// As in study_plan; 0 = not given.
    double precision = 0;
    std::int64_t budget_ns = 0;

    [[nodiscard]] bool given() const {
        return rounds || generations || precision > 0 || budget_ns > 0;
    }

    bool operator==(const stopping_request&) const = default;
};

/// No generation has more rounds than that where nobody says how many generations there should be:
/// fresh processes say more than another round of those that are there.
inline constexpr int most_rounds_of_generation = 12;

/// More than any study has.
inline constexpr int most_rounds = unlimited_rounds - 1;

/// What was asked for, by options, a scenario or neither; texts as they were written.
struct run_request {
    /// Empty: the default study.
    std::vector<combination> combinations;
    /// Absent: all usable CPUs.
    std::optional<int> cpus;
    stopping_request stopping;
    /// As in study_plan.
    std::optional<double> tie;
    std::optional<std::int64_t> trial_length_ns;
    /// As in study_plan; absent: 20 ms.
    std::optional<std::int64_t> warm_up_ns;
    /// Absent: 0.
    std::optional<std::uint64_t> seed;
    /// How tasks that misbehave are contained, in every cell.
    containment limits;
    /// As in cell, for those whose load ends with the window.
    bool cancel_pending = false;
    /// Fewer and shorter trials: a look, not a study.
    bool quick = false;
    detail_plan detail;
    /// Name of the scenario, where there is one.
    std::string scenario;
    /// A regular expression on the names of cells; a leading '-' keeps those that do not match.
    std::string filter;

    bool operator==(const run_request&) const = default;
};

}  // namespace stratbench
