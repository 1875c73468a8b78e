#include "harness/plan/plan_limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "harness/base/spec.hpp"
#include "harness/load/load_spec.hpp"
#include "harness/plan/option_table.hpp"
#include "harness/plan/stopping.hpp"

namespace stratbench {
namespace {

constexpr double day_ns = 24 * 3'600e9;

/// What the table accepts of an option, for a value that a plan has as a number.
struct range {
    double lowest, highest;
    std::string text;
};

struct range_of {
    range operator()(const whole_value& v) const { return between(v.lowest, v.highest); }
    range operator()(const wholes_value& v) const { return between(v.lowest, v.highest); }
    range operator()(const duration_value& v) const { return between(1, v.highest); }
    range operator()(const bytes_value&) const { return between(1, largest_size_bytes); }
    range operator()(const percent_value&) const { return {0, 1, "a part above 0 and up to 1"}; }
    range operator()(const auto&) const { return {0, 0, ""}; }

  private:
    static range between(auto lowest, auto highest) {
        return {static_cast<double>(lowest), static_cast<double>(highest),
                fmt::format("a whole number from {} to {}", lowest, highest)};
    }
};

range range_by(std::string_view option) {
    const auto found = std::ranges::find(study_options(), option, &study_option::name);
    return std::visit(range_of(), found->value);
}

[[noreturn]] void refuse(std::string_view what, auto value, std::string_view accepted) {
    throw usage_error(fmt::format("{} is {}; accepted is {}", what, value, accepted));
}

/// Whether 0 means that something was not asked for.
enum class zero { is_a_value, is_off };

void check(std::string_view option, std::string_view what, auto value, zero means) {
    const auto number = static_cast<double>(value);
    if (means == zero::is_off && number == 0) {
        return;
    }
    const range accepted = range_by(option);
    const bool percent = accepted.highest == 1 && accepted.lowest == 0;
    if (number < accepted.lowest || number > accepted.highest || (percent && number <= 0)) {
        refuse(what, value, fmt::format("{} ({})", accepted.text, option));
    }
}

/// A load's figures that its text fixes.
void check_load(const cell& c) {
    if (c.load.kind == load_plan::shape::trace && c.load.text.starts_with("trace:")) {
        return;  // its file is read, and known by its content, where the arrivals are made
    }
    const load_plan fixed = parse_load(c.load.text).plan;
    const auto same = [&](std::string_view what, auto written, auto planned) {
        if (written != 0 && written != planned) {
            throw usage_error(fmt::format("{} of load '{}' is {}, not what the text says", what,
                                          c.load.text, planned));
        }
    };
    if (fixed.kind != c.load.kind) {
        throw usage_error(fmt::format("load '{}' is of another kind than its text", c.load.text));
    }
    same("tasks", fixed.tasks, c.load.tasks);
    same("every_ns", fixed.every_ns, c.load.every_ns);
    same("queue", fixed.queue, c.load.queue);
    same("outstanding", fixed.outstanding, c.load.outstanding);
    same("burst", fixed.burst, c.load.burst);
    same("rate_per_s", fixed.rate_per_s, c.load.rate_per_s);
}

void check_cell(const cell& c) {
    check("--workers", "workers", c.workers, zero::is_a_value);
    check("--workers", "group_workers", c.group_workers, zero::is_off);
    check("--cpus", "cpus", c.cpus, zero::is_a_value);
    check("--task-timeout", "task_timeout_ns", c.limits.task_timeout_ns, zero::is_off);
    check("--retries", "retries", c.limits.retries, zero::is_a_value);
    check("--max-tasks-per-worker", "max_tasks_per_worker", c.limits.max_tasks_per_worker,
          zero::is_off);
    check("--worker-memory", "worker_memory_bytes", c.limits.worker_memory_bytes, zero::is_off);
    if (!c.skip_reason.empty()) {
        return;
    }
    check_load(c);
    if (!std::has_single_bit(c.stamp_one_in)) {
        refuse("stamp_one_in", c.stamp_one_in, "a power of two");
    }
    if (!(c.serial_ns > 0 && c.serial_ns <= day_ns)) {
        refuse("serial_ns", c.serial_ns, "a cost above 0, up to a day");
    }
    const bool windowed = c.load.ends_with_window();
    if (c.window_ns < (windowed ? 1 : 0) || static_cast<double>(c.window_ns) > day_ns) {
        refuse("window_ns", c.window_ns, "a time above 0, up to a day");
    }
    if (c.lead_in_ns < 0 || c.lead_in_ns > c.window_ns) {
        refuse("lead_in_ns", c.lead_in_ns, "a time from 0 to the window");
    }
}

}  // namespace

void require_within_limits(const study_plan& plan) {
    if (plan.cells.empty()) {
        throw usage_error("has no cells");
    }
    if (plan.rounds != unlimited_rounds) {
        check("--rounds", "rounds", plan.rounds, zero::is_a_value);
    }
    check("--generations", "generations", plan.generations, zero::is_off);
    require_round_for_each(plan.generations, plan.rounds);
    check("--precision", "precision", plan.precision, zero::is_off);
    check("--budget", "budget_ns", plan.budget_ns, zero::is_off);
    check("--tie", "tie", plan.tie, zero::is_a_value);
    check("--seed", "seed", plan.seed, zero::is_a_value);
    check("--warm-up", "warm_up_ns", plan.warm_up_ns, zero::is_off);
    for (const cell& c : plan.cells) {
        try {
            check_cell(c);
        } catch (const usage_error& error) {
            throw usage_error(fmt::format("cell {} ({}): {}", c.index, c.name(), error.what()));
        }
    }
}

}  // namespace stratbench
