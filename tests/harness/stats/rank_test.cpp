#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <vector>

#include "harness/stats/autocorrelation.hpp"
#include "harness/stats/detectable.hpp"
#include "harness/stats/holm.hpp"
#include "harness/stats/median.hpp"
#include "harness/stats/ranks/hodges_lehmann.hpp"
#include "harness/stats/ranks/mann_whitney.hpp"
#include "harness/stats/ranks/pair_sums.hpp"
#include "harness/stats/ranks/rank_distribution.hpp"
#include "harness/stats/ranks/sign_flip.hpp"

namespace stratbench {
namespace {

using values = std::vector<double>;

/// Depression scores before and after, Hollander and Wolfe, Nonparametric Statistical Methods,
/// table 3.1: the differences.
const values depression{-0.952, 0.147, -1.022, -0.430, -0.620, -0.590, -0.490, 0.080, -0.010};

values drawn(std::size_t n, std::uint64_t seed, double step = 0) {
    std::mt19937_64 random(seed);
    values made;
    for (std::size_t i = 0; i < n; ++i) {
        const double value = static_cast<double>(random() >> 11) * 0x1p-53 - 0.4;
        made.push_back(step > 0 ? std::round(value / step) * step : value);
    }
    return made;
}

values all_sums(const values& a, const values& b) {
    values sums;
    for (const double x : a) {
        for (const double y : b) {
            sums.push_back(x + y);
        }
    }
    std::sort(sums.begin(), sums.end());
    return sums;
}

values walsh_sums(const values& of) {
    values sums;
    for (std::size_t i = 0; i < of.size(); ++i) {
        for (std::size_t j = i; j < of.size(); ++j) {
            sums.push_back(of[i] + of[j]);
        }
    }
    std::sort(sums.begin(), sums.end());
    return sums;
}

TEST(pair_sums, are_in_the_order_that_writing_them_all_down_gives) {
    // Values with and without ties, and with strays far away.
    for (const double step : {0.0, 0.05, 1.0}) {
        values a = drawn(97, 1, step), b = drawn(60, 2, step);
        a.push_back(1e6);
        b.push_back(-1e9);
        const values both = all_sums(a, b), one = walsh_sums(a);
        const pair_sums of_both(a, b), of_one(a);
        ASSERT_EQ(of_both.count(), both.size());
        ASSERT_EQ(of_one.count(), one.size());
        for (std::size_t k = 1; k <= both.size(); k += 7) {
            ASSERT_EQ(of_both.kth_smallest(k), both[k - 1]) << k;
        }
        for (std::size_t k = 1; k <= one.size(); k += 5) {
            ASSERT_EQ(of_one.kth_smallest(k), one[k - 1]) << k;
        }
        EXPECT_EQ(of_one.median(), median(one));
        EXPECT_EQ(of_both.median(), median(both));
    }
}

TEST(rank_distribution, of_signed_ranks_is_that_of_the_tables) {
    // Hollander and Wolfe, table A.4: P(T+ >= 40) = 0.020 and P(T+ >= 37) = 0.049 for n = 9.
    const auto nine = rank_distribution::of_signed_ranks(9);
    EXPECT_NEAR(nine.at_most(5), 0.020, 5e-4);
    EXPECT_NEAR(nine.at_most(8), 0.049, 5e-4);
    EXPECT_EQ(rank_distribution::of_signed_ranks(3).at_most(0), 0.125);
    EXPECT_EQ(nine.at_most(45), 1);
}

TEST(rank_distribution, of_two_samples_is_what_enumeration_gives) {
    // All ways to give 4 of 9 ranks to one sample.
    std::vector<int> chosen{0, 0, 0, 0, 0, 1, 1, 1, 1};
    std::vector<double> by_u(21);
    double ways = 0;
    do {
        std::size_t u = 0;
        for (std::size_t i = 0; i < chosen.size(); ++i) {
            for (std::size_t j = 0; j < i; ++j) {
                if (chosen[i] == 1 && chosen[j] == 0) {
                    ++u;
                }
            }
        }
        ++by_u[u];
        ++ways;
    } while (std::next_permutation(chosen.begin(), chosen.end()));
    const auto counted = rank_distribution::of_two_samples(4, 5);
    double so_far = 0;
    for (std::size_t u = 0; u < by_u.size(); ++u) {
        so_far += by_u[u];
        EXPECT_NEAR(counted.at_most(u), so_far / ways, 1e-12) << u;
    }
}

TEST(rank_distribution, is_nearly_the_same_where_it_is_counted_and_where_it_is_not) {
    const auto counted = rank_distribution::of_signed_ranks(50);
    const auto normal = rank_distribution::of_signed_ranks(51);
    ASSERT_TRUE(counted.exact() && !normal.exact());
    EXPECT_NEAR(counted.at_most(434) / normal.at_most(457), 1, 0.1);
}

TEST(hodges_lehmann, estimates_the_centre_of_the_textbook) {
    // Hollander and Wolfe, example 3.3: -0.46.
    EXPECT_NEAR(centre_of(depression).value, -0.46, 1e-9);
    // Example 3.4: the 6th of the 45 means from either end, -0.786 and -0.010, hold it with 96.1 %;
    // the 7th do with 94.5 %, so that 95 % is two thirds of the way.
    const values sums = walsh_sums(depression);
    const double holds_6 = 1 - 2 * 10.0 / 512, holds_7 = 1 - 2 * 14.0 / 512;
    const double inwards = (holds_6 - 0.95) / (holds_6 - holds_7);
    EXPECT_NEAR(sums[5] / 2, -0.786, 1e-9);
    EXPECT_NEAR(sums[39] / 2, -0.010, 1e-9);
    const interval ci = centre_of(depression).ci95;
    EXPECT_NEAR(ci.lo, std::lerp(sums[5], sums[6], inwards) / 2, 1e-9);
    EXPECT_NEAR(ci.hi, std::lerp(sums[39], sums[38], inwards) / 2, 1e-9);
}

TEST(hodges_lehmann, estimates_the_shift_between_samples_as_the_median_of_all_differences) {
    const values base{0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46};
    const values now{1.15, 0.88, 0.90, 0.74, 1.21};
    // Hollander and Wolfe, examples 4.3 and 4.4: -0.305, and [-0.76, 0.15] holds 96 %.
    const shift found = shift_between(base, now);
    EXPECT_NEAR(found.value, -0.305, 1e-9);
    EXPECT_NEAR(found.ci95.lo, -0.75, 0.02);
    EXPECT_NEAR(found.ci95.hi, 0.14, 0.02);
}

TEST(hodges_lehmann, survives_what_a_mean_does_not) {
    values spiked(20, 0.0);
    for (std::size_t i = 0; i < spiked.size(); ++i) {
        spiked[i] = 0.01 * static_cast<double>(i % 5);
    }
    values plain = spiked;
    spiked[3] = 1000;
    EXPECT_NEAR(centre_of(spiked).value, centre_of(plain).value, 0.005);
}

TEST(hodges_lehmann, has_an_interval_for_any_number_of_values) {
    for (std::size_t n = 1; n <= 60; ++n) {
        const shift one = centre_of(drawn(n, n)), two = shift_between(drawn(n, n), drawn(3, 7));
        EXPECT_LE(one.ci95.lo, one.value) << n;
        EXPECT_GE(one.ci95.hi, one.value) << n;
        EXPECT_LE(two.ci95.lo, two.value) << n;
        EXPECT_GE(two.ci95.hi, two.value) << n;
        EXPECT_EQ(n == 1, one.ci95.lo == one.ci95.hi) << n;
    }
}

/// All 2^n choices of signs, one after the other.
double enumerated(const values& differences) {
    values sizes;
    double observed = 0;
    const double limit = 2 * median([&] {
                             values all;
                             for (const double d : differences) {
                                 all.push_back(std::abs(d));
                             }
                             return all;
                         }());
    for (const double d : differences) {
        observed += std::clamp(d, -limit, limit);
        sizes.push_back(std::min(std::abs(d), limit));
    }
    double found = 0;
    for (std::uint64_t signs = 0; signs < (std::uint64_t{1} << sizes.size()); ++signs) {
        double sum = 0;
        for (std::size_t i = 0; i < sizes.size(); ++i) {
            sum += (signs >> i & 1) != 0 ? sizes[i] : -sizes[i];
        }
        if (sum >= observed - 1e-9) {
            ++found;
        }
    }
    return found / std::exp2(static_cast<double>(sizes.size()));
}

TEST(sign_flip, is_what_enumerating_all_signs_gives) {
    for (std::size_t n = 1; n <= 14; ++n) {
        const values differences = drawn(n, 100 + n), equal = drawn(n, 200 + n, 0.25);
        EXPECT_NEAR(sign_flip_p(differences).more, enumerated(differences), 1e-12) << n;
        if (std::count(equal.begin(), equal.end(), 0.0) == 0) {
            EXPECT_NEAR(sign_flip_p(equal).more, enumerated(equal), 1e-12) << n;
        }
    }
}

TEST(sign_flip, of_pairs_that_all_agree_is_one_in_two_to_the_rounds) {
    EXPECT_EQ(sign_flip_p(values(13, 0.05)).more, std::exp2(-13));
    EXPECT_EQ(sign_flip_p(values(13, 0.05)).less, 1);
    EXPECT_EQ(sign_flip_p(values(13, -0.05)).less, std::exp2(-13));
    EXPECT_EQ(sign_flip_p(values(200, 0.05)).more, std::exp2(-200));
}

TEST(sign_flip, of_no_difference_at_all_is_one) {
    EXPECT_EQ(sign_flip_p(values(9, 0.0)).more, 1);
    EXPECT_EQ(sign_flip_p(values(9, 0.0)).less, 1);
    EXPECT_EQ(sign_flip_p({}).more, 1);
}

TEST(sign_flip, is_not_blinded_by_a_single_spike) {
    values differences = values(15, 0.05);
    differences[7] = -3;
    EXPECT_LT(sign_flip_p(differences).more, 0.01);
}

TEST(sign_flip, is_nearly_exact_far_out_where_it_no_longer_counts_all_signs) {
    for (const double shift : {0.0, 0.1, 0.15, 0.2, 0.25}) {
        values differences = drawn(exact_flips, 11);
        for (double& d : differences) {
            d += shift;
        }
        const double exact = sign_flip_p(differences).more;
        // One more that counts for next to nothing.
        differences.push_back(1e-9);
        const double approximate = sign_flip_p(differences).more;
        EXPECT_NEAR(approximate / exact, 1, 0.25) << shift << ": " << exact;
    }
}

TEST(sign_flip, of_both_sides_is_one_together_where_nothing_is_equal) {
    const one_sided many = sign_flip_p(drawn(1000, 5));
    EXPECT_NEAR(many.more + many.less, 1, 1e-9);
    EXPECT_LT(many.more, 1e-6);
}

TEST(mann_whitney, is_that_of_the_textbook) {
    const values base{0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46};
    const values now{1.15, 0.88, 0.90, 0.74, 1.21};
    // Hollander and Wolfe, example 4.1: W = 30, P = 0.127.
    EXPECT_NEAR(mann_whitney_p(base, now).less, 0.127, 5e-4);
    EXPECT_NEAR(mann_whitney_p(now, base).more, 0.127, 5e-4);
}

TEST(mann_whitney, of_samples_that_do_not_overlap_is_one_in_all_choices) {
    EXPECT_NEAR(mann_whitney_p(values{1, 2, 3, 4, 5}, values{6, 7, 8, 9, 10}).more, 1.0 / 252,
                1e-12);
}

TEST(mann_whitney, counts_equal_values_as_halves) {
    EXPECT_EQ(mann_whitney_p(values(8, 1.0), values(6, 1.0)).more, 1);
    const one_sided tied = mann_whitney_p(values{1, 2, 2, 3}, values{1, 2, 2, 3});
    EXPECT_EQ(tied.more, tied.less);
    EXPECT_GT(tied.more, 0.5);
}

TEST(holm, adjusts_as_in_the_textbook) {
    const values adjusted = holm(values{0.01, 0.04, 0.03, 0.005});
    EXPECT_NEAR(adjusted[3], 0.020, 1e-12);
    EXPECT_NEAR(adjusted[0], 0.030, 1e-12);
    EXPECT_NEAR(adjusted[2], 0.060, 1e-12);
    EXPECT_NEAR(adjusted[1], 0.060, 1e-12);  // never below one that was smaller
    EXPECT_EQ(holm(values{0.9, 0.8})[0], 1);
    EXPECT_TRUE(holm({}).empty());
}

TEST(detectable, shrinks_with_the_root_of_the_trials) {
    const resolution fifty{50, 0.01, 49, true};
    EXPECT_NEAR(detectable_shift(fifty.with(5000), 0.001) / detectable_shift(fifty, 0.001), 0.1,
                0.01);
    EXPECT_EQ(trials_to_detect(1, resolution{50, 0, 49, true}, 0.001) <= 20, true);
    const int enough = trials_to_detect(0.02, fifty, 0.001);
    EXPECT_LE(detectable_shift(fifty.with(enough), 0.001), 0.02);
    EXPECT_GT(detectable_shift(fifty.with(enough - 2), 0.001), 0.02);
}

TEST(detectable, is_infinite_where_no_signs_have_such_a_p) {
    EXPECT_TRUE(std::isinf(detectable_shift({5, 0.01, 4, true}, 0.001)));
}

TEST(autocorrelation, is_corrected_for_what_the_mean_of_few_trials_makes_of_it) {
    // Distances from the mean -2/3, 1/3, 1/3: products -1/9, squares 6/9, and one over the trials.
    autocorrelation found;
    found.add(std::vector<double>{0, 1, 1});
    const double r = -1.0 / 6 + 1.0 / 3;
    EXPECT_NEAR(found.inflation(), (1 + r) / (1 - r), 1e-12);
}

}  // namespace
}  // namespace stratbench
