#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/spec.hpp"
#include "harness/model/plan.hpp"

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
    /// The same of what the cell's own strategy can do (`80%own`).
    double of_own = 0;
    /// The first and the last due time of a trace.
    std::int64_t first_ns = 0, last_ns = 0;
};

/// The file of a trace; none where `text` is another load. Throws usage_error where it is no spec.
std::vector<std::string> files_of_load(const std::string& text);

/// Throws usage_error on an unknown name or key, a value out of its range, or a trace that
/// read_trace refuses.
load_request parse_load(std::string_view text);

/// What relative loads are relative to.
struct load_basis {
    /// What one task costs `sync`, its wait included; nanoseconds, above 0.
    double sync_ns = 0;
    std::int64_t trial_length_ns = 0;
    int workers = 1;
    int cpus = 1;
    /// What one task costs serially, its wait not included; nanoseconds.
    double serial_ns = 0;
    /// Tasks per second that the strategy can do; 0 = not measured yet.
    double own_per_s = 0;
};

/// Turns what is relative into numbers: the size of a `batch` without one, so that `sync` needs
/// about one trial length for it (at least two tasks a worker); a rate in `%sync` or `%own` (0
/// where the latter is not measured yet); the mean rate of a trace; how many tasks of a closed load
/// there is room for, several times what the CPUs can do in the window. Throws usage_error on a
/// rate that would make more tasks in one trial than can be recorded.
load_plan resolve_load(const load_request& request, const load_basis& basis);

/// Length of the window: the trial length; of a trace until a mean gap after its last task (a trial
/// length after it where all are due at once); of a load with a period that of its tasks.
std::int64_t window_ns(const load_request& request, const load_basis& basis);

/// Whether the trial length changes anything about it: not where it brings its own times or size.
bool takes_trial_length(const load_request& request);

}  // namespace stratbench
