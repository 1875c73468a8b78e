#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "harness/json/json_archive.hpp"
#include "harness/json/json_scanner.hpp"

namespace stratbench {

// Taking what is wanted from a scanner, so that what is wrong is reported with its place.

/// Of a duration, a rate, a count of bytes: none of them is ever below 0.
inline double magnitude(json_scanner& in) {
    const double value = in.number();
    if (value < 0) {
        throw json_error("", "must not be negative");
    }
    return value;
}

/// Takes the members of an object that `wanted(key)` knows: it returns true and has taken the
/// value. Such a member may be there once.
template <class Wanted>
void members(json_scanner& in, Wanted wanted) {
    std::vector<std::string> seen;
    in.object([&](std::string_view key) {
        const std::string name(key);
        json_reader::at(name.c_str(), [&] {
            if (!wanted(name)) {
                in.skip();
                return;
            }
            if (std::find(seen.begin(), seen.end(), name) != seen.end()) {
                throw json_error("", "is there twice");
            }
            seen.push_back(name);
        });
    });
}

/// Calls `element()` for each element of an array; it must take the element.
template <class Element>
void elements(json_scanner& in, Element element) {
    in.array([&](std::size_t i) { json_reader::at(i, [&] { element(); }); });
}

}  // namespace stratbench
