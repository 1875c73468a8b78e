#pragma once

#include <span>
#include <string>
#include <string_view>

#include "harness/model/results.hpp"

namespace stratbench {

/// A label marks the figures of a trial or a cell; it never removes them.
namespace label {
inline constexpr std::string_view saturated = "saturated";
inline constexpr std::string_view rate_not_held = "rate_not_held";
inline constexpr std::string_view closed_load = "closed_load";
inline constexpr std::string_view task_failures = "task_failures";
inline constexpr std::string_view sampled_stamps = "sampled_stamps";
inline constexpr std::string_view sums_within_bound = "sums_within_bound";
inline constexpr std::string_view oversubscribed = "oversubscribed";
inline constexpr std::string_view steal = "steal";
inline constexpr std::string_view foreign_load = "foreign_load";
inline constexpr std::string_view hidden_steal = "hidden_steal";
inline constexpr std::string_view idle_cpu = "idle_cpu";
inline constexpr std::string_view throttled = "throttled";
inline constexpr std::string_view paused = "paused";
inline constexpr std::string_view pacing = "pacing";
inline constexpr std::string_view harness_overhead = "harness_overhead";
inline constexpr std::string_view events_lost = "events_lost";
inline constexpr std::string_view cpu_withheld = "cpu_withheld";
inline constexpr std::string_view faster_than_possible = "faster_than_possible";
}  // namespace label

struct label_entry {
    std::string_view name;
    /// One line for a reader of a report.
    std::string_view meaning;
};
bool has_label(std::span<const std::string> labels, std::string_view wanted);

/// Whether a label is a finding that one disturbed trial of many does not make: a cell has it where
/// more than half of its trials do. Any other label of a trial is one of its cell.
bool needs_majority(std::string_view label);

/// All labels there are; the schema of the results file lists the same.
std::span<const label_entry> labels();

/// The findings about a machine or a study that a reader should act on.
namespace warning_code {
inline constexpr std::string_view steal = "steal";
inline constexpr std::string_view foreign_load = "foreign_load";
inline constexpr std::string_view hidden_steal = "hidden_steal";
inline constexpr std::string_view slow_start = "slow_start";
inline constexpr std::string_view no_cpu_governor_performance = "no_cpu_governor_performance";
inline constexpr std::string_view smt = "smt";
inline constexpr std::string_view thermal = "thermal";
inline constexpr std::string_view throttled_cgroup = "throttled_cgroup";
inline constexpr std::string_view aslr = "aslr";
inline constexpr std::string_view debug_build = "debug_build";
inline constexpr std::string_view oversubscribed = "oversubscribed";
inline constexpr std::string_view harness_overhead = "harness_overhead";
inline constexpr std::string_view pacing = "pacing";
inline constexpr std::string_view few_rounds = "few_rounds";
}  // namespace warning_code

/// What a warning is about: what the machine and the build are and do, or what was asked for.
enum class finding { of_the_environment, of_the_plan };

struct warning_entry {
    std::string_view code;
    finding about;
    /// What to do next.
    std::string_view advice;
};
/// All codes there are; the schema of the results file lists the same.
std::span<const warning_entry> warning_codes();

/// Precondition: the code is in the list.
bool is_of_the_environment(std::string_view code);

/// A warning with the advice of its code. Precondition: the code is in the list.
warning make_warning(std::string_view code, std::string message);

}  // namespace stratbench
