#pragma once

#include <atomic>
#include <vector>

#include "tests/bench/subject.hpp"

namespace stratbench {

/// All peers: those of C++ (`peer/...`), the static program, and CPython's (`python/...`). Those
/// that are not there are among them and say so when they are measured.
std::vector<subject> peer_subjects(const std::atomic<bool>& stop);

}  // namespace stratbench
