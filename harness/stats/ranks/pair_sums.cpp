#include "harness/stats/ranks/pair_sums.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace stratbench {

pair_sums::pair_sums(std::vector<double> a, std::vector<double> b)
    : rows_(std::move(a)),
      others_(std::move(b)),
      one_list_(false),
      total_(static_cast<std::uint64_t>(rows_.size()) * others_.size()) {
    std::sort(rows_.begin(), rows_.end());
    std::sort(others_.begin(), others_.end());
}

pair_sums::pair_sums(std::vector<double> values)
    : rows_(std::move(values)),
      one_list_(true),
      total_(static_cast<std::uint64_t>(rows_.size()) * (rows_.size() + 1) / 2) {
    std::sort(rows_.begin(), rows_.end());
}

std::uint64_t pair_sums::at_most(double limit) const {
    const std::vector<double>& of = columns();
    std::uint64_t found = 0;
    // Invariant: of[end] and all after it are too great for this row, and so for all later ones.
    std::size_t end = of.size();
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        while (end > 0 && rows_[i] + of[end - 1] > limit) {
            --end;
        }
        if (end <= first_column(i)) {
            if (one_list_ || end == 0) {
                break;
            }
            continue;
        }
        found += end - first_column(i);
    }
    return found;
}

std::vector<double> pair_sums::between(double low, double high) const {
    const std::vector<double>& of = columns();
    std::vector<double> found;
    std::size_t begin = of.size(), end = of.size();
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        while (begin > 0 && rows_[i] + of[begin - 1] > low) {
            --begin;
        }
        while (end > 0 && rows_[i] + of[end - 1] > high) {
            --end;
        }
        for (std::size_t j = std::max(begin, first_column(i)); j < end; ++j) {
            found.push_back(rows_[i] + of[j]);
        }
    }
    return found;
}

double pair_sums::kth_smallest(std::uint64_t k) const {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    // Invariant: fewer than k sums are at most `low`, at least k are at most `high`.
    double low = std::nextafter(rows_.front() + columns().front(), -infinity);
    double high = rows_.back() + columns().back();
    std::uint64_t below = 0, within = total_;
    const std::uint64_t few = rows_.size() + columns().size() + 16;
    for (bool aim_below = true; within - below > few; aim_below = !aim_below) {
        // Interpolates, by turns a little below and above what is wanted, so that both ends move;
        // the smaller the part that is left, the straighter it is. Halves what is no use yet.
        const auto left = static_cast<double>(within - below);
        const double margin =
            left * left / static_cast<double>(total_) + static_cast<double>(few) / 3;
        const double wanted = static_cast<double>(k - below) + (aim_below ? -margin : margin);
        double middle = std::midpoint(low, high);
        if (margin < left / 4 && wanted > 0 && wanted < left) {
            middle = std::lerp(low, high, wanted / left);
        }
        if (middle <= low || middle >= high) {
            middle = std::midpoint(low, high);
        }
        // No number lies between them: all that are left are equal.
        if (middle <= low || middle >= high) {
            return high;
        }
        const std::uint64_t count = at_most(middle);
        if (count < k) {
            low = middle;
            below = count;
        } else {
            high = middle;
            within = count;
        }
    }
    std::vector<double> left = between(low, high);
    const auto wanted = left.begin() + static_cast<std::ptrdiff_t>(k - below - 1);
    std::nth_element(left.begin(), wanted, left.end());
    return *wanted;
}

double pair_sums::median() const {
    const double upper = kth_smallest(total_ / 2 + 1);
    // Among this many sums the next smaller one agrees to more digits than anything is measured.
    constexpr std::uint64_t many = 1'000'000;
    return total_ % 2 == 1 || total_ > many ? upper
                                            : std::midpoint(kth_smallest(total_ / 2), upper);
}

}  // namespace stratbench
