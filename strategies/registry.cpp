#include "strategies/registry.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "strategies/contract/strategy.hpp"

namespace stratbench {

extern const std::span<const strategy_info* const> strategy_table;

std::span<const strategy_info* const> strategies() {
    return strategy_table;
}

void require_sound_strategies(std::span<const strategy_info* const> all) {
    std::vector<std::string_view> names;
    for (const strategy_info* each : all) {
        const std::string named = "strategy " + in_quotes(each->name);
        if (each->api != STRATBENCH_API) {
            throw usage_error("a strategy was compiled for API " + std::to_string(each->api) +
                              "; this stratbench has API " + std::to_string(STRATBENCH_API));
        }
        if (each->name.empty() ||
            each->name.find_first_of(":,= \t\n()") != std::string_view::npos) {
            throw usage_error(named + " needs a name without spaces and :,=()");
        }
        if (each->make == nullptr) {
            throw usage_error(named + " has nothing that makes it: .make is missing");
        }
        if (std::find(names.begin(), names.end(), each->name) != names.end()) {
            throw usage_error(named + " is there twice; each needs a name of its own");
        }
        names.push_back(each->name);
    }
}

const strategy_info* strategy_named(std::string_view name) {
    const auto found = std::ranges::find(strategies(), name, &strategy_info::name);
    return found == strategies().end() ? nullptr : *found;
}

const strategy_info& find_strategy(std::string_view name) {
    if (const strategy_info* const found = strategy_named(name)) {
        return *found;
    }
    std::vector<std::string_view> names;
    for (const strategy_info* each : strategies()) {
        names.push_back(each->name);
    }
    throw usage_error("unknown strategy " + in_quotes(name) + suggestion(name, names) +
                      " (see: stratbench list strategies)");
}

const strategy_info& checked_strategy(const spec& s) {
    make_strategy(s);
    return find_strategy(s.name);
}

std::unique_ptr<strategy> make_strategy(const spec& s) {
    const strategy_info& info = find_strategy(s.name);
    require_known_keys(s, info.parameters, "strategy");
    return info.make(s);
}

std::vector<std::string> files_of_strategy(const std::string& text) {
    const spec s = parse_spec(text, "strategy");
    const strategy_info* const info = strategy_named(s.name);
    return info == nullptr || info->files == nullptr ? std::vector<std::string>() : info->files(s);
}

}  // namespace stratbench
