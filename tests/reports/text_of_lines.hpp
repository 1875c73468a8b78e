#pragma once

#include <algorithm>
#include <cstddef>
#include <sstream>
#include <string>

#include "reports/text/format.hpp"

namespace stratbench {

inline std::size_t widest_line(const std::string& text) {
    std::istringstream lines(text);
    std::size_t widest = 0;
    for (std::string line; std::getline(lines, line);) {
        widest = std::max(widest, columns(line));
    }
    return widest;
}

/// The first that has it; empty where none has.
inline std::string line_with(const std::string& text, const std::string& wanted) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        if (line.find(wanted) != std::string::npos) {
            return line;
        }
    }
    return {};
}

}  // namespace stratbench
