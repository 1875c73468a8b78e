#include "harness/stats/histogram/histogram.hpp"

#include <cmath>
#include <limits>

namespace stratbench {

using histogram_layout::range_of;
using histogram_layout::slots;

histogram::histogram() : counts_(slots) {}

void histogram::merge(const histogram& other) noexcept {
    for (std::size_t i = 0; i < slots; ++i) {
        counts_[i] += other.counts_[i];
    }
    total_ += other.total_;
}

std::int64_t histogram::value_at_percentile(double percent) const noexcept {
    if (total_ == 0) {
        return 0;
    }
    // Rounded up to whole values, but not because of the last bit of the product: HdrHistogram's
    // own rule, so that its tools give the same figures.
    const double exact = percent / 100 * static_cast<double>(total_);
    const double ulp = std::nextafter(exact, std::numeric_limits<double>::infinity()) - exact;
    const auto wanted = std::clamp<std::uint64_t>(
        static_cast<std::uint64_t>(std::max(0.0, std::ceil(exact - ulp))), 1, total_);
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < slots; ++i) {
        seen += counts_[i];
        if (seen >= wanted) {
            return range_of(i).highest();
        }
    }
    return max();
}

double histogram::mean() const noexcept {
    if (total_ == 0) {
        return 0;
    }
    double sum = 0;
    for (std::size_t i = 0; i < slots; ++i) {
        if (counts_[i] != 0) {
            sum += static_cast<double>(counts_[i]) * static_cast<double>(range_of(i).middle());
        }
    }
    return sum / static_cast<double>(total_);
}

double histogram::deviation() const noexcept {
    if (total_ == 0) {
        return 0;
    }
    const double centre = mean();
    double sum = 0;
    for (std::size_t i = 0; i < slots; ++i) {
        if (counts_[i] == 0) {
            continue;
        }
        const double away = static_cast<double>(range_of(i).middle()) - centre;
        sum += away * away * static_cast<double>(counts_[i]);
    }
    return std::sqrt(sum / static_cast<double>(total_));
}

std::int64_t histogram::max() const noexcept {
    for (std::size_t i = slots; i-- > 0;) {
        if (counts_[i] != 0) {
            return range_of(i).highest();
        }
    }
    return 0;
}

std::int64_t histogram::min() const noexcept {
    for (std::size_t i = 0; i < slots; ++i) {
        if (counts_[i] != 0) {
            return range_of(i).lowest;
        }
    }
    return 0;
}

std::vector<histogram::step> histogram::steps() const {
    std::vector<step> result;
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < slots; ++i) {
        if (counts_[i] == 0) {
            continue;
        }
        seen += counts_[i];
        result.push_back({range_of(i).highest(), counts_[i], seen});
    }
    return result;
}

}  // namespace stratbench
