#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/model/results.hpp"

namespace stratbench {

struct environment_row {
    std::string_view name;
    /// As it stands in the results; empty where it is absent.
    std::string value;
    /// Of this run or this revision: it says nothing about whether two studies may be compared.
    bool may_vary = false;
};

/// Where a study ran and how it was built; the same names in the same order for every study.
std::vector<environment_row> environment_of(const study_results& results);

}  // namespace stratbench
