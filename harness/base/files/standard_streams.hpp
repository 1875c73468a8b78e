#pragma once

#include <string_view>

namespace stratbench {

// What becomes of the three standard streams, whoever started this process; see
// docs/paths-and-streams.md. Nothing else of the harness writes to them.

/// Called before anything is opened. A standard stream that is closed gets a descriptor all the
/// same, so that no file of ours ever has its number; what is said on standard output fails then. A
/// reader that goes away is an error of the write, no longer the end of the process; programs that
/// are executed do not inherit that.
void prepare_standard_streams();

/// Says something on standard output. Where its reader has gone it has seen enough: nothing is said
/// and nothing is wrong. Throws std::system_error for every other reason, as a full disk.
void say(std::string_view text);

/// Says something on standard error, of which nothing depends: where nobody can read it, or nobody
/// does for a second, it is not said.
void tell(std::string_view text) noexcept;

}  // namespace stratbench
