#include "tests/bench/figures/growth.hpp"

#include <fmt/format.h>

#include <optional>

#include "reports/text/format.hpp"
#include "tests/bench/figures/text_table.hpp"

namespace stratbench {

std::string growth_table(const growth_curve& curve, const measurements& all) {
    std::vector<std::vector<std::string>> table = {{curve.title}};
    for (const std::string& step : curve.steps) {
        table.front().push_back(step);
    }
    std::string notes;
    for (const growth_curve::row& row : curve.rows) {
        table.push_back({row.label});
        std::optional<spread> before;
        for (const std::string& name : row.subjects) {
            const auto found = all.find(name);
            std::optional<spread> now;
            if (found != all.end()) {
                now = spread_of(found->second, row.figure);
                if (!found->second.absent.empty()) {
                    notes += fmt::format("{}: not measured: {}\n", name, found->second.absent);
                }
            }
            std::string text = now ? duration(now->median) : "-";
            if (now && before) {
                text += fmt::format(" x{}", plain(now->median / before->median));
            }
            table.back().push_back(std::move(text));
            before = now;
        }
    }
    return text_table(table) + notes;
}

}  // namespace stratbench
