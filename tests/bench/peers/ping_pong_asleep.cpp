#include "tests/bench/peers/ping_pong.hpp"

namespace stratbench {

extern const peer peer_ping_pong_asleep;
const peer peer_ping_pong_asleep = {"ping_pong_asleep",
                                    "reference: the same, each asleep on a futex while it waits",
                                    [] { return ping_pong(wait_asleep, pass_and_wake, at_once); }};

}  // namespace stratbench
