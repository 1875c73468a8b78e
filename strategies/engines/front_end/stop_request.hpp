#pragma once

#include <atomic>
#include <cstdint>

#include "strategies/contract/strategy.hpp"

namespace stratbench {

/// Passes on what strategy::request_stop asks for to a running `run`.
///
/// Thread safety: any thread.
class stop_request {
  public:
    /// Forgets earlier requests: a new run begins.
    void reset() noexcept { state_.store(wanted::nothing); }
    void set(stop_mode mode) noexcept {
        state_.store(mode == stop_mode::cancel ? wanted::cancel : wanted::drain);
    }
    /// Whether to take no more tasks.
    [[nodiscard]] bool stopping() const noexcept {
        return state_.load(std::memory_order_relaxed) != wanted::nothing;
    }
    /// Whether to give up on tasks that no worker has started as well.
    [[nodiscard]] bool cancelling() const noexcept {
        return state_.load(std::memory_order_relaxed) == wanted::cancel;
    }

  private:
    enum class wanted : std::uint8_t { nothing, drain, cancel };
    std::atomic<wanted> state_{wanted::nothing};
};

}  // namespace stratbench
