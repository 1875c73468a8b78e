#include "harness/cli/run_options.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <random>

#include "harness/base/spec.hpp"
#include "harness/plan/build_plan.hpp"
#include "harness/plan/scenario.hpp"

namespace stratbench {
namespace {

constexpr int largest_int = std::numeric_limits<int>::max();
/// A precision that the machine cannot give must not keep it busy for ever.
constexpr std::int64_t precision_budget_ns = 300'000'000'000;
/// Seeds stay exact in every reader of JSON.
constexpr std::int64_t largest_seed = (1LL << 53) - 1;

/// Google Benchmark's `0.5s` or `0.5`: seconds. Its `100x` has no meaning here, because one
/// iteration is one trial.
std::string length_of_min_time(const std::string& text) {
    std::string_view digits = text;
    if (digits.ends_with('s')) {
        digits.remove_suffix(1);
    }
    const std::optional<double> seconds = read_number(digits);
    if (!seconds || !(*seconds > 0) || *seconds > 1e6) {
        throw usage_error(fmt::format(
            "--benchmark_min_time '{}': accepted are seconds above 0, as in 0.5s", text));
    }
    return fmt::format("{}ns", std::max(1LL, std::llround(*seconds * 1e9)));
}

void take_over(std::string& ours, const std::string& theirs, std::string_view our_name,
               std::string_view their_name) {
    if (theirs.empty()) {
        return;
    }
    if (!ours.empty()) {
        throw usage_error(
            fmt::format("{} and {} mean the same; give one of them", our_name, their_name));
    }
    ours = theirs;
}

std::uint64_t fresh_seed() {
    return std::random_device{}();
}

containment_request make_containment(const run_options& o) {
    containment_request out;
    if (!o.task_timeout.empty()) {
        out.task_timeout_ns = parse_duration_ns(o.task_timeout, "--task-timeout");
    }
    if (!o.retries.empty()) {
        out.retries = static_cast<int>(parse_integer(o.retries, "--retries", 0, most_retries));
    }
    if (!o.max_tasks_per_worker.empty()) {
        out.max_tasks_per_worker = static_cast<std::uint64_t>(parse_integer(
            o.max_tasks_per_worker, "--max-tasks-per-worker", 1, most_tasks_per_worker));
    }
    if (!o.worker_memory.empty()) {
        out.worker_memory_bytes = parse_bytes(o.worker_memory, "--worker-memory");
    }
    if (o.cancel_pending) {
        out.cancel_pending = true;
    }
    return out;
}

/// Options replace the scenario's values in each of its combinations.
void override_combinations(std::vector<combination>& combinations, const run_options& options) {
    std::vector<int> workers;
    for (const std::string& text : options.workers) {
        workers.push_back(static_cast<int>(parse_integer(text, "--workers", 1, largest_int)));
    }
    const bool products =
        !options.strategies.empty() || !options.workloads.empty() || !options.loads.empty();
    // The default study has reference lines, which belong to its own workloads.
    if (combinations.empty() && !products) {
        combinations = default_study();
    }
    if (combinations.empty()) {
        combinations.resize(1);
    }
    for (combination& c : combinations) {
        if (!options.strategies.empty()) {
            c.strategies = options.strategies;
        }
        if (!options.workloads.empty()) {
            c.workloads = options.workloads;
        }
        if (!options.loads.empty()) {
            c.loads = options.loads;
        }
        if (!workers.empty()) {
            c.workers = workers;
        }
    }
}

}  // namespace

void add_options(CLI::App& run, run_options& o) {
    const auto many = [&](const char* name, std::vector<std::string>& into, const char* type,
                          const char* help) {
        // Repeated, never split at commas: a spec has commas of its own.
        run.add_option(name, into, help)
            ->type_name(type)
            ->expected(1)
            ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    };
    const auto one = [&](const char* name, std::string& into, const char* type, const char* help) {
        return run.add_option(name, into, help)->type_name(type);
    };
    one("--scenario", o.scenario, "NAME|FILE", "a named study, or a file like one");
    many("--strategy", o.strategies, "SPEC", "what to compare; may be repeated");
    many("--workload", o.workloads, "SPEC", "what a task is; may be repeated");
    many("--load", o.loads, "SPEC", "when tasks arrive; may be repeated");
    many("--workers", o.workers, "N", "threads or processes that work; may be repeated");
    one("--cpus", o.cpus, "K", "confine every trial to K CPUs (default: all usable)");
    one("--rounds", o.rounds, "N", "slices of every cell, however soon the question is answered");
    one("--generations", o.generations, "N",
        "sets of fresh processes among which the rounds are shared out (default: 8)");
    one("--precision", o.precision, "P%",
        "rounds until every cell is known so well (--budget: at most 300s)");
    one("--budget", o.budget, "TIME",
        "rounds where a group has no answer yet, at most for this time (default: 60s)");
    one("--tie", o.tie, "P%", "strategies that lie within this of each other tie (default: 3%)");
    one("--trial-length", o.trial_length, "TIME",
        "window of an open load, size of a batch (default: short slices)");
    one("--seed", o.seed, "N", "of orders, arrivals and payloads (default: a fresh one)");
    one("--task-timeout", o.task_timeout, "TIME",
        "a task that executes for longer ends as timed_out; a process is killed: 50ms");
    one("--retries", o.retries, "N", "a task whose worker died is tried again so often");
    one("--max-tasks-per-worker", o.max_tasks_per_worker, "N",
        "a worker process is replaced after so many tasks");
    one("--worker-memory", o.worker_memory, "SIZE",
        "address space of each worker process: 512MiB, 64KiB or 2GiB");
    run.add_flag("--cancel-pending", o.cancel_pending,
                 "cancel what no worker has begun when the window of a load ends");
    one("--plan", o.plan, "FILE", "the plan of a results file, frozen numbers and all");
    one("--out", o.out, "FILE", "results, or none")->capture_default_str();
    one("--report", o.report, "FILE", "page with charts, or none")->capture_default_str();
    one("--events", o.events, "FILE", "every completion as a line of JSON, while the study runs");
    one("--worker-log", o.worker_log, "FILE",
        "what workers print, labelled with their tasks (default: standard error)");
    run.add_flag("--quick", o.quick, "fewer and shorter trials: a look, not a study");
    run.add_flag("--json", o.json, "results to standard output instead of the table");
    run.add_flag("--quiet", o.quiet, "no progress and no table");
    run.add_flag("--strict-environment", o.strict_environment,
                 "exit 2 on a warning about the machine or the build");

    one("--against", o.against, "BINARY|self",
        "measure another stratbench beside this one, slice by slice in the same rounds, and "
        "compare (default: 60 rounds in 15 generations; a fifth of a --budget is kept to confirm "
        "regressions)");
    one("--base-out", o.base_out, "FILE",
        "results of the other, or none (default: results.base.json beside --out)");
    add_comparison_options(run, o.compared);

    const char* const group = "Options of Google Benchmark";
    one("--benchmark_filter", o.filter, "REGEX",
        "only cells whose name matches; -REGEX: the others")
        ->group(group);
    run.add_flag("--benchmark_list_tests", o.list_tests, "print the names of the cells")
        ->group(group);
    one("--benchmark_min_time", o.min_time, "S", "--trial-length in seconds")->group(group);
    one("--benchmark_repetitions", o.repetitions, "N", "--rounds")->group(group);
    one("--benchmark_out", o.benchmark_out, "FILE", "--out")->group(group);
    one("--benchmark_out_format", o.benchmark_out_format, "json", "only json")->group(group);
}

run_options unified(run_options o) {
    if (!o.min_time.empty()) {
        o.min_time = length_of_min_time(o.min_time);
    }
    take_over(o.trial_length, o.min_time, "--trial-length", "--benchmark_min_time");
    take_over(o.rounds, o.repetitions, "--rounds", "--benchmark_repetitions");
    if (!o.benchmark_out.empty()) {
        o.out = o.benchmark_out;
    }
    if (!o.benchmark_out_format.empty() && o.benchmark_out_format != "json") {
        throw usage_error(
            fmt::format("--benchmark_out_format '{}': accepted is json", o.benchmark_out_format));
    }
    return o;
}

stopping_request make_stopping(const run_options& o) {
    stopping_request stopping;
    if (!o.rounds.empty()) {
        stopping.rounds = static_cast<int>(parse_integer(o.rounds, "--rounds", 1, most_rounds));
    }
    if (!o.generations.empty()) {
        stopping.generations =
            static_cast<int>(parse_integer(o.generations, "--generations", 1, most_rounds));
    }
    if (!o.precision.empty()) {
        stopping.precision = parse_percent(o.precision, "--precision");
        stopping.budget_ns = precision_budget_ns;
    }
    if (!o.budget.empty()) {
        stopping.budget_ns = parse_duration_ns(o.budget, "--budget");
    }
    return stopping;
}

run_request make_request(const run_options& o) {
    run_request request;
    if (!o.scenario.empty()) {
        request = load_scenario(o.scenario).request;
    }
    override_combinations(request.combinations, o);
    if (!o.cpus.empty()) {
        request.cpus = static_cast<int>(parse_integer(o.cpus, "--cpus", 1, largest_int));
    }
    if (const stopping_request stopping = make_stopping(o); stopping.given()) {
        request.stopping = stopping;
    }
    if (!o.tie.empty()) {
        request.tie = parse_percent(o.tie, "--tie");
    }
    if (!o.trial_length.empty()) {
        request.trial_length_ns = parse_duration_ns(o.trial_length, "--trial-length");
    }
    if (!o.seed.empty()) {
        request.seed = static_cast<std::uint64_t>(parse_integer(o.seed, "--seed", 0, largest_seed));
    }
    if (!request.seed) {
        request.seed = fresh_seed();
    }
    request.contained.override_by(make_containment(o));
    request.quick = o.quick;
    request.filter = o.filter;
    return request;
}

}  // namespace stratbench
