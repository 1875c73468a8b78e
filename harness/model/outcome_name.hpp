#pragma once

#include <string_view>

#include "workloads/task.hpp"

namespace stratbench {

/// The same in the results file and in the completion stream.
constexpr std::string_view name_of(task_outcome what) {
    switch (what) {
        case task_outcome::ok:
            return "ok";
        case task_outcome::error:
            return "error";
        case task_outcome::crashed:
            return "crashed";
        case task_outcome::timed_out:
            return "timed_out";
        case task_outcome::cancelled:
            return "cancelled";
    }
    return "";
}

}  // namespace stratbench
