#include "harness/stats/autocorrelation.hpp"

#include <algorithm>
#include <cstddef>

#include "harness/stats/student.hpp"

namespace stratbench {

void autocorrelation::add(std::span<const double> trials) {
    if (trials.size() < 2) {
        return;
    }
    const double centre = mean(trials);
    for (std::size_t i = 0; i < trials.size(); ++i) {
        const double distance = trials[i] - centre;
        squares_ += distance * distance;
        if (i > 0) {
            products_ += distance * (trials[i - 1] - centre);
        }
    }
    values_ += static_cast<double>(trials.size());
    ++means_;
}

void autocorrelation::add(const autocorrelation& other) {
    products_ += other.products_;
    squares_ += other.squares_;
    values_ += other.values_;
    means_ += other.means_;
}

double autocorrelation::inflation() const {
    if (squares_ <= 0) {
        return 1;
    }
    constexpr double most = 0.9;
    const double r = std::clamp(products_ / squares_ + means_ / values_, 0.0, most);
    return (1 + r) / (1 - r);
}

}  // namespace stratbench
