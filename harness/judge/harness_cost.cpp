#include "harness/judge/harness_cost.hpp"

namespace stratbench {

std::optional<double> harness_cost(const cell& what, const environment& machine) {
    const double ns = machine.hand_over_ns + machine.stamp_ns / what.stamp_one_in;
    if (ns <= 0 || what.serial_ns <= 0) {
        return std::nullopt;
    }
    return ns / what.serial_ns;
}

}  // namespace stratbench
