#pragma once

#include <string>
#include <vector>

namespace stratbench {

/// Lines of aligned columns: the first `left` flush left, the others flush right. The first row is
/// the heading, underlined.
std::string text_table(const std::vector<std::vector<std::string>>& rows, std::size_t left = 1);

}  // namespace stratbench
