#pragma once

#include <string>
#include <vector>

#include "harness/model/results.hpp"
#include "reports/study/group_table.hpp"

namespace stratbench {

/// Every figure of the cells of one group, a row each: what the group's table has no room for.
struct figure_table {
    struct row {
        std::string title;
        /// One for each of `names`; "-" where it is absent.
        std::vector<std::string> figures;
    };
    struct section {
        std::string title;
        std::vector<row> rows;
    };
    /// The measured rows of the group's table.
    std::vector<const group_table::row*> cells;
    /// A row that no cell has a figure for is left out, unless its absence has a reason.
    std::vector<section> sections;
    /// Why figures are absent on this machine: "IPC: ...".
    std::vector<std::string> absent;
};

/// Points into `table`. Text is as it stands there: escape it for where it goes.
figure_table figures_of(const group_table& table, const environment& machine);

}  // namespace stratbench
