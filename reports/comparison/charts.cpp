#include "reports/comparison/charts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "assets.hpp"
#include "harness/base/counted.hpp"
#include "harness/json/json_text.hpp"
#include "reports/study/latency_chart.hpp"
#include "reports/text/format.hpp"

namespace stratbench {
namespace {

using namespace nlohmann::literals;

/// More rows than this stand closer together.
constexpr std::size_t rows_with_room = 40;

std::vector<std::string> parts_of(const std::string& cell) {
    std::vector<std::string> parts{""};
    for (const char c : cell) {
        if (c == '/') {
            parts.emplace_back();
        } else {
            parts.back() += c;
        }
    }
    // A `/` inside a part is written so (cell::name).
    for (std::string& part : parts) {
        for (std::size_t at = part.find("%2F"); at != std::string::npos; at = part.find("%2F")) {
            part[at] = '/';
            part.erase(at + 1, 2);
        }
    }
    return parts;
}

/// Names without the parts that are the same in all of them. Names of different shapes stay whole.
class short_names {
  public:
    explicit short_names(const comparison_table& table) {
        for (const auto* rows : {&table.notable, &table.rest}) {
            for (const auto& row : *rows) {
                learn(parts_of(row.cell));
            }
        }
    }

    [[nodiscard]] std::string of(const std::string& cell) const {
        const std::vector<std::string> parts = parts_of(cell);
        std::string name;
        for (std::size_t i = 0; i < parts.size(); ++i) {
            // The first one is the strategy, which a reader looks for.
            if (i > 0 && !differ_.empty() && !differ_[i]) {
                continue;
            }
            if (i > 0) {
                name += " \u00b7 ";
            }
            name += parts[i];
        }
        return printable(name);
    }

  private:
    void learn(const std::vector<std::string>& parts) {
        if (first_.empty()) {
            first_ = parts;
            differ_.assign(parts.size(), false);
        }
        if (parts.size() != differ_.size()) {
            differ_.clear();
        }
        for (std::size_t i = 0; i < differ_.size(); ++i) {
            if (parts[i] != first_[i]) {
                differ_[i] = true;
            }
        }
    }

    std::vector<std::string> first_;
    std::vector<bool> differ_;
};

/// Logarithmic, in times as bad; what is below 1 is better.
interval as_times_worse(const compared_metric& m) {
    const double one = times_worse(m.figure, m.ci95.lo), other = times_worse(m.figure, m.ci95.hi);
    return {std::min(one, other), std::max(one, other)};
}

bool can_be_drawn(double times) {
    return std::isfinite(times) && times > 0;
}

/// Six decimals, of ratios near 1.
double fine(double times) {
    return std::round(times * 1e6) / 1e6;
}

/// The changes that are too small to count.
interval band_of(const comparison& found) {
    return {1 / (1 + found.options.min_effect), 1 + found.options.min_effect};
}

json band(const comparison& found) {
    const interval b = band_of(found);
    return json::array({{{"lo", b.lo},
                         {"hi", b.hi},
                         {"text", fmt::format("changes below {} do not count",
                                              percent(found.options.min_effect))}}});
}

/// The range of a logarithmic axis; of it, what all marks need.
class range {
  public:
    explicit range(const comparison& found) : drawn_(band_of(found)) {
        const double least = std::log(drawn_.hi);
        drawn_ = {std::exp(-1.6 * least), std::exp(1.6 * least)};
    }

    void mark(double times) {
        drawn_.lo = std::min(drawn_.lo, times);
        drawn_.hi = std::max(drawn_.hi, times);
    }

    /// `far` may be cut off at three times as far from 1 as all marks are: the interval of few
    /// rounds must not set the scale.
    void widen(const interval& far) {
        wide_.lo = std::min(wide_.lo, far.lo);
        wide_.hi = std::max(wide_.hi, far.hi);
    }

    [[nodiscard]] json domain() const {
        const double reach = 3 * std::max(std::log(drawn_.hi), -std::log(drawn_.lo));
        const double lo = std::max(std::min(drawn_.lo, wide_.lo), std::exp(-reach));
        const double hi = std::min(std::max(drawn_.hi, wide_.hi), std::exp(reach));
        const double margin = 0.03 * std::log(hi / lo);
        return {lo * std::exp(-margin), hi * std::exp(margin)};
    }

  private:
    interval drawn_;
    interval wide_{1, 1};
};

/// About `wanted` round numbers within `domain`, 1 among them.
json ticks_in(const json& domain, double wanted) {
    const double lo = domain[0].get<double>();
    const double hi = domain[1].get<double>();
    json ticks = json::array();
    if (hi / lo > 5) {
        for (double decade = std::pow(10, std::floor(std::log10(lo))); decade <= hi; decade *= 10) {
            for (const double times : {1, 2, 5}) {
                if (decade * times >= lo && decade * times <= hi) {
                    ticks.push_back(decade * times);
                }
            }
        }
        return ticks;
    }
    static constexpr std::array steps{0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0};
    const auto* const step = std::find_if(steps.begin(), steps.end() - 1,
                                          [&](double s) { return (hi - lo) / s <= wanted; });
    const int last = static_cast<int>(std::floor((hi - 1) / *step));
    for (int i = static_cast<int>(std::ceil((lo - 1) / *step)); i <= last; ++i) {
        ticks.push_back(fine(1 + i * *step));
    }
    return ticks;
}

void scale_axis(json& channel, const range& all, double wanted) {
    channel["scale"]["domain"] = all.domain();
    channel["axis"]["values"] = ticks_in(channel["scale"]["domain"], wanted);
}

std::map<std::string, const cell_result*> open_cells(const study_results& results) {
    std::map<std::string, const cell_result*> cells;
    for (const cell_result& cell : results.cells) {
        if (cell.planned.load.open() && cell.summary.latency_ns) {
            cells.emplace(shown(cell.planned.name()), &cell);
        }
    }
    return cells;
}

/// What a reader who does not see the chart is told.
std::string summary_of(const std::vector<drawn_figure>& figures) {
    std::map<verdict, std::size_t> counts;
    for (const drawn_figure& f : figures) {
        ++counts[f.figure->result];
    }
    std::string text;
    for (const auto& [result, count] : counts) {
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, name_of(result));
    }
    return text + ". The table of all figures below says the same.";
}

}  // namespace

std::vector<drawn_figure> drawn_figures(const comparison_table& table) {
    const short_names names(table);
    std::vector<drawn_figure> figures;
    for (const auto* rows : {&table.notable, &table.rest}) {
        for (const auto& row : *rows) {
            if (row.figure != nullptr && row.figure->gated &&
                can_be_drawn(row.figure->times_worse())) {
                figures.push_back({names.of(row.cell) + ", " + row.metric, row.figure, row.change});
            }
        }
    }
    return figures;
}

std::optional<chart> forest_chart(const std::vector<drawn_figure>& figures,
                                  const comparison& found) {
    if (figures.empty()) {
        return {};
    }
    range all(found);
    json rows = json::array();
    for (const drawn_figure& f : figures) {
        interval ci = as_times_worse(*f.figure);
        if (!can_be_drawn(ci.lo) || !can_be_drawn(ci.hi)) {
            ci = {f.figure->times_worse(), f.figure->times_worse()};
        }
        all.mark(f.figure->times_worse());
        all.widen(ci);
        const std::string_view unconfirmed = f.figure->unconfirmed ? ", unconfirmed" : "";
        rows.push_back({{"row", f.name},
                        {"times", fine(f.figure->times_worse())},
                        {"lo", fine(ci.lo)},
                        {"hi", fine(ci.hi)},
                        {"verdict", name_of(f.figure->result)},
                        {"change", f.change},
                        {"text", fmt::format("{}: {}, {}{}", f.name, f.change,
                                             name_of(f.figure->result), unconfirmed)}});
    }
    const bool many = rows.size() > rows_with_room;
    json spec = specification(assets::forest_chart(),
                              {{"band", band(found)}, {"figures", std::move(rows)}});
    scale_axis(spec.at("/layer/2/encoding/x"_json_pointer), all, 8);
    if (many) {
        spec["height"]["step"] = 15;
    }
    spec["description"] =
        "Ratios of the new build to the base, with their intervals: " + summary_of(figures);
    return chart{"forest", "Ratios",
                 "A mark for each figure that the gate looks at, the line its 95 % interval; right "
                 "is worse. Grey: changes that are too small to count.",
                 std::move(spec)};
}

std::optional<chart> pairs_chart(const std::vector<drawn_figure>& figures,
                                 const comparison& found) {
    range all(found);
    json rows = json::array();
    std::size_t left_out = 0;
    bool confirmed = false;
    for (const drawn_figure& f : figures) {
        if (f.figure->pairs.empty()) {
            continue;
        }
        if (rows.size() == most_cells_drawn) {
            ++left_out;
            continue;
        }
        json round = json::array(), times = json::array(), kind = json::array();
        for (const auto& pair : f.figure->pairs) {
            const double worse = times_worse(f.figure->figure, pair.ratio);
            if (!can_be_drawn(worse)) {
                continue;
            }
            all.mark(worse);
            const bool confirms =
                found.confirmation_from_round && pair.round >= *found.confirmation_from_round;
            confirmed |= confirms;
            round.push_back(pair.round + 1);
            times.push_back(fine(worse));
            kind.push_back(confirms ? "generations that confirm" : "first generations");
        }
        if (round.empty()) {
            continue;
        }
        rows.push_back({{"row", f.name},
                        {"order", rows.size()},
                        {"estimate", fine(f.figure->times_worse())},
                        {"round", std::move(round)},
                        {"times", std::move(times)},
                        {"kind", std::move(kind)}});
    }
    if (rows.empty()) {
        return {};
    }
    json spec = parse_json(assets::pairs_chart());
    spec["datasets"] = {{"band", band(found)}, {"figures", std::move(rows)}};
    scale_axis(spec.at("/spec/layer/0/encoding/y"_json_pointer), all, 4);
    if (!confirmed) {
        for (const char* channel : {"color", "shape"}) {
            spec["spec"]["layer"][2]["encoding"][channel]["legend"] = nullptr;
        }
    }
    spec["description"] = "Ratios of the new build to the base in each generation";
    std::string note =
        "Each point is one round, in which both builds ran one after the other; up is worse. "
        "Dashed: the estimate. What drifts or comes in steps is the machine, not the build.";
    if (confirmed) {
        note += " Rounds that confirm came later and do not count for the estimate.";
    }
    if (left_out > 0) {
        note += fmt::format(" {} not drawn.", counted(left_out, "more figure"));
    }
    return chart{"pairs", "Ratios, one by one", std::move(note), std::move(spec)};
}

std::vector<chart> latency_charts(const comparison_table& table, const study_results& base,
                                  const study_results& candidate) {
    const short_names names(table);
    const auto before = open_cells(base);
    const auto after = open_cells(candidate);
    std::vector<chart> charts;
    std::set<std::string> seen;
    for (const auto* rows : {&table.notable, &table.rest}) {
        for (const auto& row : *rows) {
            const auto one = before.find(row.cell);
            const auto other = after.find(row.cell);
            if (one == before.end() || other == after.end() || !seen.insert(row.cell).second) {
                continue;
            }
            if (charts.size() == most_cells_drawn) {
                return charts;
            }
            auto drawn = latency_chart(
                {{one->second, "base", colour_of_base}, {other->second, "new", colour_of_new}},
                "Lower is better");
            if (!drawn) {
                continue;
            }
            drawn->title = names.of(row.cell);
            drawn->spec["description"] = "Latency by percentile of both builds: " + drawn->title;
            charts.push_back(std::move(*drawn));
        }
    }
    return charts;
}

}  // namespace stratbench
