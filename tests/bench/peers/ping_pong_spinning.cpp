#include "harness/base/idle_spin.hpp"
#include "tests/bench/peers/ping_pong.hpp"

namespace stratbench {

extern const peer peer_ping_pong_spinning;
const peer peer_ping_pong_spinning = {
    "ping_pong_spinning", "reference: a word there and back between two processes, both spinning",
    [] {
        return ping_pong(
            [](turn& whose, std::uint32_t number) {
                while (whose.word.load(std::memory_order_acquire) != number) {
                    cpu_relax();
                }
            },
            [](turn& whose, std::uint32_t number) {
                whose.word.store(number, std::memory_order_release);
            },
            at_once);
    }};

}  // namespace stratbench
