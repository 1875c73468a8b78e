#include "harness/stats/ranks/sign_flip.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <vector>

#include "harness/stats/distributions.hpp"
#include "harness/stats/median.hpp"

namespace stratbench {

namespace {

constexpr double most_of_median = 2;

/// What each difference counts for: itself, within limits. Those that are 0 never matter.
std::vector<double> scores_of(std::span<const double> differences) {
    std::vector<double> sizes;
    for (const double d : differences) {
        if (d != 0) {
            sizes.push_back(std::abs(d));
        }
    }
    if (sizes.empty()) {
        return sizes;
    }
    const double limit = most_of_median * median(sizes);
    std::vector<double> scores;
    for (const double d : differences) {
        if (d != 0) {
            scores.push_back(std::clamp(d, -limit, limit));
        }
    }
    return scores;
}

/// The sums of all choices of signs, ascending.
std::vector<double> sums_of(std::span<const double> sizes) {
    std::vector<double> sums{0};
    for (const double size : sizes) {
        std::vector<double> with, without, both;
        for (const double sum : sums) {
            without.push_back(sum - size);
            with.push_back(sum + size);
        }
        both.reserve(2 * sums.size());
        std::merge(without.begin(), without.end(), with.begin(), with.end(),
                   std::back_inserter(both));
        sums = std::move(both);
    }
    return sums;
}

/// Counts the choices by meeting in the middle: sums of the one half against sums of the other.
double enumerated(std::span<const double> sizes, double observed) {
    const std::vector<double> a = sums_of(sizes.first(sizes.size() / 2));
    const std::vector<double> b = sums_of(sizes.subspan(sizes.size() / 2));
    double found = 0;
    auto enough = b.end();
    for (const double sum : a) {
        while (enough != b.begin() && sum + *std::prev(enough) >= observed) {
            --enough;
        }
        found += static_cast<double>(b.end() - enough);
    }
    return found / std::exp2(static_cast<double>(sizes.size()));
}

/// The cumulants of the sum under random signs, tilted by s.
struct tilted_sum {
    double logarithm = 0, mean = 0, variance = 0;

    tilted_sum(std::span<const double> sizes, double s) {
        for (const double size : sizes) {
            // log(cosh(x)) = x + log1p(exp(-2 x)) - log(2), which does not overflow.
            const double decay = std::exp(-2 * s * size);
            const double tanh = (1 - decay) / (1 + decay);
            logarithm += s * size + std::log1p(decay) - std::log(2.0);
            mean += size * tanh;
            variance += size * size * (1 - tanh * tanh);
        }
    }
};

/// Precondition: observed > 0.
double saddlepoint(std::span<const double> sizes, double observed) {
    double squares = 0;
    for (const double size : sizes) {
        squares += size * size;
    }
    const double z = observed / std::sqrt(squares);
    // Close to the centre the formula divides nothing by nothing, and the normal is as good.
    if (z < 0.1) {
        return normal_above(z);
    }
    // The mean grows ever more slowly with s, so Newton's method comes from below and never passes.
    double s = observed / squares;
    tilted_sum at(sizes, s);
    for (int step = 0; step < 40 && observed - at.mean > 1e-9 * observed; ++step) {
        s += (observed - at.mean) / at.variance;
        at = tilted_sum(sizes, s);
    }
    const double exponent = s * observed - at.logarithm;
    // Chernoff's bound, which holds for any s: far out there it is all that anyone needs.
    if (observed - at.mean > 1e-6 * observed || exponent > 600) {
        return std::exp(-exponent);
    }
    const double w = std::sqrt(2 * exponent), u = s * std::sqrt(at.variance);
    return std::clamp(normal_above(w) + normal_density(w) * (1 / u - 1 / w), 0.0, 1.0);
}

}  // namespace

one_sided sign_flip_p(std::span<const double> differences) {
    const std::vector<double> scores = scores_of(differences);
    if (scores.empty()) {
        return {};
    }
    double observed = 0, greatest = 0;
    std::vector<double> sizes;
    sizes.reserve(scores.size());
    for (const double score : scores) {
        observed += score;
        greatest += std::abs(score);
        sizes.push_back(std::abs(score));
    }
    // Sums that differ by rounding alone are equal.
    const double rounding = 1e-12 * greatest;
    if (sizes.size() <= exact_flips) {
        return {enumerated(sizes, observed - rounding), enumerated(sizes, -observed - rounding)};
    }
    double beyond = 0.5;
    if (std::abs(observed) >= greatest - rounding) {
        beyond = std::exp2(-static_cast<double>(sizes.size()));
    } else if (std::abs(observed) > rounding) {
        beyond = saddlepoint(sizes, std::abs(observed));
    }
    return observed > 0 ? one_sided{beyond, 1 - beyond} : one_sided{1 - beyond, beyond};
}

}  // namespace stratbench
