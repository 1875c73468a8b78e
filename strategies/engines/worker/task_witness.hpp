#pragma once

#include <string_view>

#include "workloads/task.hpp"

namespace stratbench {

/// Is told, where tasks are executed, what their replies do not say.
///
/// Thread safety: as many threads as execute tasks.
class task_witness {
  public:
    task_witness() = default;
    task_witness(const task_witness&) = delete;
    task_witness& operator=(const task_witness&) = delete;
    virtual ~task_witness() = default;

    /// Called before and after each task of a workload that prints, and for no other.
    virtual void begins(const task& t) noexcept = 0;
    virtual void ended(const task& t) noexcept = 0;
    /// Called before `ended` where the task ended with an exception; `what` is its text.
    virtual void failed(const task& t, std::string_view what) noexcept = 0;
};

}  // namespace stratbench
