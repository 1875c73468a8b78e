#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

#include "harness/base/hash.hpp"

namespace stratbench {

/// Another way to run tasks, or a floor that no way can pass: what the strategies are compared
/// with. A peer runs in a process of its own, on the CPUs that the strategies have, with two
/// workers where it has a choice.
struct peer {
    std::string_view name;
    /// One line for the table.
    std::string_view summary;
    /// Gets ready, which is not timed, and gives what executes so many empty tasks and returns when
    /// all have ended, nothing of them left behind.
    std::function<void(std::uint64_t tasks)> (*make)();
};

/// Those that were built: without its library one is absent.
std::span<const peer* const> peers();

/// The hidden subcommand `peer NAME`: answers a measurement on descriptor 3 (see
/// peer_subjects.hpp).
int peer_main(std::string_view name);

/// For a peer whose tasks are apart: what one of them took. Its figure is then their median, as
/// that of a strategy under such a load is.
void keep_time_of_one(std::int64_t ns);

/// What the empty task of every peer does, as the workload noop does it: a hash, and a result of
/// its own. The results lie in a table that wraps, touched before it is timed.
class empty_tasks {
  public:
    void execute(std::uint64_t id) noexcept { results_[id % results_.size()] = mix64(id); }

  private:
    std::array<std::uint64_t, 1 << 16> results_{};
};

}  // namespace stratbench
