#include "harness/judge/decomposition.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "harness/base/spec.hpp"
#include "harness/model/labels.hpp"
#include "strategies/registry.hpp"

namespace stratbench {
namespace {

constexpr std::string_view kernel = "kernel";

const cell_result* find(const ranked_group& group, const spec& wanted) {
    for (const ranked_group::entry& entry : group.entries) {
        const cell_result& cell = *entry.cell;
        if (cell.state == status::ok && cell.planned.strategy == wanted.text()) {
            return &cell;
        }
    }
    return nullptr;
}

std::optional<double> time_per_task(const trial_record& t) {
    constexpr double ns_per_s = 1e9;
    if (t.throughput_per_s <= 0) {
        return std::nullopt;
    }
    return ns_per_s / t.throughput_per_s;
}

}  // namespace

std::vector<decomposition> decompose(const ranked_group& group) {
    const auto figure = group.metric == metric::throughput ? time_per_task : mean_time_of;
    std::vector<decomposition> found;
    for (const ranked_group::entry& entry : group.entries) {
        const cell_result& own = *entry.cell;
        const std::string& text = own.planned.strategy;
        // Another build may have strategies that this one does not know.
        const strategy_info* const info = strategy_named(text.substr(0, text.find(':')));
        const std::string_view twin_name = info == nullptr ? std::string_view() : info->twin;
        if (twin_name.empty() || own.state != status::ok) {
            continue;
        }
        spec described = parse_spec(text, "strategy");
        if (described.find(kernel).value_or("own") != "own") {
            continue;
        }
        std::erase_if(described.items, [](const auto& item) { return item.first == kernel; });
        described.items.emplace_back(kernel, "native");
        const cell_result* const native = find(group, described);
        const cell_result* const twin = find(group, {std::string(twin_name), {}});
        if (native == nullptr || twin == nullptr) {
            continue;
        }
        const decomposition parts{.own = &own,
                                  .native = native,
                                  .twin = twin,
                                  .whole = difference_between(own, *twin, figure),
                                  .language = difference_between(own, *native, figure),
                                  .architecture = difference_between(*native, *twin, figure),
                                  .within_bound = has_label(own.labels, label::sums_within_bound)};
        if (parts.whole.clear()) {
            found.push_back(parts);
        }
    }
    return found;
}

}  // namespace stratbench
