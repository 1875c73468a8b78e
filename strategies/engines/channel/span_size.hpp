#pragma once

#include <cstddef>
#include <cstdint>

namespace stratbench {

/// How many tasks to handle between two announcements of results: one, unless tasks are so short
/// that the announcement would cost more than they do. A result never waits for longer than about
/// `target_ns` because of it.
class span_size {
  public:
    static constexpr std::size_t most = 64;
    static constexpr std::int64_t target_ns = 2'000;

    [[nodiscard]] std::size_t value() const noexcept { return size_; }

    /// `count` tasks took `elapsed_ns` in all.
    void learn(std::size_t count, std::int64_t elapsed_ns) noexcept {
        if (elapsed_ns > target_ns) {
            size_ = size_ > 1 ? size_ / 2 : 1;
        } else if (count == size_ && elapsed_ns < target_ns / 2 && size_ < most) {
            size_ *= 2;
        }
    }

  private:
    std::size_t size_ = 1;
};

}  // namespace stratbench
