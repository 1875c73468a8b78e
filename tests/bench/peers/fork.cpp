#include "tests/bench/peers/echo_process.hpp"
#include "tests/bench/peers/peer.hpp"

namespace stratbench {

extern const peer peer_fork;
const peer peer_fork = {"fork", "fork, exit, wait, one at a time", [] {
                            return std::function<void(std::uint64_t)>([](std::uint64_t tasks) {
                                for (; tasks != 0; --tasks) {
                                    reap(fork_child([] {}));
                                }
                            });
                        }};

}  // namespace stratbench
