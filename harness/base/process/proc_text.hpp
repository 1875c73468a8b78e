#pragma once

#include <string>

namespace stratbench {

/// Content of a small file of /proc, read without the buffers of a stream: a look at a process is
/// 10 us or so. Empty where it cannot be read.
std::string proc_text(const std::string& path);

}  // namespace stratbench
