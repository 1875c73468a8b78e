#include "harness/plan/option_table.hpp"

#include <limits>

#include "harness/load/load_spec.hpp"
#include "harness/plan/scenario.hpp"
#include "strategies/registry.hpp"
#include "workloads/task_template.hpp"

namespace stratbench {
namespace {

constexpr int largest_int = std::numeric_limits<int>::max();
/// A task that kills more workers than this is not tried again.
constexpr int most_retries = 1000;
constexpr std::int64_t most_tasks_per_worker = 1'000'000'000'000;
constexpr std::int64_t longest_budget_ns = 30LL * 24 * 3'600'000'000'000;
constexpr std::int64_t longest_trial_ns = 3'600'000'000'000;
constexpr std::int64_t longest_warm_up_ns = 60'000'000'000;
constexpr std::int64_t longest_timeout_ns = 24 * 3'600'000'000'000;
/// A precision that the machine cannot give must not keep it busy for ever.
constexpr std::int64_t precision_budget_ns = 300'000'000'000;

/// Replaces a member in each combination of a request.
template <auto Member>
void set_in_each(run_request& r, const auto& value) {
    for (combination& c : r.combinations) {
        c.*Member = value;
    }
}

constexpr study_option all_options[] = {
    {.name = "--scenario",
     .key = "",
     .placeholder = "NAME|FILE",
     .help = "a named study, or a file like one",
     .value = text_value{[](run_request& r, const std::string& name) { r.scenario = name; }},
     .files_named = files_of_scenario},
    {.name = "--strategy",
     .key = "strategies",
     .placeholder = "SPEC",
     .help = "what to compare; may be repeated",
     .value = texts_value{set_in_each<&combination::strategies>},
     .of_combination = true,
     .files_named = files_of_strategy},
    {.name = "--workload",
     .key = "workloads",
     .placeholder = "SPEC",
     .help = "what a task is; may be repeated",
     .value = texts_value{set_in_each<&combination::workloads>},
     .of_combination = true,
     .files_named = files_of_workload},
    {.name = "--load",
     .key = "loads",
     .placeholder = "SPEC",
     .help = "when tasks arrive; may be repeated",
     .value = texts_value{set_in_each<&combination::loads>},
     .of_combination = true,
     .files_named = files_of_load},
    {.name = "--workers",
     .key = "workers",
     .placeholder = "N",
     .help = "threads or processes that work; may be repeated",
     .value = wholes_value{1, largest_int, set_in_each<&combination::workers>},
     .of_combination = true},
    {.name = "--cpus",
     .key = "cpus",
     .placeholder = "K",
     .help = "confine every trial to K CPUs (default: all usable)",
     .value = whole_value{1, largest_int,
                          [](run_request& r, std::int64_t n) { r.cpus = static_cast<int>(n); }}},
    {.name = "--rounds",
     .key = "rounds",
     .placeholder = "N",
     .help = "slices of every cell, however soon the question is answered",
     .value = whole_value{1, most_rounds,
                          [](run_request& r, std::int64_t n) {
                              r.stopping.rounds = static_cast<int>(n);
                          }},
     .beside_plan = true},
    {.name = "--generations",
     .key = "generations",
     .placeholder = "N",
     .help = "sets of fresh processes among which the rounds are shared out (default: 8; 4 with "
             "--quick, 20 with --precision, 15 with --against)",
     .value = whole_value{1, most_rounds,
                          [](run_request& r, std::int64_t n) {
                              r.stopping.generations = static_cast<int>(n);
                          }},
     .beside_plan = true},
    {.name = "--precision",
     .key = "",
     .placeholder = "P%",
     .help = "rounds until every cell is known so well (then --budget is 300s by default)",
     .value = percent_value{[](run_request& r, double part) {
         r.stopping.precision = part;
         if (r.stopping.budget_ns == 0) {
             r.stopping.budget_ns = precision_budget_ns;
         }
     }},
     .beside_plan = true},
    {.name = "--budget",
     .key = "budget",
     .placeholder = "TIME",
     .help = "rounds where a group has no answer yet, at most for this time (default: 60s)",
     .value = duration_value{longest_budget_ns,
                             [](run_request& r, std::int64_t ns) { r.stopping.budget_ns = ns; }},
     .beside_plan = true},
    {.name = "--tie",
     .key = "tie",
     .placeholder = "P%",
     .help = "strategies that lie within this of each other tie (default: 3%)",
     .value = percent_value{[](run_request& r, double part) { r.tie = part; }},
     .beside_plan = true},
    {.name = "--trial-length",
     .key = "trial_length",
     .placeholder = "TIME",
     .help = "window of an open load, size of a batch (default: short slices)",
     .value = duration_value{longest_trial_ns,
                             [](run_request& r, std::int64_t ns) { r.trial_length_ns = ns; }}},
    {.name = "--warm-up",
     .key = "warm_up",
     .placeholder = "TIME",
     .help = "what fresh processes do before their first slice (default: 20ms)",
     .value = duration_value{longest_warm_up_ns,
                             [](run_request& r, std::int64_t ns) { r.warm_up_ns = ns; }}},
    {.name = "--seed",
     .key = "seed",
     .placeholder = "N",
     .help = "of orders, arrivals and payloads (default: a fresh one)",
     .value = whole_value{0, largest_seed,
                          [](run_request& r, std::int64_t n) {
                              r.seed = static_cast<std::uint64_t>(n);
                          }}},
    {.name = "--task-timeout",
     .key = "task_timeout",
     .placeholder = "TIME",
     .help =
         "a task that executes for longer, as in 50ms, ends as timed_out and its worker process is "
         "killed",
     .value =
         duration_value{longest_timeout_ns,
                        [](run_request& r, std::int64_t ns) { r.limits.task_timeout_ns = ns; }}},
    {.name = "--retries",
     .key = "retries",
     .placeholder = "N",
     .help = "a task whose worker died is tried again so often",
     .value = whole_value{0, most_retries,
                          [](run_request& r,
                             std::int64_t n) { r.limits.retries = static_cast<int>(n); }}},
    {.name = "--max-tasks-per-worker",
     .key = "max_tasks_per_worker",
     .placeholder = "N",
     .help = "a worker process is replaced after so many tasks",
     .value =
         whole_value{1, most_tasks_per_worker,
                     [](run_request& r,
                        std::int64_t
                            n) { r.limits.max_tasks_per_worker = static_cast<std::uint64_t>(n); }}},
    {.name = "--worker-memory",
     .key = "worker_memory",
     .placeholder = "SIZE",
     .help = "address space of each worker process, as in 512MiB",
     .value = bytes_value{[](run_request& r, std::uint64_t bytes) {
         r.limits.worker_memory_bytes = bytes;
     }}},
    {.name = "--cancel-pending",
     .key = "cancel_pending",
     .placeholder = "",
     .help = "cancel what no worker has begun when the window of a load ends",
     .value = flag_value{[](run_request& r, bool on) { r.cancel_pending = on; }}},
    {.name = "--quick",
     .key = "",
     .placeholder = "",
     .help = "fewer and shorter trials: a look, not a study",
     .value = flag_value{[](run_request& r, bool on) { r.quick = on; }}},
    {.name = "--benchmark_filter",
     .key = "",
     .placeholder = "REGEX",
     .help = "only cells whose name matches; -REGEX: the others",
     .value = text_value{[](run_request& r, const std::string& filter) { r.filter = filter; }}},
};

}  // namespace

std::span<const study_option> study_options() {
    return all_options;
}

}  // namespace stratbench
