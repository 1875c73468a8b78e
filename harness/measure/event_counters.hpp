#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/descriptor.hpp"
#include "harness/model/results.hpp"

namespace stratbench {

/// What the kernel (perf_event_open) counts for this thread and every thread and process that comes
/// from it after the constructor, living or gone: moves between CPUs, and events of the CPUs. Where
/// the CPUs count fewer events at once than are asked for, the kernel takes turns, and a figure is
/// scaled to the whole time.
///
/// Thread safety: none.
class event_counters {
  public:
    /// Begins to count what there is.
    event_counters();

    /// Why there are none; empty where there are.
    [[nodiscard]] const std::string& migrations_absent() const { return no_migrations_; }
    [[nodiscard]] const std::string& hardware_absent() const { return no_hardware_; }

    /// Since the constructor.
    struct reading {
        std::optional<std::uint64_t> migrations;
        hardware_counts hardware;
    };
    [[nodiscard]] reading read() const;

    /// Descriptors that it holds.
    [[nodiscard]] int descriptors() const;

  private:
    descriptor migrations_, cycles_, instructions_, cache_misses_, branch_misses_;
    std::string no_migrations_, no_hardware_;
};

/// What was counted between two readings.
event_counters::reading operator-(const event_counters::reading& after,
                                  const event_counters::reading& before);

}  // namespace stratbench
