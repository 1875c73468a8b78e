#include "strategies/registry.hpp"

#include <algorithm>
#include <iterator>
#include <string>

namespace stratbench {

extern const std::span<const strategy_info* const> strategy_table;

std::span<const strategy_info* const> strategies() {
    return strategy_table;
}

const strategy_info& find_strategy(std::string_view name) {
    std::vector<std::string_view> names;
    for (const strategy_info* each : strategies()) {
        if (each->name == name) {
            return *each;
        }
        names.push_back(each->name);
    }
    throw usage_error("unknown strategy " + in_quotes(name) + suggestion(name, names) +
                      " (see: stratbench list strategies)");
}

std::unique_ptr<strategy> make_strategy(const spec& s) {
    const strategy_info& info = find_strategy(s.name);
    require_known_keys(s, info.parameters, "strategy");
    return info.make(s);
}

}  // namespace stratbench
