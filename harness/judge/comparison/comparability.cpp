#include "harness/judge/comparison/comparability.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_map>

#include "harness/base/spec.hpp"

namespace stratbench {
namespace {

constexpr std::string_view size_condition = "n";
const std::string unknown = "unknown";

const condition* find(const std::vector<condition>& conditions, std::string_view name) {
    const auto found = std::find_if(conditions.begin(), conditions.end(),
                                    [&](const condition& c) { return c.name == name; });
    return found == conditions.end() ? nullptr : &*found;
}

/// Whether two values of a condition are the same. Nobody knows that of one that has no name.
bool equal(const condition& base, const condition& candidate) {
    if (base.value == unknown || candidate.value == unknown) {
        return false;
    }
    if (base.tolerance > 0) {
        const auto a = read_number(base.value), b = read_number(candidate.value);
        if (a && b) {
            return std::abs(*a - *b) <= base.tolerance * std::max(std::abs(*a), std::abs(*b));
        }
    }
    return base.value == candidate.value;
}

/// What is told by one side alone is "unknown" on the other.
void compare(const std::string& cell, const std::vector<condition>& base,
             const std::vector<condition>& candidate, std::vector<difference>& into) {
    for (const condition& c : base) {
        const condition* const other = find(candidate, c.name);
        if (other == nullptr || !equal(c, *other)) {
            into.push_back({cell, c.name, c.value, other == nullptr ? unknown : other->value});
        }
    }
    for (const condition& c : candidate) {
        if (find(base, c.name) == nullptr) {
            into.push_back({cell, c.name, unknown, c.value});
        }
    }
}

/// The cell's name without the size of its tasks, as it stands in the second part:
/// `sync/sqrt_log:n=300000,step=10/batch:1/workers:1/real_time`.
std::string without_size(const measured_cell& cell) {
    const condition* const size = find(cell.conditions, size_condition);
    if (size == nullptr) {
        return cell.name;
    }
    const std::string text = fmt::format("n={}", size->value);
    const std::size_t part = cell.name.find('/');
    if (part == std::string::npos) {
        return cell.name;
    }
    const std::size_t found = cell.name.find(text, part);
    if (found == std::string::npos || found > cell.name.find('/', part + 1)) {
        return cell.name;
    }
    const std::string_view name = cell.name;
    return fmt::format("{}n{}", name.substr(0, found), name.substr(found + text.size()));
}

using cells_by_name = std::unordered_map<std::string, const measured_cell*>;

cells_by_name by_name(const std::vector<measured_cell>& cells) {
    cells_by_name result;
    for (const measured_cell& c : cells) {
        result.emplace(c.name, &c);
    }
    return result;
}

/// Cells that `other` does not have, by their name without a size; several with the same are left
/// out: nobody could say which belongs to which.
cells_by_name unmatched(const std::vector<measured_cell>& cells, const cells_by_name& other) {
    cells_by_name result;
    for (const measured_cell& c : cells) {
        if (other.contains(c.name)) {
            continue;
        }
        const auto [entry, fresh] = result.emplace(without_size(c), &c);
        if (!fresh) {
            entry->second = nullptr;
        }
    }
    return result;
}

}  // namespace

std::vector<condition> conditions_of(const environment& machine) {
    std::vector<condition> result{{"cpu", machine.cpu_model.empty() ? unknown : machine.cpu_model},
                                  {"online CPUs", std::to_string(machine.online_cpus)},
                                  {"usable CPUs", std::to_string(machine.usable_cpus)},
                                  {"governor", machine.governor},
                                  {"build type", machine.build_type}};
    result.push_back({"CPU limit", machine.cgroup_cpu_limit
                                       ? fmt::format("{}", *machine.cgroup_cpu_limit)
                                       : "none"});
    return result;
}

std::vector<condition> conditions_of(const cell& what) {
    std::vector<condition> result;
    const spec work = parse_spec(what.workload, "workload");
    if (const auto n = work.find(size_condition)) {
        result.push_back({std::string(size_condition), std::string(*n)});
    }
    result.push_back({"workload version", std::to_string(what.workload_version)});
    result.push_back({"cpus", std::to_string(what.cpus)});
    if (what.load.has_rate()) {
        result.push_back({"rate", fmt::format("{}/s", what.load.rate_per_s)});
    }
    if (what.load.ends_with_window()) {
        result.push_back({"window", duration_text(what.window_ns)});
    }
    if (what.load.trace) {
        result.push_back({"trace", fmt::format("{} at speed {}", what.load.trace->hash,
                                               what.load.trace->speed)});
    }
    return result;
}

std::vector<difference> differences_of(const measurement& base, const measurement& candidate) {
    std::vector<difference> result;
    // Two arms of one study were measured on one machine, whatever is known of it.
    const bool one_machine = !base.info.id.empty() && base.info.id == candidate.info.id;
    compare("", base.conditions, candidate.conditions, result);
    if (one_machine) {
        std::erase_if(result, [](const difference& d) {
            return d.base == unknown && d.candidate == unknown;
        });
    }
    const cells_by_name in_base = by_name(base.cells), in_candidate = by_name(candidate.cells);
    const cells_by_name new_ones = unmatched(candidate.cells, in_base);
    const cells_by_name old_ones = unmatched(base.cells, in_candidate);
    for (const measured_cell& c : base.cells) {
        const measured_cell* other = nullptr;
        if (const auto same = in_candidate.find(c.name); same != in_candidate.end()) {
            other = same->second;
        } else {
            const std::string name = without_size(c);
            const auto resized = new_ones.find(name);
            if (resized != new_ones.end() && old_ones.at(name) != nullptr) {
                other = resized->second;
            }
        }
        if (other != nullptr) {
            compare(c.name, c.conditions, other->conditions, result);
        }
    }
    return result;
}

std::string in_one_line(const std::vector<difference>& differences, const std::string& base,
                        const std::string& candidate) {
    // The same difference of many cells is told once.
    std::map<std::string, std::size_t> places;
    struct found {
        const difference* first;
        std::size_t cells;
    };
    std::vector<found> progress;
    for (const difference& d : differences) {
        const std::string key = fmt::format("{}\n{}\n{}", d.name, d.base, d.candidate);
        const auto [place, fresh] = places.emplace(key, progress.size());
        if (fresh) {
            progress.push_back({&d, 0});
        }
        ++progress[place->second].cells;
    }
    constexpr std::size_t most_told = 8;
    std::string line;
    for (std::size_t i = 0; i < std::min(progress.size(), most_told); ++i) {
        const difference& d = *progress[i].first;
        const std::string where =
            d.cell.empty() ? ""
            : progress[i].cells == 1
                ? fmt::format(" ({})", d.cell)
                : fmt::format(" ({} and {} more cells)", d.cell, progress[i].cells - 1);
        line += fmt::format("{}{} is {} in {}, {} in {}{}", line.empty() ? "" : "; ", d.name,
                            d.base, base, d.candidate, candidate, where);
    }
    if (progress.size() > most_told) {
        line += fmt::format("; and {} more", progress.size() - most_told);
    }
    return line;
}

}  // namespace stratbench
