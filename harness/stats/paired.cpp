#include "harness/stats/paired.hpp"

#include <cmath>
#include <vector>

#include "harness/stats/student.hpp"

namespace stratbench::stats {

paired_ratio compare_by_round(const std::map<int, double>& a, const std::map<int, double>& b,
                              double confidence) {
    std::vector<double> logs;
    for (const auto& [round, value] : a)
        if (const auto other = b.find(round); other != b.end() && value > 0 && other->second > 0)
            logs.push_back(std::log(value / other->second));
    paired_ratio result;
    result.rounds = static_cast<int>(logs.size());
    if (result.rounds < fewest_rounds) return result;
    const interval ci = mean_interval(logs, confidence);
    result.ratio = std::exp(mean(logs));
    result.ci = {std::exp(ci.lo), std::exp(ci.hi)};
    return result;
}

}  // namespace stratbench::stats
