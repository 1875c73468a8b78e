#pragma once

#include <string>
#include <vector>

#include "harness/judge/ranking.hpp"
#include "harness/model/labels.hpp"
#include "harness/model/results.hpp"

namespace stratbench {

/// The cells of one group as text, the same on the terminal and on the page. A group that is ranked
/// by several metrics has one table, in the order of the first.
struct group_table {
    struct column {
        std::string title;
        /// Where room is short, the columns with the lowest rank go first.
        int rank = 0;
    };
    enum class mark { none, first, reference, skipped, failed };
    struct row {
        std::string name;
        mark what = mark::none;
        /// One figure for each column; empty for a cell without figures.
        std::vector<std::string> figures;
        /// Why there are no figures.
        std::string reason;
        /// Those of its labels that not all the others have too.
        std::vector<std::string> labels;
        const cell_result* cell = nullptr;
    };

    struct verdict {
        std::string metric;
        std::string sentence;
    };

    std::string title;
    std::vector<verdict> verdicts;
    /// A sentence about one of its rows.
    struct remark {
        std::string name;
        std::string sentence;
    };
    /// Why those that are clearly behind are.
    std::vector<remark> explanations;
    /// Whose load did not hold its rate or was not served, and whose tasks did not end well.
    std::vector<remark> rates;
    /// Why the group has no latency, or none to rank by; empty where it has.
    std::string latency_note;
    std::vector<std::string> labels_of_all;
    std::vector<column> columns;
    std::vector<row> rows;
};

/// What the cells of a group have in common.
std::string title_of(const cell& of_the_group);

/// One for each group, in the order of `rankings`; the rows point into the study's results. Text is
/// as it stands there: escape it for where it goes.
std::vector<group_table> tables_of(const std::vector<ranked_group>& rankings);

/// The labels that occur in the tables, each with its meaning, in the order of the closed list.
std::vector<label_entry> labels_in(const std::vector<group_table>& tables);

}  // namespace stratbench
