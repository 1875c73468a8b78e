#pragma once

#include <cstdint>
#include <optional>

namespace stratbench {

/// Measures for how long a worker has been executing its task, as far as its owner can tell by
/// looking from time to time. Tasks are named by their tickets, as channel::executing() gives them.
///
/// Thread safety: none.
class deadline_watch {
  public:
    /// Whether the worker has been seen executing this very task for `limit_ns` or longer.
    [[nodiscard]] bool has_passed(std::optional<std::uint32_t> executing, std::int64_t now,
                                  std::int64_t limit_ns) const;

    /// The worker is seen executing this task now, or none. Returns when to look again.
    std::int64_t look(std::optional<std::uint32_t> executing, std::int64_t now,
                      std::int64_t limit_ns);

  private:
    /// The task that the worker was last seen executing, and since when.
    std::optional<std::uint32_t> executing_;
    std::int64_t since_ns_ = 0;
};

}  // namespace stratbench
