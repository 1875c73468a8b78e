#pragma once

#include <string>
#include <vector>

#include "harness/model/results.hpp"

namespace stratbench {

struct described_workload {
    std::string name;
    int version = 1;
};

/// What a stratbench says of itself to another one that is to measure it.
struct build_description {
    environment machine;
    std::vector<described_workload> workloads;
    std::vector<std::string> strategies;
};

}  // namespace stratbench
