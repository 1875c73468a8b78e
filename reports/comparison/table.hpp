#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "harness/judge/comparison/comparison.hpp"

namespace stratbench {

/// The word for it, as people read it.
std::string_view name_of(verdict result);

/// A figure of that metric with its unit: "960/s", "2.31 ms", "10.2 MiB".
std::string figure_of(metric what, double value);

/// "5.1 % slower": a task takes 1.051 times as long. "5.1 % faster": it does 1.051 times as many in
/// the same time. Of CPU time and memory "5.1 % more" and "5.1 % less".
std::string change_of(metric what, double ratio);

/// The same with the interval in it: "5.1 % slower [4.2, 6.0]", negative where the interval reaches
/// to the other side.
std::string change_of(metric what, const relative_change& change);
std::string change_of(const compared_metric& figure);

/// A detectable change above this is no longer told from others: who cannot see a task that takes
/// twice as long sees nothing.
inline constexpr double blind = 1;

/// What rounds with that smallest detectable change see: "5.1 % or more", "nothing below 100 %".
std::string what_is_seen(double detectable);

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

/// A cell as a report shows it: named as Google Benchmark names its own, whose last part says
/// nothing to people.
std::string shown(const std::string& cell);

}  // namespace stratbench
