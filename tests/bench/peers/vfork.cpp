#include <unistd.h>

#include "tests/bench/peers/echo_process.hpp"
#include "tests/bench/peers/peer.hpp"

namespace stratbench {
namespace {

/// By itself: what a function holds in registers may be lost when a vfork returns twice.
pid_t vfork_child() {
    const pid_t child = ::vfork();  // NOLINT: it is the subject
    if (child == 0) {
        ::_exit(0);
    }
    return child;
}

}  // namespace

extern const peer peer_vfork;
const peer peer_vfork = {"vfork", "floor: vfork, exit, wait, one at a time", [] {
                             return std::function<void(std::uint64_t)>([](std::uint64_t tasks) {
                                 for (; tasks != 0; --tasks) {
                                     reap(checked(vfork_child(), "cannot vfork"));
                                 }
                             });
                         }};

}  // namespace stratbench
