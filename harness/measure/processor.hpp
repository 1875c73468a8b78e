#pragma once

#include <string>

namespace stratbench {

/// Which processor this is, by /proc/cpuinfo: its name, and where the kernel tells them
/// implementer, part and variant of each kind of core, because ARM's names are missing or shared by
/// many ("cpu 0x41/0xd0c/0x3"). Empty where the kernel tells nothing. `root` goes before /proc;
/// another directory in tests.
std::string processor_name(const std::string& root = "");

}  // namespace stratbench
