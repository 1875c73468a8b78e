// The kernel likes to put the two sides of a ping-pong on one CPU, where one follows the other
// without a CPU that has to be woken, with pauses as well as without. A worker is there to run
// beside its front end: here each side has a CPU of its own.

#include <sched.h>

#include "tests/bench/peers/ping_pong.hpp"

namespace stratbench {
namespace {

/// Puts each side on a CPU of its own: the first usable one here, the last one there. The usable
/// ones are those at the beginning, since this side goes on to the next lot of messages.
auto each_on_its_own_cpu() {
    cpu_set_t usable;
    checked(::sched_getaffinity(0, sizeof usable, &usable), "cannot read the CPU affinity");
    return [usable](side which) {
        cpu_set_t chosen;
        CPU_ZERO(&chosen);
        for (std::size_t cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
            if (!CPU_ISSET(cpu, &usable)) {
                continue;
            }
            CPU_ZERO(&chosen);
            CPU_SET(cpu, &chosen);
            if (which == side::here) {
                break;
            }
        }
        checked(::sched_setaffinity(0, sizeof chosen, &chosen), "cannot set the CPU affinity");
    };
}

}  // namespace

extern const peer peer_ping_pong_apart;
const peer peer_ping_pong_apart = {
    "ping_pong_apart", "reference: the same with pauses, each on a CPU of its own",
    [] { return ping_pong(wait_asleep, pass_and_wake, after_a_pause, each_on_its_own_cpu()); }};

}  // namespace stratbench
