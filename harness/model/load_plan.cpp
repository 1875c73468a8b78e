#include "harness/model/load_plan.hpp"

namespace stratbench {

bool has_rate_in(const load_plan& load, std::string_view unit) {
    const std::string_view text = load.text;
    const std::size_t colon = text.find(':');
    if (!load.has_rate() || load.kind == load_plan::shape::trace ||
        colon == std::string_view::npos) {
        return false;
    }
    const std::string_view parameters = text.substr(colon + 1);
    return parameters.substr(0, parameters.find(',')).ends_with(unit);
}

}  // namespace stratbench
