#pragma once

#include <atomic>
#include <cstddef>
#include <string_view>
#include <vector>

#include "tests/bench/subject.hpp"

namespace stratbench {

/// All peers: those of C++ (`peer/...`), the static program, and CPython's (`python/...`). Those
/// that are not there are among them and say so when they are measured.
std::vector<subject> peer_subjects(const std::atomic<bool>& stop);

/// One measurement of a C++ peer whose process holds so much resident memory. Throws
/// cannot_measure and `interrupted`.
sample measure_peer(std::string_view name, std::size_t ballast_bytes,
                    const std::atomic<bool>& stop);

}  // namespace stratbench
