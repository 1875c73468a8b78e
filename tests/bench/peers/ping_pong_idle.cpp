// Left to the kernel, which soon puts both on one CPU.

#include "tests/bench/peers/ping_pong.hpp"

namespace stratbench {

extern const peer peer_ping_pong_idle;
const peer peer_ping_pong_idle = {
    "ping_pong_idle", "reference: the same, one each millisecond, the pauses not counted",
    [] { return ping_pong(wait_asleep, pass_and_wake, after_a_pause); }};

}  // namespace stratbench
