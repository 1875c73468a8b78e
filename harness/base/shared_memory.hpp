#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "harness/base/descriptor.hpp"

namespace stratbench {

/// So many bytes and what is left of their last cache line, so that what follows begins on one.
constexpr std::uint64_t on_cache_lines(std::uint64_t bytes) noexcept {
    constexpr std::uint64_t cache_line = 64;
    return (bytes + cache_line - 1) / cache_line * cache_line;
}

/// Anonymous memory that other processes can map through its descriptor; it has no name in the file
/// system and is gone with its last user. Zero-filled; close-on-exec; of mode 0600.
class shared_memory {
  public:
    shared_memory() = default;
    /// Throws std::system_error where the kernel gives no memory or no descriptor.
    explicit shared_memory(std::size_t bytes);
    /// Maps what another process made, read-only unless `writable`.
    shared_memory(descriptor file, bool writable);
    shared_memory(shared_memory&& other) noexcept;
    shared_memory& operator=(shared_memory&& other) noexcept;
    ~shared_memory();

    /// Forbids further writable mappings; the mapping of this process stays as it is.
    void seal_against_writing();

    /// Keeps this mapping from processes forked from now on.
    void keep_from_children();

    [[nodiscard]] std::byte* data() const noexcept { return memory_.data(); }
    [[nodiscard]] std::size_t size() const noexcept { return memory_.size(); }
    [[nodiscard]] int fd() const noexcept { return file_.get(); }

  private:
    descriptor file_;
    std::span<std::byte> memory_;
};

}  // namespace stratbench
