#pragma once

#include <string_view>

#include "workloads/task.hpp"

namespace stratbench {

/// Hears, where tasks are executed, what is told of them beside their replies.
///
/// Thread safety: as many threads as execute tasks.
class task_witness {
  public:
    task_witness() = default;
    task_witness(const task_witness&) = delete;
    task_witness& operator=(const task_witness&) = delete;
    virtual ~task_witness() = default;

    /// Before and after a task of a workload that prints; of no other.
    virtual void begins(const task& t) noexcept = 0;
    virtual void ended(const task& t) noexcept = 0;
    /// It ended with this exception; before `ended`.
    virtual void failed(const task& t, std::string_view what) noexcept = 0;
};

}  // namespace stratbench
