#include "harness/model/load_plan.hpp"

namespace stratbench {

bool has_own_rate(const load_plan& load) {
    const std::string_view text = load.text;
    const std::size_t colon = text.find(':');
    if (!load.has_rate() || load.kind == load_plan::shape::trace ||
        colon == std::string_view::npos) {
        return false;
    }
    const std::string_view parameters = text.substr(colon + 1);
    return parameters.substr(0, parameters.find(',')).ends_with(own_rate_unit);
}

}  // namespace stratbench
