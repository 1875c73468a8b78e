#include "harness/stats/precision.hpp"

#include <cmath>
#include <numbers>
#include <vector>

#include "harness/stats/primary.hpp"
#include "harness/stats/student.hpp"

namespace stratbench::stats {

bool precise_enough(const cell& what, std::span<const trial_record> trials, double precision) {
    std::vector<double> logs;
    for (const trial_record& trial : trials) {
        const std::optional<double> figure = primary_figure(what, trial);
        if (figure && *figure > 0) logs.push_back(std::log(*figure));
    }
    if (logs.size() < 2) return false;
    const interval ci = mean_interval(logs, 0.95);
    return std::sqrt(std::numbers::pi / 2) * (ci.hi - ci.lo) / 2 <= precision;
}

}  // namespace stratbench::stats
