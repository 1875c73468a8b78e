#pragma once

#include <string_view>

#include "workloads/task.hpp"

namespace stratbench {

/// The same in the results file and in the completion stream.
constexpr std::string_view name_of(outcome what) {
    switch (what) {
        case outcome::ok:
            return "ok";
        case outcome::error:
            return "error";
        case outcome::crashed:
            return "crashed";
        case outcome::timed_out:
            return "timed_out";
        case outcome::cancelled:
            return "cancelled";
    }
    return "";
}

}  // namespace stratbench
