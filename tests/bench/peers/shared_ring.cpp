// The floor of everything that crosses a process border: records through a ring, both sides
// spinning, nothing checked, nobody told.

#include <array>
#include <atomic>
#include <memory>

#include "harness/base/idle_spin.hpp"
#include "tests/bench/peers/echo_process.hpp"
#include "tests/bench/peers/peer.hpp"

namespace stratbench {
namespace {

struct alignas(64) record {
    std::uint64_t id;
    std::uint64_t value;
};

/// One producer, one consumer. Each index is written by one side and counts for ever; a side reads
/// the other's only when its own copy of it is used up.
class ring {
  public:
    void push(const record& r) noexcept {
        const std::uint64_t at = pushed_.load(std::memory_order_relaxed);
        while (at - popped_seen_ == slots_.size()) {
            popped_seen_ = popped_.load(std::memory_order_acquire);
            if (at - popped_seen_ == slots_.size()) {
                cpu_relax();
            }
        }
        slots_[at % slots_.size()] = r;
        pushed_.store(at + 1, std::memory_order_release);
    }
    bool try_pop(record& r) noexcept {
        const std::uint64_t at = popped_.load(std::memory_order_relaxed);
        if (at == pushed_seen_) {
            pushed_seen_ = pushed_.load(std::memory_order_acquire);
            if (at == pushed_seen_) {
                return false;
            }
        }
        r = slots_[at % slots_.size()];
        popped_.store(at + 1, std::memory_order_release);
        return true;
    }

  private:
    alignas(64) std::atomic<std::uint64_t> pushed_{0};
    std::uint64_t popped_seen_ = 0;
    alignas(64) std::atomic<std::uint64_t> popped_{0};
    std::uint64_t pushed_seen_ = 0;
    alignas(64) std::array<record, 1024> slots_{};
};

struct both_ways {
    ring there, back;
};

void echo(both_ways& rings, std::uint64_t tasks) {
    for (record r{}; tasks != 0;) {
        if (!rings.there.try_pop(r)) {
            cpu_relax();
            continue;
        }
        r.value = mix64(r.id);
        rings.back.push(r);
        --tasks;
    }
}

/// Fewer outstanding than either ring holds, so that nobody waits for room.
constexpr std::uint64_t most_outstanding = 512;

void exchange(both_ways& rings, empty_tasks& results, std::uint64_t tasks) {
    std::uint64_t sent = 0;
    for (std::uint64_t received = 0; received < tasks;) {
        while (sent < tasks && sent - received < most_outstanding) {
            rings.there.push({sent++, 0});
        }
        for (record r{}; rings.back.try_pop(r); ++received) {
            results.execute(r.id);
        }
    }
}

}  // namespace

extern const peer peer_shared_ring;
const peer peer_shared_ring = {
    "shared_ring", "floor: echo of a record through shared memory, both sides spinning", [] {
        auto rings = std::make_shared<shared_with_child<both_ways>>();
        auto results = std::make_shared<empty_tasks>();
        return std::function<void(std::uint64_t)>([rings, results](std::uint64_t tasks) {
            const pid_t other = fork_child([&] { echo(**rings, tasks); });
            exchange(**rings, *results, tasks);
            reap(other);
        });
    }};

}  // namespace stratbench
