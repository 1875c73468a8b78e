#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

#include "harness/base/shared_memory.hpp"
#include "strategies/contract/strategy.hpp"
#include "strategies/contract/window_ahead.hpp"

namespace stratbench {

/// Rises with every change of what follows: a backend that knows another one is refused.
inline constexpr std::uint32_t board_version = 1;

/// The first page of a board. docs/backends.md describes it for those who write backends.
struct board_header {
    char magic[8] = {'s', 't', 'r', 'b', 'o', 'a', 'r', 'd'};
    std::uint32_t version = board_version;
    /// 0; 1 = accept no more tasks; 2 = nor execute what has been accepted.
    std::atomic<std::uint32_t> stop{0};
    /// Tasks of this window, and where its tables begin; bytes from the board's beginning.
    std::uint64_t tasks = 0;
    std::uint64_t tasks_at = 0;
    std::uint64_t payload_at = 0;
    std::uint64_t accounts_at = 0;
    /// The opening of the window; CLOCK_MONOTONIC.
    std::int64_t opened_ns = 0;
    /// arrival_rule.
    std::uint64_t at_once = 0;
    std::int64_t every_ns = 0;
    std::int64_t until_ns = 0;
    arrival_rule::shape arrivals = arrival_rule::shape::scheduled;
    std::uint32_t unused = 0;
    /// Name of the workload of all tasks, ended by a 0.
    char workload[40] = {};
};
static_assert(std::atomic<std::uint32_t>::is_always_lock_free && sizeof(board_header) == 128);

/// A task as a backend sees it; its id is its index.
struct board_task {
    /// From the opening, of a schedule; else 0.
    std::int64_t due_ns = 0;
    std::int64_t args[4] = {};
    std::uint64_t seed = 0;
    /// Where its payload begins behind `payload_at`, in units of 64 bytes, and its length in bytes.
    std::uint32_t payload_at = 0;
    std::uint32_t payload_bytes = 0;
    std::uint32_t wait_us = 0;
    std::uint32_t stamped = 0;
};
static_assert(sizeof(board_task) == 64);

/// The memory that a strategy shares with a backend: header, tasks, payloads, and an account of
/// each task at the same index. Pages that no window has used take no memory.
///
/// Thread safety: one thread; request_stop from any.
class board {
  public:
    static constexpr std::size_t bytes = std::size_t{1} << 30;

    /// Throws std::system_error where the system gives no memory.
    board();

    /// Lays out the tasks of a window, of a closed load perhaps only the first; their accounts are
    /// empty. Throws std::runtime_error where it has no room for them.
    void lay_out(const window_ahead& window);
    /// The window is open from `at_ns` on.
    void open(std::int64_t at_ns) { header().opened_ns = at_ns; }
    void request_stop(stop_mode mode) {
        header().stop.store(mode == stop_mode::cancel ? stop_cancel : stop_drain);
    }

    [[nodiscard]] std::span<const task_account> accounts() const;
    [[nodiscard]] int fd() const { return memory_.fd(); }

  private:
    static constexpr std::uint32_t stop_drain = 1;
    static constexpr std::uint32_t stop_cancel = 2;

    [[nodiscard]] board_header& header() const {
        return *reinterpret_cast<board_header*>(memory_.data());
    }

    shared_memory memory_;
    /// Of the window that was laid out last; what the header says may have been written over.
    std::uint64_t tasks_ = 0;
    std::uint64_t accounts_at_ = 0;
};

}  // namespace stratbench
