#pragma once

#include <string>

namespace stratbench {

/// The static program, beside this binary; absent where no static libc could be linked.
std::string static_program();

/// The script with CPython's peers, in the source tree.
std::string python_script();

}  // namespace stratbench
