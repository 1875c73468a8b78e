#include "reports/web/chart.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "harness/json/json_text.hpp"
#include "reports/text/html_text.hpp"

namespace stratbench {

std::string chart_html(const chart& drawn, const std::string& id) {
    return fmt::format(
        "<figure>\n<figcaption><h3>{}</h3><p class=\"note\">{}</p></figcaption>\n"
        "<div class=\"chart\" id=\"{}\" data-kind=\"{}\"></div>\n"
        "<script type=\"application/json\" class=\"spec\" "
        "data-chart=\"{}\">{}</script>\n</figure>\n",
        html_escaped(drawn.title), html_escaped(drawn.note), id, drawn.kind, id,
        script_json(drawn.spec));
}

json specification(std::string_view spec, json datasets) {
    json out = parse_json(spec);
    if (out.contains("layer")) {
        json layers = json::array();
        for (json& layer : out["layer"]) {
            if (!datasets.at(layer.at("data").at("name").get<std::string>()).empty()) {
                layers.push_back(std::move(layer));
            }
        }
        out["layer"] = std::move(layers);
    }
    out["datasets"] = std::move(datasets);
    return out;
}

double rounded(double value) {
    return std::round(value * 1000) / 1000;
}

json with(json row, const json& more) {
    row.update(more);
    return row;
}

void add_interval(json& intervals, const json& base, const std::optional<interval>& i) {
    if (i) {
        intervals.push_back(with(base, {{"lo", i->lo}, {"hi", i->hi}}));
    }
}

}  // namespace stratbench
