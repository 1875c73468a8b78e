#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/model/plan.hpp"
#include "workloads/workload.hpp"

namespace stratbench {

/// A full product of strategies, workloads, loads and numbers of workers; what is empty takes the
/// default (the six strategies; sqrt_log of 0.4 ms and 20 us; batch and poisson:80%sync; as many
/// workers as usable CPUs).
struct combination {
    std::vector<std::string> strategies;
    std::vector<std::string> workloads;
    std::vector<std::string> loads;
    std::vector<int> workers;
    /// Not empty: these cells are reference lines, shown in the groups of this workload.
    std::string reference_for;
};

/// When a study has rounds enough.
struct stopping_request {
    /// The most there will be.
    std::optional<int> rounds;
    /// Among how many sets of fresh processes they are shared out.
    std::optional<int> generations;
    /// As in study_plan; 0 = not given.
    double precision = 0;
    std::int64_t budget_ns = 0;

    [[nodiscard]] bool given() const {
        return rounds || generations || precision > 0 || budget_ns > 0;
    }
};

/// What was asked for of containment; see strategies/strategy.hpp. Part by part, because an option
/// replaces the same part of a scenario.
struct containment_request {
    std::optional<std::int64_t> task_timeout_ns = {};
    std::optional<int> retries = {};
    std::optional<std::uint64_t> max_tasks_per_worker = {};
    std::optional<std::uint64_t> worker_memory_bytes = {};
    std::optional<bool> cancel_pending = {};

    /// Takes over what `other` gives.
    void override_by(const containment_request& other);
    [[nodiscard]] containment limits() const;
};

/// A task that kills more workers than this is not tried again.
inline constexpr int most_retries = 1000;
inline constexpr std::int64_t most_tasks_per_worker = 1'000'000'000'000;

/// No generation has more rounds than that where nobody says how many generations there should be:
/// fresh processes say more than another round of those that are there.
inline constexpr int most_rounds_of_generation = 12;

/// More than any study has.
inline constexpr int most_rounds = 100'000;

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
    /// Absent: 0.
    std::optional<std::uint64_t> seed;
    /// Absent where it was not asked for: off.
    containment_request contained;
    /// Fewer and shorter trials: a look, not a study.
    bool quick = false;
    detail_plan detail;
    /// Name of the scenario, where there is one.
    std::string scenario;
    /// A regular expression on the names of cells; a leading '-' keeps those that do not match.
    std::string filter;
};

}  // namespace stratbench
