#pragma once

#include <cstdint>

#include "harness/base/shared_memory.hpp"

namespace stratbench {

/// Which part of an arena is in use, as a ring. Positions count bytes for ever; position p is at
/// p % size. Pieces begin on cache lines.
///
/// Thread safety: none.
class arena_use {
  public:
    explicit arena_use(std::uint64_t size) : size_(size) {}

    [[nodiscard]] bool has_room(std::uint32_t bytes) const noexcept {
        return bytes == 0 || position_of(bytes) + on_cache_lines(bytes) - tail_ <= size_;
    }
    /// Takes a piece, not empty, which is in one part; gives where. Precondition: has_room.
    std::uint64_t take(std::uint32_t bytes) noexcept {
        const std::uint64_t position = position_of(bytes);
        head_ = position + on_cache_lines(bytes);
        return position % size_;
    }

    /// The position behind the latest piece.
    [[nodiscard]] std::uint64_t head() const noexcept { return head_; }
    /// Takes back the pieces behind an earlier head().
    void take_back_to(std::uint64_t head) noexcept { head_ = head; }
    /// Nobody needs the pieces before a head() any more.
    void release_to(std::uint64_t head) noexcept { tail_ = head; }

  private:
    /// One that does not fit before the end begins at the start again.
    [[nodiscard]] std::uint64_t position_of(std::uint32_t bytes) const noexcept {
        const std::uint64_t offset = head_ % size_;
        return offset + bytes <= size_ ? head_ : head_ + (size_ - offset);
    }

    std::uint64_t size_;
    std::uint64_t head_ = 0;
    std::uint64_t tail_ = 0;
};

}  // namespace stratbench
