#include "harness/model/labels.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace stratbench {

namespace {

constexpr std::array label_table{
    label_entry{label::saturated, "tasks that were due piled up: it cannot keep up"},
    label_entry{label::rate_not_held, "fewer arrivals were offered than the load asks for"},
    label_entry{label::closed_load, "its arrivals wait for its results: no tail to compare"},
    label_entry{label::task_failures, "some accepted tasks did not end well"},
    label_entry{label::sampled_stamps, "service times come from a sample of the tasks"},
    label_entry{label::sums_within_bound,
                "its language adds floats in another way: values were held to a bound, not to "
                "bits"},
    label_entry{label::oversubscribed, "more workers than CPUs"},
    label_entry{label::steal, "the hypervisor took CPU time away meanwhile"},
    label_entry{label::foreign_load, "other processes used the CPUs meanwhile"},
    label_entry{label::hidden_steal,
                "its CPUs' speed changed by more than a fifth, though no steal was reported"},
    label_entry{label::idle_cpu, "its processes used CPU time while it was another trial's turn"},
    label_entry{label::throttled, "the cgroup's CPU quota stopped the trial meanwhile"},
    label_entry{label::paused,
                "it was stopped and went on, or the machine was suspended: what was measured "
                "around that is left out"},
    label_entry{label::pacing, "a waiting front end got most of its tasks more than 20 us late"},
    label_entry{label::harness_overhead, "the instrumentation costs more than 2 % of a task"},
    label_entry{label::events_lost, "some of its completions are missing from the --events file"},
    label_entry{
        label::cpu_withheld,
        "no cores and no efficiency: more CPU time than its CPUs have, or windows below the "
        "10 ms tick of its clock"},
    label_entry{label::faster_than_possible, "faster than the CPUs allow: no verdict on it"},
};

constexpr std::array warning_table{
    warning_entry{warning_code::steal, finding::of_the_environment,
                  "run on a machine of its own, or at a quieter time, and use more --rounds"},
    warning_entry{warning_code::foreign_load, finding::of_the_environment,
                  "stop what else is running, or leave CPUs to it with --cpus"},
    warning_entry{
        warning_code::hidden_steal, finding::of_the_plan,
        "trust ratios within one study, not absolute figures nor two days' files; machines "
        "that share no cores with others are quieter"},
    warning_entry{warning_code::slow_start, finding::of_the_plan,
                  "run it again, or give the rate as a number, as in poisson:500/s"},
    warning_entry{warning_code::no_cpu_governor_performance, finding::of_the_environment,
                  "set the governor: cpupower frequency-set --governor performance"},
    warning_entry{warning_code::smt, finding::of_the_environment,
                  "use at most one CPU of each core: --cpus with half of them, or switch SMT off"},
    warning_entry{warning_code::thermal, finding::of_the_environment,
                  "let the machine cool down, or cool it better, and measure again"},
    warning_entry{warning_code::throttled_cgroup, finding::of_the_environment,
                  "raise the cgroup's CPU quota, or stay below it with --cpus"},
    warning_entry{warning_code::aslr, finding::of_the_environment,
                  "address randomisation adds scatter from trial to trial: use more --rounds"},
    warning_entry{warning_code::debug_build, finding::of_the_environment,
                  "measure a release build: build/release/stratbench"},
    warning_entry{warning_code::oversubscribed, finding::of_the_plan,
                  "use at most as many --workers as CPUs, unless tasks wait"},
    warning_entry{warning_code::harness_overhead, finding::of_the_plan,
                  "use larger tasks, such as duration=100us"},
    warning_entry{warning_code::pacing, finding::of_the_plan,
                  "lower the rate, or leave a CPU to the front end"},
    warning_entry{warning_code::few_rounds, finding::of_the_plan,
                  "use --rounds 5 or more for a verdict"},
};

constexpr std::array by_majority{label::saturated,    label::rate_not_held, label::pacing,
                                 label::foreign_load, label::steal,         label::throttled,
                                 label::idle_cpu,     label::cpu_withheld};

const warning_entry& entry_of(std::string_view code) {
    const auto found = std::find_if(warning_table.begin(), warning_table.end(),
                                    [&](const warning_entry& entry) { return entry.code == code; });
    if (found == warning_table.end()) {
        throw std::logic_error("not a warning code: " + std::string(code));
    }
    return *found;
}

}  // namespace

bool has_label(std::span<const std::string> labels, std::string_view wanted) {
    return std::ranges::find(labels, wanted) != labels.end();
}

bool needs_majority(std::string_view label) {
    return std::ranges::find(by_majority, label) != by_majority.end();
}

std::span<const label_entry> labels() {
    return label_table;
}

std::span<const warning_entry> warning_codes() {
    return warning_table;
}

bool is_of_the_environment(std::string_view code) {
    return entry_of(code).about == finding::of_the_environment;
}

warning make_warning(std::string_view code, std::string message) {
    return {std::string(code), std::move(message), std::string(entry_of(code).advice)};
}

}  // namespace stratbench
