#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <thread>

#include "strategies/contract/process_ledger.hpp"

namespace stratbench::test {

/// Kills a process, unless it is gone or its number has passed to one that does not descend from
/// this one. Returns whether it did.
bool kill_one_of_ours(pid_t process);

/// Kills a random process of a ledger, the first at once and then one at a time, until it is
/// stopped: workers, fork servers and their children alike. Waits until at least `full` of them
/// live before it kills the next, because nothing is learnt from a pool that it keeps empty.
class bystander {
  public:
    /// The draws follow from the seed. The ledger outlives this.
    bystander(const process_ledger& of, std::size_t full, std::uint64_t seed,
              std::int64_t between_kills_ns);

    /// Returns how many processes were killed.
    std::uint64_t stop();

  private:
    std::uint64_t kills_ = 0;
    std::jthread killer_;
};

}  // namespace stratbench::test
