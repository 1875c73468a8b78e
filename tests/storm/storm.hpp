#pragma once

#include <cstdint>
#include <string>

namespace stratbench::test {

/// What a storm is made of. The same request meets the same tasks and draws the same victims; when
/// a victim is hit is the machine's.
struct storm_request {
    std::string strategy;
    std::uint64_t seed = 1;
    std::size_t tasks = 10'000;
    /// How often a task whose worker died is tried again.
    int retries = 0;

    /// As the arguments of a program, the other way round of parse_storm.
    [[nodiscard]] std::string text() const;
};

/// Throws usage_error.
storm_request parse_storm(const std::string& text);

/// Runs a storm in this process, which should be a fresh one: the strategy executes tasks of which
/// one in a hundred crashes and one in a hundred hangs, while a bystander kills a random worker
/// every 20 ms (or as often as one can be made). Writes a byte to `begun_fd` (unless -1) when the
/// first tasks have ended. Prints a line on standard output for what happened, and one on standard
/// error for each thing that should not have. True if there was none: every task ended once and as
/// it should, nothing was left behind, and the strategy works as before.
bool survive_storm(const storm_request& request, int begun_fd);

}  // namespace stratbench::test
