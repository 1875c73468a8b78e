#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "harness/json/json_text.hpp"
#include "harness/stats/estimate.hpp"

namespace stratbench {

struct chart {
    /// File name of its specification in reports/web/charts, without the ending.
    std::string kind;
    std::string title;
    /// How to read it, one line.
    std::string note;
    /// Vega-Lite, with the data in it.
    json spec;
};

/// The figure element that page.js draws the chart into.
std::string chart_html(const chart& drawn, const std::string& id);

/// `spec`, one of the files in web/charts, with its named data. A layer without data is left out:
/// Vega warns of a scale that has nothing to span.
json specification(std::string_view spec, json datasets);

/// Three decimals are beyond what a screen shows and keep the page small.
double rounded(double value);

/// `row` with the members of `more`.
json with(json row, const json& more);

/// `base` with the ends of the interval, added to `intervals` if there is one.
void add_interval(json& intervals, const json& base, const std::optional<interval>& i);

}  // namespace stratbench
