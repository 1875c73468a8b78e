#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace stratbench {

/// How a program that was executed has ended.
struct program_end {
    int exit_code = 0;
    /// Of all that it wrote to its standard output.
    std::uint64_t output_hash = 0;
    /// The first line of that, as far as it is a path's length.
    std::string first_line = {};
};

/// What a program may print at most; bytes.
inline constexpr std::size_t most_program_output = std::size_t{1} << 20;

/// Executes a program, found as a shell finds one, and waits for its end. `arguments` ends with a
/// null pointer. It reads from the null device; what it prints is captured, and so is the beginning
/// of what it complains about. It is in a process group of its own (in ours where we lead one of a
/// task's), and what it leaves there ends with it; it does not outlive the thread that calls.
///
/// Throws std::runtime_error, with the beginning of the complaint, where it cannot be started, a
/// signal ends it, it prints more than most_program_output, or the instant `until_ns` of now_ns()
/// comes first: then its group is killed.
program_end run_program(std::span<char* const> arguments, std::int64_t until_ns);

}  // namespace stratbench
