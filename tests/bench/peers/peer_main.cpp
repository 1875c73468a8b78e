#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <exception>
#include <vector>

#include "harness/base/clock.hpp"
#include "harness/base/descriptor.hpp"
#include "harness/stats/median.hpp"
#include "tests/bench/ballast.hpp"
#include "tests/bench/peers/peer.hpp"

namespace stratbench {

extern const std::span<const peer* const> peer_table;

std::span<const peer* const> peers() {
    return peer_table;
}

namespace {

/// How long the tasks of a measurement should take, and what is long enough.
constexpr double wanted_ns = 150e6;
constexpr double enough_ns = 100e6;

/// User and system time of this process and of those that it has reaped.
std::int64_t cpu_ns() {
    std::int64_t sum = 0;
    for (const auto who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
        rusage used{};
        ::getrusage(who, &used);
        sum += nanoseconds(used.ru_utime) + nanoseconds(used.ru_stime);
    }
    return sum;
}

/// Of single tasks, for a peer that times them.
std::vector<double> single_ns;

/// Executes more and more tasks until they take long enough; answers with the last lot.
std::string measure(const peer& subject) {
    const auto work = subject.make();
    for (std::uint64_t tasks = 2;;) {
        const std::int64_t cpu_before = cpu_ns();
        single_ns.clear();
        const std::int64_t began = now_ns();
        work(tasks);
        const std::int64_t took = std::max<std::int64_t>(1, now_ns() - began);
        if (static_cast<double>(took) >= enough_ns) {
            const double own = single_ns.empty() ? static_cast<double>(took)
                                                 : median(single_ns) * static_cast<double>(tasks);
            return fmt::format("{} {:.0f} {}\n", tasks, own, cpu_ns() - cpu_before);
        }
        const double growth = std::clamp(wanted_ns / static_cast<double>(took), 2.0, 100.0);
        tasks = static_cast<std::uint64_t>(static_cast<double>(tasks) * growth);
    }
}

}  // namespace

void keep_time_of_one(std::int64_t ns) {
    single_ns.push_back(static_cast<double>(ns));
}

int peer_main(std::string_view name) {
    constexpr int answer_fd = 3;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    // The benchmark may have died before that took effect: then nobody reads the answer.
    pollfd reader{answer_fd, 0, 0};
    if (::poll(&reader, 1, 0) != 0) {
        return 2;
    }
    const ballast held(ballast_of_children::asked_of_this_process());
    try {
        for (const peer* candidate : peers()) {
            if (candidate->name != name) {
                continue;
            }
            write_all(descriptor(answer_fd), measure(*candidate), "cannot answer");
            return 0;
        }
        fmt::print(stderr, "no peer '{}'\n", name);
    } catch (const std::exception& error) {
        fmt::print(stderr, "peer {}: {}\n", name, error.what());
    }
    return 2;
}

}  // namespace stratbench
