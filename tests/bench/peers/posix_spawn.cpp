#include <spawn.h>

#include <string>
#include <system_error>

#include "tests/bench/peers/echo_process.hpp"
#include "tests/bench/peers/peer.hpp"
#include "tests/bench/programs.hpp"

namespace stratbench {

extern const peer peer_posix_spawn;
const peer peer_posix_spawn = {
    "posix_spawn", "posix_spawn of a static program that ends at once, wait, one at a time", [] {
        return std::function<void(std::uint64_t)>(
            [program = static_program()](std::uint64_t tasks) mutable {
                char end_at_once[] = "end";
                char* arguments[] = {program.data(), end_at_once, nullptr};
                for (; tasks != 0; --tasks) {
                    pid_t child = 0;
                    const int error = ::posix_spawn(&child, program.c_str(), nullptr, nullptr,
                                                    arguments, nullptr);
                    if (error != 0) {
                        throw std::system_error(error, std::generic_category(), program);
                    }
                    reap(child);
                }
            });
    }};

}  // namespace stratbench
