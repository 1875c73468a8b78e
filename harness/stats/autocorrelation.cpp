#include "harness/stats/autocorrelation.hpp"

#include <algorithm>
#include <cstddef>

#include "harness/stats/student.hpp"

namespace stratbench {

void memory::add(std::span<const double> trials) {
    if (trials.size() < 2) return;
    const double centre = mean(trials);
    for (std::size_t i = 0; i < trials.size(); ++i) {
        const double distance = trials[i] - centre;
        squares += distance * distance;
        if (i > 0) products += distance * (trials[i - 1] - centre);
    }
    values += static_cast<double>(trials.size());
    ++means;
}

void memory::add(const memory& other) {
    products += other.products;
    squares += other.squares;
    values += other.values;
    means += other.means;
}

double memory::inflation() const {
    if (squares <= 0) return 1;
    constexpr double most = 0.9;
    const double r = std::clamp(products / squares + means / values, 0.0, most);
    return (1 + r) / (1 - r);
}

}  // namespace stratbench
