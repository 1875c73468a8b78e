#include <linux/futex.h>
#include <sys/syscall.h>

#include "tests/bench/peers/ping_pong.hpp"

namespace stratbench {

extern const peer peer_ping_pong_asleep;
const peer peer_ping_pong_asleep = {
    "ping_pong_asleep", "floor: the same, each asleep on a futex while it waits", [] {
        return ping_pong(
            [](turn& whose, std::uint32_t number) {
                for (std::uint32_t now = whose.word; now != number; now = whose.word) {
                    ::syscall(SYS_futex, &whose.word, FUTEX_WAIT, now, nullptr, nullptr, 0);
                }
            },
            [](turn& whose, std::uint32_t number) {
                whose.word = number;
                ::syscall(SYS_futex, &whose.word, FUTEX_WAKE, 1, nullptr, nullptr, 0);
            });
    }};

}  // namespace stratbench
