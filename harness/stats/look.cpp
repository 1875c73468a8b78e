#include "harness/stats/look.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "harness/stats/mann_whitney.hpp"
#include "harness/stats/sign_flip.hpp"

namespace stratbench::stats {

look look::reversed() const {
    look other = *this;
    other.change = {-change.value, {-change.ci95.hi, -change.ci95.lo}};
    std::swap(other.p_more, other.p_less);
    return other;
}

double look::p() const {
    if (change.value == 0) return std::max(p_more, p_less);
    return change.value > 0 ? p_more : p_less;
}

look look_at_pairs(std::span<const double> differences) {
    look seen;
    seen.trials = differences.size();
    if (seen.trials == 0) return seen;
    seen.change = centre_of(differences);
    if (seen.trials < 2) return seen;
    std::vector<double> other_way;
    other_way.reserve(differences.size());
    for (const double d : differences) other_way.push_back(-d);
    seen.p_more = sign_flip_p(differences);
    seen.p_less = sign_flip_p(other_way);
    seen.resolves = resolution_of(differences);
    return seen;
}

look look_at_samples(std::span<const double> base, std::span<const double> now) {
    look seen;
    seen.trials = std::min(base.size(), now.size());
    if (seen.trials == 0) return seen;
    seen.change = shift_between(base, now);
    if (seen.trials < 2) return seen;
    seen.p_more = mann_whitney_p(base, now);
    seen.p_less = mann_whitney_p(now, base);
    seen.resolves = resolution_of(base, now);
    return seen;
}

}  // namespace stratbench::stats
