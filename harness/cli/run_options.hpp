#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include "harness/cli/comparison_options.hpp"
#include "harness/plan/written_options.hpp"

namespace stratbench {

/// The options of `run`, as they were written.
struct run_options {
    /// What is measured, and for how long; see harness/plan/option_table.hpp.
    written_options study;
    std::string plan;
    std::string out = "results.json", report = "report.html", events, worker_log;
    /// Another build to compare with, and where its results go.
    std::string against, base_out;
    comparison_choices compared;
    bool json = false, quiet = false, strict_environment = false;

    // Google Benchmark's, with the meaning that its users expect
    std::string min_time, repetitions, benchmark_out, benchmark_out_format;
    bool list_tests = false;
};

void add_options(CLI::App& run, run_options& options);

/// What the Google Benchmark spellings of options say, moved to our own. Throws usage_error where
/// both were given or a value is not accepted.
run_options unified(run_options options);

}  // namespace stratbench
