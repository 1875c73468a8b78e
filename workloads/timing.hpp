#pragma once

#include <cstdint>
#include <vector>

#include "workloads/task_template.hpp"

namespace stratbench {

/// The largest integer up to which every one is a double, so that no workload sums wrong terms.
inline constexpr std::int64_t largest_argument = std::int64_t{1} << 53;

/// Bytes of payload that a task with these arguments carries.
std::uint32_t payload_length(const task& t);

/// Whether these are tasks of one workload that differ in nothing but their size, and in what takes
/// no CPU time: their waits and their seeds.
bool is_same_work(const task& a, const task& b);

/// Sizes for durations. A rented CPU's speed changes within seconds by more than what is compared
/// differs, so a second duration of the same work is measured against the first, and not against
/// the clock again: `duration=1ms` and `duration=exponential(mean=1ms)` are as much work.
class size_timing {
  public:
    /// Chooses n so that a task takes `duration_ns` on this machine. Throws usage_error where there
    /// is none.
    void choose(task_template& t, std::int64_t duration_ns);

  private:
    struct timed_size {
        task first;
        std::int64_t duration_ns;
    };
    /// Gives the task its size by proportion to a known one; false where its cost is not seen to
    /// be in proportion.
    static bool follows(task_template& t, const timed_size& known, std::int64_t duration_ns);

    std::vector<timed_size> timed_;
};

}  // namespace stratbench
