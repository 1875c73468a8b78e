#include "harness/stats/mann_whitney.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include <boost/math/distributions/normal.hpp>

#include "harness/stats/rank_distribution.hpp"

namespace stratbench::stats {

double mann_whitney_p(std::span<const double> base, std::span<const double> now) {
    struct entry {
        double value;
        bool is_new;
    };
    std::vector<entry> all;
    for (const double value : base) all.push_back({value, false});
    for (const double value : now) all.push_back({value, true});
    std::sort(all.begin(), all.end(), [](entry a, entry b) { return a.value < b.value; });

    // How often a new value is below a base value, halves for equal ones; and how many are equal.
    double below = 0, ties = 0, new_so_far = 0;
    for (auto first = all.begin(); first != all.end();) {
        const auto last =
            std::find_if(first, all.end(), [&](entry e) { return e.value != first->value; });
        const auto size = static_cast<double>(last - first);
        const auto new_here =
            static_cast<double>(std::count_if(first, last, [](entry e) { return e.is_new; }));
        below += (size - new_here) * (new_so_far + new_here / 2);
        new_so_far += new_here;
        ties += size * (size * size - 1);
        first = last;
    }

    const auto by_chance = rank_distribution::of_two_samples(base.size(), now.size());
    if (ties == 0 && by_chance.exact())
        return by_chance.at_most(static_cast<std::uint64_t>(std::llround(below)));
    const auto n = static_cast<double>(base.size()), m = static_cast<double>(now.size());
    const double variance = n * m / 12 * (n + m + 1 - ties / ((n + m) * (n + m - 1)));
    if (variance <= 0) return 1;
    return cdf(boost::math::normal(), (below - n * m / 2 + 0.5) / std::sqrt(variance));
}

}  // namespace stratbench::stats
