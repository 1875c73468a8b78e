#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string_view>

#include "strategies/engines/worker/task_witness.hpp"

namespace stratbench {

// What a worker process prints goes down two sockets, its standard output and its standard error.
// Between the bytes of tasks it writes marks, which say whose the bytes are. A mark is a line:
//
//     \x1e stratbench begin ID        what this process prints from now on is task ID's
//     \x1e stratbench end ID          that was the last of it
//     \x1e stratbench gone PID ID     a fork server's: its child PID, which had task ID, is no more
//
// (without the first space). Nothing depends on marks being true: a task that forges one gives its
// own lines a wrong label.

inline constexpr std::string_view mark_prefix = "\x1estratbench ";
/// No mark is longer, its newline included.
inline constexpr std::size_t longest_mark = 72;

/// Makes standard output of this process reach its reader line by line from now on.
void print_by_lines();

/// Passes on what the standard output of this process holds of an unfinished line.
void flush_output() noexcept;

/// Marks that a child has been reaped. Needed only where its output may hold an unfinished line.
void mark_gone(pid_t child, std::uint64_t task_id) noexcept;

/// The witness of a worker process.
class marking_witness final : public task_witness {
  public:
    void begins(const task& t) noexcept override;
    void ended(const task& t) noexcept override;
    void failed(const task& t, std::string_view what) noexcept override;
};

}  // namespace stratbench
