#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/model/plan.hpp"

namespace stratbench {

/// Due times from a CSV file: the first column is seconds from the start, as decimal numbers that
/// do not descend; further columns are ignored, as are blank lines, lines that begin with `#` and
/// one line of column names in front. What may mean something else is refused: semicolons, units
/// other than seconds, a column that numbers the lines, and commas that may be decimal commas where
/// no line of names says that there are columns.
struct trace_file {
    /// Nanoseconds; at least one.
    std::vector<std::int64_t> due_ns;
    /// Hash of the file's content; 16 hexadecimal digits.
    std::string hash;
};

/// The longest that a trace may keep a trial busy.
inline constexpr double longest_trace_s = 3600;

/// Reads a trace, to be played `speed` times as fast. Throws usage_error with the file, and the
/// line where there is one: not a regular file or not readable; without a task; not a number,
/// negative, not finite or less than the one before; more tasks than most_recorded_tasks; a task
/// later than longest_trace_s.
trace_file read_trace(const std::string& path, double speed);

}  // namespace stratbench
