#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "harness/base/counted.hpp"
#include "harness/base/files/standard_streams.hpp"
#include "harness/base/process/orphans.hpp"
#include "harness/base/spec.hpp"
#include "harness/cli/commands.hpp"
#include "harness/cli/own_work/conformance.hpp"
#include "harness/launch/own_worker.hpp"
#include "harness/plan/option_table.hpp"
#include "harness/plan/work_check.hpp"
#include "strategies/registry.hpp"
#include "workloads/task_template.hpp"

namespace stratbench {
namespace {

constexpr const char* check_examples = R"(
Examples:
  stratbench check                                every strategy of C++ with every workload
  stratbench check --workload sqrt_log:n=5000
  mybench check --workload my_work --strategy my_strategy

Every strategy executes the same tasks with 1, 2 and 4 workers, and each value is compared with that
of the workload's serial reference; a few tasks are executed twice. Exit code: 0; 1 when something is
wrong; 2 on a usage or environment error.)";

struct check_options {
    std::vector<std::string> workloads, strategies;
    std::string seed = "1";
};

/// Enough tasks to keep four workers at it, few for what makes processes for each.
std::size_t task_count(const strategy_properties& of, const task_template& tasks) {
    constexpr std::size_t many = 200;
    constexpr std::size_t few = 12;
    const bool elsewhere = workloads()[tasks.first.workload]->works_elsewhere;
    return of.antipattern || of.least_task_ns > 0 || elsewhere ? few : many;
}

/// As they were given; else all, in a small size that grows from task to task.
std::vector<std::string> workloads_of(const check_options& o) {
    if (!o.workloads.empty()) {
        return o.workloads;
    }
    std::vector<std::string> all;
    for (const workload* w : workloads()) {
        all.push_back(
            std::string(w->name) +
            (w->has_size ? fmt::format(":{}=257,step=3", w->parameters.front().name) : ""));
    }
    return all;
}

std::vector<std::string> strategies_of(const check_options& o) {
    if (!o.strategies.empty()) {
        return o.strategies;
    }
    std::vector<std::string> all;
    for (const strategy_info* s : strategies()) {
        if (!s->properties.own_program) {  // those execute kernels of their own
            all.emplace_back(s->name);
        }
    }
    return all;
}

/// One strategy with each number of workers: a line. Gives whether all was right.
bool check_strategy(const std::string& strategy, const task_template& tasks, std::uint64_t seed) {
    const strategy_properties& of = find_strategy(parse_spec(strategy, "strategy").name).properties;
    std::string problem;
    std::size_t executed = 0;
    for (const int workers : {1, 2, 4}) {
        if (!problem.empty() || (of.in_caller && workers > 1)) {
            break;
        }
        const auto result =
            check_conformance(strategy, workers, tasks, task_count(of, tasks), seed);
        executed += result.tasks;
        if (!result.problem.empty()) {
            problem = fmt::format("with {}, {}", counted(workers, "worker"), result.problem);
        }
    }
    say(fmt::format("  {:<28} {}\n", strategy,
                    problem.empty() ? fmt::format("{} right", counted(executed, "task"))
                                    : "WRONG: " + problem));
    return problem.empty();
}

int check(const check_options& o) {
    const auto seed = static_cast<std::uint64_t>(parse_integer(o.seed, "--seed", 0, largest_seed));
    require_own_worker();
    adopt_orphans();
    const std::vector<std::string> who = strategies_of(o);
    for (const std::string& strategy : who) {
        const spec wanted = parse_spec(strategy, "strategy");
        if (checked_strategy(wanted).properties.own_program) {
            throw usage_error("check takes strategies of C++; " + in_quotes(strategy) +
                              " is a program of its own, which run verifies");
        }
    }
    std::vector<task_template> work;
    for (const std::string& text : workloads_of(o)) {
        const spec wanted = parse_spec(text, "workload");
        require_sound_work(wanted);
        work.push_back(resolve_workload(wanted));
    }
    bool right = true;
    for (const task_template& tasks : work) {
        say(tasks.text() + "\n");
        for (const std::string& strategy : who) {
            right = check_strategy(strategy, tasks, seed) && right;
        }
    }
    return right ? 0 : 1;
}

}  // namespace

command add_check(CLI::App& program) {
    CLI::App* const sub =
        program.add_subcommand("check", "is the result the same, whichever strategy executes it?");
    sub->footer(check_examples);
    const auto o = std::make_shared<check_options>();
    const auto many = [&](const char* name, std::vector<std::string>& into, const char* help) {
        // Repeated, never split at commas: a spec has commas of its own.
        sub->add_option(name, into, help)
            ->expected(1)
            ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
            ->type_name("SPEC");
    };
    many("--workload", o->workloads, "what to check (default: all, with small tasks)");
    many("--strategy", o->strategies, "who executes it (default: every strategy of C++)");
    sub->add_option("--seed", o->seed, "of what tasks draw")->type_name("N")->capture_default_str();
    return [o] { return check(*o); };
}

}  // namespace stratbench
