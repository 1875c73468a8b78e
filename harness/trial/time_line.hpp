#pragma once

#include <cstdint>

#include "harness/base/clock.hpp"
#include "harness/base/sleep.hpp"

namespace stratbench {

/// Where a window reads the time: this machine's clock, or a simulation's, in which an hour of
/// arrivals passes in seconds and every instant is known.
class time_line {
  public:
    time_line() = default;
    time_line(const time_line&) = delete;
    time_line& operator=(const time_line&) = delete;
    virtual ~time_line() = default;

    /// Nanoseconds; never goes back.
    virtual std::int64_t now() = 0;
    /// Returns at `until_ns` or later, or a little earlier where something interrupts it.
    virtual void sleep_until(std::int64_t until_ns) = 0;
};

/// now_ns() and sleep_until() of this machine.
class machine_time final : public time_line {
  public:
    std::int64_t now() override { return now_ns(); }
    void sleep_until(std::int64_t until_ns) override { stratbench::sleep_until(until_ns); }

    static time_line& instance() {
        static machine_time only;
        return only;
    }
};

}  // namespace stratbench
