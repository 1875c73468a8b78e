#include <memory>

#include "tests/bench/ballast.hpp"
#include "tests/bench/peers/echo_process.hpp"
#include "tests/bench/peers/peer.hpp"

namespace stratbench {

extern const peer peer_fork_from_1gib;
const peer peer_fork_from_1gib = {
    "fork_from_1gib", "the same with 1 GiB resident in the parent", [] {
        auto held = std::make_shared<ballast>(std::size_t{1} << 30);
        return std::function<void(std::uint64_t)>([held](std::uint64_t tasks) {
            for (; tasks != 0; --tasks) reap(fork_child([] {}));
        });
    }};

}  // namespace stratbench
