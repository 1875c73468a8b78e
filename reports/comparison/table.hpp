#pragma once

#include <string>
#include <vector>

#include "harness/judge/comparison/comparison.hpp"

namespace stratbench {

/// A comparison as text, the same on the terminal, in a comment and in CI's list of tests. What
/// comes from files is as it stands there: escape it for where it goes.
struct comparison_table {
    struct row {
        std::string cell;
        std::string metric, base, candidate, change;
        /// The verdict, or "not compared", "ignored".
        std::string result;
        /// Why it is so, what confirmed it, what would decide it; may be empty.
        std::string note;
        /// Null where the cell was not compared.
        const compared_metric* figure = nullptr;
    };

    /// The verdict of the gate in one line.
    std::string verdict;
    /// What should not differ and does.
    std::vector<std::string> differences;
    /// What a reader should see, the worst first; and what is the same or was not asked for.
    std::vector<row> notable, rest;
    /// What the figures rest on.
    std::vector<std::string> footer;
};

/// The rows point into `found`, which must outlive them.
comparison_table table_of(const comparison& found);
comparison_table table_of(comparison&&) = delete;

/// What may be said about a cell that both sides have, a row for each of its figures; for one
/// without figures a row with the reason.
std::vector<comparison_table::row> rows_of(const compared_cell& cell);

}  // namespace stratbench
