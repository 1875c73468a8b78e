#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "harness/cli/command_files.hpp"
#include "harness/judge/comparison/comparison.hpp"

namespace stratbench {

/// What `compare` and `run --against` are asked about a comparison, as it was written.
struct comparison_choices {
    std::vector<std::string> fail_on, ignore;
    std::string min_effect, alpha;
    bool strict = false, allow_environment_change = false;
    /// Files; empty where they were not asked for.
    std::string markdown, junit;

    bool operator==(const comparison_choices&) const = default;
};

void add_comparison_options(CLI::App& sub, comparison_choices& choices);

/// What they come to. Throws usage_error.
comparison_options make_comparison_options(const comparison_choices& choices);

/// Throws usage_error where a cell that is to be ignored is in neither measurement.
void check_choices(const comparison_choices& choices, const measurement& base,
                   const measurement& candidate);

/// Where figures of the two must not be compared, because they were not measured under the same
/// conditions: throws usage_error with what differs, unless that is allowed. Gives the differences.
std::vector<difference> accepted_differences(const comparison_choices& choices,
                                             const measurement& base, const measurement& candidate);

/// Says which files are to be written.
void add_comparison_files(const comparison_choices& choices, command_files& files);

/// Writes the files that were asked for, and where it is wanted prints the comparison.
void report_comparison(const comparison& found, const comparison_choices& choices,
                       command_files& files, bool print);

/// Of the whole program: 0, 1 for a regression or a failure of the new build, with --strict 3 for
/// what is inconclusive. Throws usage_error where there was nothing that the gate could look at.
int exit_code_of(const comparison& found, const comparison_choices& choices);

}  // namespace stratbench
