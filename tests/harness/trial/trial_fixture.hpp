#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <string>

#include "harness/launch/launcher.hpp"
#include "harness/measure/usable_cpus.hpp"
#include "tests/units.hpp"

/// Whole trials, each in processes of its own.
namespace stratbench::fixture {

inline constexpr std::int64_t deadline_ns = 60'000 * ms;
inline const std::atomic<bool> go_on{false};

inline trial_request request_for(const std::string& strategy, const std::string& workload) {
    trial_request request;
    request.planned.strategy = strategy;
    request.planned.workload = workload;
    request.planned.workers = 2;
    request.planned.cpus = usable_cpus();
    request.planned.serial_ns = 20'000;
    request.planned.load = {.kind = load_plan::shape::batch, .text = "batch:50", .tasks = 50};
    request.warm_up_ns = 1 * ms;
    return request;
}

inline void expect_nothing_left() {
    EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1) << "a process is left";
    EXPECT_EQ(errno, ECHILD);
}

}  // namespace stratbench::fixture
