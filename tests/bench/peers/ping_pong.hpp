#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "tests/bench/peers/echo_process.hpp"
#include "tests/bench/peers/peer.hpp"

namespace stratbench {

/// Whose turn it is between two processes: each waits for its own numbers, even ones here and odd
/// ones there.
struct alignas(64) turn {
    std::atomic<std::uint32_t> word{0};
};

/// Ping-pong between this process and a forked one: `wait(turn, number)` returns when it is that
/// number's turn, `pass(turn, number)` gives it on.
template <class Wait, class Pass>
std::function<void(std::uint64_t)> ping_pong(Wait wait, Pass pass) {
    auto shared = std::make_shared<shared_with_child<turn>>();
    return [shared, wait, pass](std::uint64_t tasks) {
        turn& whose = **shared;
        whose.word = 0;
        const auto rounds = static_cast<std::uint32_t>(tasks);
        const pid_t other = fork_child([&] {
            for (std::uint32_t i = 0; i < rounds; ++i) {
                wait(whose, 2 * i + 1);
                pass(whose, 2 * i + 2);
            }
        });
        for (std::uint32_t i = 0; i < rounds; ++i) {
            pass(whose, 2 * i + 1);
            wait(whose, 2 * i + 2);
        }
        reap(other);
    };
}

}  // namespace stratbench
