#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/hash.hpp"
#include "harness/base/spec.hpp"
#include "workloads/api.hpp"
#include "workloads/task.hpp"

namespace stratbench {

/// Whether both have the same bits; for workload::matches.
bool same_bits(const task&, std::uint64_t value, std::uint64_t reference);

/// The same for the double of a sum of n terms >= 0 that may have been added in any order, of terms
/// that another libm has: the relative difference is at most (2n + 8) 2^-53.
bool sum_within_bound(const task& t, std::uint64_t value, std::uint64_t reference);

/// A text that says what the tasks of a workload do, where parameters cannot: it is all that
/// follows the name in a spec (`command:./resize {id}`).
struct workload_line {
    /// The line of a spec that is the name alone.
    std::string_view fallback;
    /// Sets the task's arguments. Throws usage_error.
    void (*read)(std::string_view line, task& into) = nullptr;
    /// The line that they stand for.
    std::string (*text)(const task&) = nullptr;
    /// The files that a line names: nothing may be written to them. Throws usage_error.
    std::vector<std::string> (*files)(std::string_view line) = nullptr;
};

/// A pure function from task to result, with what is needed to describe and to check it.
///
/// Thread safety: every function may be called from any thread of any process at any time; none
/// keeps state. `execute` is what is measured: it must do its n steps of work whatever the
/// compiler, so an accumulator that could be folded into a formula is kept opaque.
struct workload {
    /// What it was compiled against; not to be set.
    int api = STRATBENCH_API;
    /// Without spaces and `:,=()`; no other workload has it.
    std::string_view name;
    /// One line for `list` and the reports.
    std::string_view summary;
    /// Own parameters, at most four, in the order of task::args: whole numbers from 1, durations as
    /// nanoseconds, and the positions of named values among the parameter's choices. What every
    /// workload takes besides is in `common_parameters`.
    std::span<const parameter> parameters;

    /// The result's bit pattern. `payload` holds task::payload_bytes bytes. An exception ends the
    /// task as an error.
    std::uint64_t (*execute)(const task&, payload_view payload) = nullptr;
    /// Computes that result serially and by other code wherever there is other code. Throws for no
    /// task.
    std::uint64_t (*reference)(const task&, payload_view payload) = nullptr;
    /// Whether a result is right. Equality of bits, unless the workload states a bound.
    bool (*matches)(const task&, std::uint64_t value, std::uint64_t reference) = same_bits;

    /// Bytes of payload that a task with these arguments carries; null = never any.
    std::uint64_t (*payload_bytes)(const task&) = nullptr;
    /// Writes the payload, a pure function of the task, into `out` of task::payload_bytes bytes.
    void (*generate)(const task&, std::span<std::byte> out) = nullptr;

    /// Rises when a task comes to do other work than before: figures of two versions are not
    /// comparable.
    int version = 1;
    /// Whether id and seed leave the result unchanged, so that tasks with equal args share one
    /// reference.
    bool depends_on_args_only = true;
    /// Whether `n` is a size: an amount of work that can be chosen to last a given time.
    bool has_size = true;
    /// Whether the result is a double; else it is an unsigned integer.
    bool floating_result = false;
    /// Whether the work is done in processes that a task makes, and waits for.
    bool works_elsewhere = false;
    /// A workload with a line has neither parameters nor a size.
    workload_line line = {};
    /// A result for people; null = a number.
    std::string (*text)(std::uint64_t value) = nullptr;
    /// Whether a task may print: then its worker says where its output begins and ends, which costs
    /// some system calls for each task. What others print is labelled with the likely task.
    bool prints = false;
    /// Throws usage_error on arguments that the workload cannot have; null = any from 1 will do.
    void (*check)(const task&) = nullptr;

    /// Only a workload whose tasks may misbehave (crash, hang, throw ...) has it: gives a task
    /// arguments with which it does not. Tasks that are executed outside a measured window, to warm
    /// up or to be timed, are tamed first.
    void (*tame)(task&) = nullptr;
    /// Memory that a task takes if nothing stops it; bytes. Where it is above 0, the task may run
    /// only in a worker process that is allowed less. Null = 0.
    std::uint64_t (*memory_bytes)(const task&) = nullptr;

    [[nodiscard]] bool may_misbehave() const { return tame != nullptr; }
};

/// What `w` takes besides its own parameters: `wait`, `reply` and, where it has a size, `step`
/// (added to n from task to task) and `duration` (chooses n by timing). Nothing, where it has a
/// line.
std::span<const parameter> common_parameters(const workload& w);

/// All workloads, in the order of the CMakeLists. A task names one by its index here, so the order
/// must be the same in every binary of one build.
std::span<const workload* const> workloads();

/// The index in workloads(). Throws usage_error with a suggestion where the name is unknown.
std::uint16_t workload_index(std::string_view name);

/// Executes a task: the result's bit pattern.
inline std::uint64_t execute(const task& t, payload_view payload) {
    return workloads()[t.workload]->execute(t, payload);
}

/// A result for people: a double rounded to four decimals and written as Python's `round(x, 4)`
/// is (`193335055.834`), anything else as an unsigned decimal number.
std::string value_text(const task& t, std::uint64_t value);

/// Fills `out` (task::payload_bytes long) with the payload of a task; does nothing for an empty
/// one.
inline void generate_payload(const task& t, std::span<std::byte> out) {
    if (!out.empty()) {
        workloads()[t.workload]->generate(t, out);
    }
}

}  // namespace stratbench
