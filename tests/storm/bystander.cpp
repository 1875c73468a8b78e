#include "tests/storm/bystander.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <string>
#include <vector>

#include "harness/base/clock.hpp"
#include "harness/base/descriptor.hpp"
#include "harness/base/hash.hpp"
#include "harness/base/sleep.hpp"

namespace stratbench::test {
namespace {

pid_t parent_of(pid_t process) {
    std::ifstream status("/proc/" + std::to_string(process) + "/status");
    for (std::string word; status >> word;) {
        pid_t parent = 0;
        if (word == "PPid:" && status >> parent) {
            return parent;
        }
    }
    return 0;
}

/// Whether it is one of ours: its number may have gone to a stranger since it was read.
bool descends_from_us(pid_t process) {
    while (process > 1) {
        process = parent_of(process);
        if (process == ::getpid()) {
            return true;
        }
    }
    return false;
}

}  // namespace

bool kill_one_of_ours(pid_t process) {
    // From here on the handle means the same process, or none.
    const descriptor handle(static_cast<int>(::syscall(SYS_pidfd_open, process, 0)));
    if (!handle || !descends_from_us(process)) {
        return false;
    }
    return ::syscall(SYS_pidfd_send_signal, handle.get(), SIGKILL, nullptr, 0) == 0;
}

bystander::bystander(const process_ledger& of, std::size_t full, std::uint64_t seed,
                     std::int64_t between_kills_ns)
    : killer_([this, &of, full, seed, between_kills_ns](const std::stop_token& stop) {
          for (std::uint64_t turn = 0; !stop.stop_requested(); ++turn) {
              const std::vector<pid_t> living = of.read().living;
              if (!living.empty() && kill_one_of_ours(living[mix64(seed, turn) % living.size()])) {
                  ++kills_;
              }
              do {
                  sleep_until(now_ns() + between_kills_ns);
              } while (of.read().living.size() < full && !stop.stop_requested());
          }
      }) {}

std::uint64_t bystander::stop() {
    killer_.request_stop();
    killer_.join();
    return kills_;
}

}  // namespace stratbench::test
