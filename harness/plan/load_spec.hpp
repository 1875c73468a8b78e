#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "harness/plan/plan.hpp"
#include "workloads/spec.hpp"

namespace stratbench {

/// What users choose between, as data.
struct load_info {
    std::string_view name;
    /// One line for `list` and the reports.
    std::string_view summary;
    /// How the first, bare value is written; empty when there is none.
    std::string_view bare_value;
    std::span<const parameter> parameters;
};

std::span<const load_info> loads();

/// A load as it was asked for: checked, not yet resolved.
struct load_request {
    load_plan plan;
    /// The rate is this part of what `sync` can do (0.8 for `80%sync`); 0 = it stands in the plan.
    double of_sync = 0;
};

/// Throws usage_error on an unknown name or key or a value out of its range.
load_request parse_load(std::string_view text);

/// What relative loads are relative to.
struct load_basis {
    /// What one task costs `sync`, its wait included; nanoseconds, above 0.
    double sync_ns = 0;
    std::int64_t trial_length_ns = 0;
    int workers = 1;
};

/// Turns what is relative into numbers: the size of a `batch` without one, so that `sync` needs
/// about one trial length for it (at least two tasks a worker), and a rate in `%sync`. Throws
/// usage_error on a rate that would make more tasks in one trial than can be recorded.
load_plan resolve_load(const load_request& asked, const load_basis& basis);

}  // namespace stratbench
