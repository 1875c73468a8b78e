#pragma once

#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "harness/cli/comparison_options.hpp"
#include "harness/plan/request.hpp"

namespace stratbench {

/// The options of `run`, as they were written.
struct run_options {
    std::string scenario;
    std::vector<std::string> strategies, workloads, loads, workers;
    std::string cpus, rounds, generations, precision, budget, tie, trial_length, seed;
    std::string task_timeout, retries, max_tasks_per_worker, worker_memory;
    bool cancel_pending = false;
    std::string plan;
    std::string out = "results.json", report = "report.html", events, worker_log;
    /// Another build to compare with, and where its results go.
    std::string against, base_out;
    comparison_choices compared;
    bool quick = false, json = false, quiet = false, strict_environment = false;

    // Google Benchmark's, with the meaning that its users expect
    std::string filter, min_time, repetitions, benchmark_out, benchmark_out_format;
    bool list_tests = false;
};

void add_options(CLI::App& run, run_options& options);

/// The request that the options come to: those of the scenario, if any, overridden by what was
/// given. Throws usage_error.
run_request make_request(const run_options& options);

/// When the study ends, of what was given. Throws usage_error.
stopping_request make_stopping(const run_options& options);

/// What the Google Benchmark spellings of options say, moved to our own. Throws usage_error where
/// both were given or a value is not accepted.
run_options unified(run_options options);

}  // namespace stratbench
