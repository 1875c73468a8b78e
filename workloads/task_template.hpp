#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/hash.hpp"
#include "harness/base/spec.hpp"
#include "workloads/drawn_size.hpp"
#include "workloads/workload.hpp"

namespace stratbench {

class size_timing;

/// `sqrt_log:n=300000,step=10,wait=2ms`, resolved: what every task of a cell has in common.
struct task_template {
    /// Its size is the mean where sizes are drawn.
    task first;
    /// Added to args[0] for each further task, up to the largest size that there is.
    std::int64_t step = 0;
    /// The sizes of the tasks, where they are drawn; then there is no step.
    std::optional<drawn_size> sizes = {};

    /// Task number `id`, with a seed drawn from `seed` and the id.
    [[nodiscard]] task make(std::uint64_t id, std::uint64_t seed) const {
        task t;
        make_in(t, id, seed);
        return t;
    }
    /// Makes it where it is to be: a copy of a task that has just been made would wait for
    /// its single fields to leave the processor's store buffer.
    void make_in(task& t, std::uint64_t id, std::uint64_t seed) const {
        t = first;
        t.id = id;
        t.seed = mix64(seed, id);
        if (step != 0 || sizes) {
            resize(t);
        }
    }
    /// The same tasks, all of the first one's size.
    [[nodiscard]] task_template alike() const;
    /// The longest payload of the first so many tasks.
    [[nodiscard]] std::uint32_t longest_payload(std::uint64_t tasks) const;
    /// A template of the same tasks, except that none misbehaves.
    [[nodiscard]] task_template tamed() const;
    /// The canonical spec, every parameter that differs from its default written out.
    [[nodiscard]] std::string text() const;

  private:
    void resize(task& t) const;
};

/// CPU time that one task of this template takes, executed serially on this thread, tamed and
/// without its wait; nanoseconds. The least of seven timed runs of a millisecond or more, 5 ms
/// apart: what else a shared machine does only adds to them.
double serial_cost_ns(const task_template& t);

/// Resolves a workload spec. `duration=1ms` is turned into an n by timing the workload here and
/// now (to three significant digits: timing is no better), so the same text may give another n on
/// another machine: freeze the result. Of a `duration` that is drawn (see drawn_size) each time
/// that is named is turned into an n. What is to be compared shares one `timing`. Throws
/// usage_error on an unknown name or key, a size below 1 or a duration that cannot be reached.
task_template resolve_workload(const spec& s, size_timing& timing);
task_template resolve_workload(const spec& s);

/// The files that the tasks of a workload come from or execute. Throws usage_error where the text
/// is no spec.
std::vector<std::string> files_of_workload(const std::string& text);

/// Throws usage_error where the value of a `duration` is none; times nothing.
void require_duration(std::string_view text);

}  // namespace stratbench
