// What a comparison of 24 cells makes of builds that are equal, and of one that is 5 % slower in
// one cell, on six simulated machines: how often it cries wolf, how often it finds the slowdown,
// and how often its 95 % intervals hold the truth. All seeds are fixed.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>

#include "harness/judge/comparison/comparison.hpp"
#include "tests/oracle/noise.hpp"

namespace stratbench::oracle {
namespace {

constexpr int repetitions = 2000;

const double alpha = comparison_options{}.alpha;
constexpr int rounds = 15;

/// A rate that is at most `most` is seen above this with a probability of one in a thousand.
double tolerated(double most, int of) {
    return most + 3.1 * std::sqrt(most * (1 - most) / of);
}

/// Times `made` does something.
class rate {
  public:
    void count(bool happened) {
        ++all_;
        if (happened) {
            ++those_;
        }
    }
    [[nodiscard]] double part() const { return static_cast<double>(those_) / all_; }

  private:
    int those_ = 0, all_ = 0;
};

bool regressed(const compared_cell& cell) {
    return cell.metrics.front().result == verdict::regressed;
}

bool holds(const compared_metric& figure, double ratio) {
    return figure.ci95.lo <= ratio && ratio <= figure.ci95.hi;
}

std::mt19937_64 seeded(std::uint64_t test, const noise_kind& noise) {
    return std::mt19937_64(1000 * test + static_cast<std::uint64_t>(&noise - noises.data()));
}

TEST(comparison, of_equal_builds_hardly_ever_says_regressed_whatever_the_noise) {
    fmt::print(
        "{:24} false alarms  improved  same cells  coverage ({} compares of 24 cells, {} "
        "rounds)\n",
        "A against A", repetitions, rounds);
    for (const noise_kind& noise : noises) {
        std::mt19937_64 random = seeded(1, noise);
        rate alarms, improved, same, covered;
        for (int i = 0; i < repetitions; ++i) {
            const both_sides sides = interleaved({.rounds = rounds}, noise, random);
            const comparison found = compare(sides.base, sides.candidate, {});
            alarms.count(found.overall() == verdict::regressed);
            bool any_improved = false;
            for (const compared_cell& cell : found.cells) {
                const compared_metric& figure = cell.metrics.front();
                any_improved = any_improved || figure.result == verdict::improved;
                same.count(figure.result == verdict::same);
                covered.count(holds(figure, 1));
            }
            improved.count(any_improved);
        }
        fmt::print("{:24} {:11.2f} % {:7.2f} % {:9.1f} % {:8.1f} %\n", noise.name,
                   100 * alarms.part(), 100 * improved.part(), 100 * same.part(),
                   100 * covered.part());
        EXPECT_LE(alarms.part(), tolerated(alpha, repetitions)) << noise.name;
        EXPECT_LE(improved.part(), tolerated(alpha, repetitions)) << noise.name;
        EXPECT_GE(covered.part(), 0.93) << noise.name;
        EXPECT_LE(covered.part(), 0.97) << noise.name;
    }
}

TEST(comparison, of_a_build_that_is_slower_in_one_cell_finds_that_cell) {
    constexpr double slowdown = 0.05;
    constexpr int fresh = 15;
    fmt::print(
        "{:24} found  confirmed  detectable (one of 24 cells 5 % slower, {} rounds; "
        "confirmed by {} more)\n",
        "", rounds, fresh);
    for (const noise_kind& noise : noises) {
        std::mt19937_64 random = seeded(2, noise);
        rate found, confirmed, elsewhere;
        double detectable = 0;
        for (int i = 0; i < repetitions / 2; ++i) {
            const both_sides sides = interleaved(
                {.rounds = rounds + fresh, .slowdown = slowdown, .confirmation_from_round = rounds},
                noise, random);
            const comparison compared = compare(sides.base, sides.candidate, {});
            const compared_cell& slower = compared.cells.front();
            // Seen by the first look, whatever the fresh rounds say.
            found.count(slower.metrics.front().confirmed.has_value());
            confirmed.count(regressed(slower));
            detectable += slower.metrics.front().detectable.value_or(1) * 2 / repetitions;
            for (const compared_cell& cell : compared.cells) {
                if (&cell != &slower) {
                    elsewhere.count(regressed(cell));
                }
            }
        }
        fmt::print("{:24} {:4.1f} % {:7.1f} % {:9.1f} %\n", noise.name, 100 * found.part(),
                   100 * confirmed.part(), 100 * detectable);
        if (&noise == noises.data()) {
            EXPECT_GE(found.part(), 0.95);
            EXPECT_GE(confirmed.part(), 0.95);
        }
        EXPECT_LE(elsewhere.part(), 0.01) << noise.name;
    }
}

TEST(comparison, tells_the_truth_about_what_it_could_have_detected) {
    fmt::print("detectable: how often a slowdown of that size was found\n");
    for (const double min_effect : {0.005, 0.03}) {
        comparison_options asked;
        asked.min_effect = min_effect;
        for (const int n : {13, 15, 20, 40}) {
            std::mt19937_64 random(300 + static_cast<std::uint64_t>(n));
            double detectable = 0;
            constexpr int looks = 20;
            for (int i = 0; i < looks; ++i) {
                const both_sides sides = interleaved({.rounds = n}, noises[0], random);
                for (const compared_cell& cell :
                     compare(sides.base, sides.candidate, asked).cells) {
                    detectable += cell.metrics.front().detectable.value_or(1) / 24 / looks;
                }
            }
            rate found;
            for (int i = 0; i < repetitions / 4; ++i) {
                const both_sides sides =
                    interleaved({.rounds = n, .slowdown = detectable}, noises[0], random);
                found.count(regressed(compare(sides.base, sides.candidate, asked).cells.front()));
            }
            fmt::print("{} rounds, at least {} %: {:.2f} % found {:.1f} %\n", n, 100 * min_effect,
                       100 * detectable, 100 * found.part());
            const double luck = 3.1 * std::sqrt(4 * 0.8 * 0.2 / repetitions);
            EXPECT_GE(found.part(), 0.75 - luck) << n;
            EXPECT_LE(found.part(), 0.85 + luck) << n;
        }
    }
}

TEST(comparison, has_intervals_that_hold_the_truth_for_few_rounds_and_for_two_sessions) {
    fmt::print("coverage of 95 % intervals, iid 2 %, one cell 5 % slower\n");
    for (const int n : {5, 6, 7, 8, 10, 13, 20, 31, 60}) {
        std::mt19937_64 random(400 + static_cast<std::uint64_t>(n));
        rate pairs, samples;
        for (int i = 0; i < repetitions; ++i) {
            const simulated_study one{.cells = 2, .rounds = n, .slowdown = 0.05};
            const both_sides day = interleaved(one, noises[0], random);
            const both_sides days = two_sessions(one, noises[0], 0, random);
            const comparison paired = compare(day.base, day.candidate, {});
            const comparison apart = compare(days.base, days.candidate, {});
            for (std::size_t cell : {0U, 1U}) {
                const double truth = cell == 0 ? 1 / 1.05 : 1;
                pairs.count(holds(paired.cells[cell].metrics.front(), truth));
                samples.count(holds(apart.cells[cell].metrics.front(), truth));
            }
        }
        fmt::print("{:2} rounds: paired {:.3f}  unpaired {:.3f}\n", n, pairs.part(),
                   samples.part());
        for (const rate& seen : {pairs, samples}) {
            const double luck = 3.1 * std::sqrt(0.95 * 0.05 / (2 * repetitions));
            EXPECT_GE(seen.part(), 0.95 - std::max(0.02, luck)) << n;
            EXPECT_LE(seen.part(), 0.95 + std::max(0.02, luck)) << n;
        }
    }
}

TEST(comparison, beside_the_control_holds_the_truth_however_far_the_days_are_apart) {
    fmt::print("{:24} coverage of 95 % intervals beside the control, days up to 30 % apart\n",
               "unpaired");
    for (const noise_kind& noise : noises) {
        std::mt19937_64 random = seeded(6, noise);
        rate beside, alone;
        for (int i = 0; i < repetitions / 2; ++i) {
            // The first cell is 5 % slower; the last is the control.
            both_sides days = two_sessions({.cells = 4, .rounds = rounds, .slowdown = 0.05}, noise,
                                           0.3 * even(random), random);
            for (measurement* side : {&days.base, &days.candidate}) {
                for (measured_cell& cell : side->cells) {
                    cell.group = "group";
                }
                side->cells.back().is_control = true;
            }
            const comparison found = compare(days.base, days.candidate, {});
            for (std::size_t cell : {0U, 1U, 2U}) {
                const double truth = cell == 0 ? 1 / 1.05 : 1;
                const compared_metric& figure = found.cells[cell].metrics.front();
                const interval seen = figure.beside_control.value().ci95;
                beside.count(seen.lo <= truth && truth <= seen.hi);
                alone.count(holds(figure, truth));
            }
        }
        fmt::print("{:24} {:.3f}  without it {:.3f}\n", noise.name, beside.part(), alone.part());
        EXPECT_GE(beside.part(), 0.93) << noise.name;
        EXPECT_LE(beside.part(), 0.98) << noise.name;
        EXPECT_LE(alone.part(), 0.8) << noise.name;
    }
}

TEST(comparison, of_two_sessions_alarms_by_no_more_than_the_days_differ) {
    fmt::print("{:24} false alarms of two files, days 0 % and 3 % apart (standard deviation)\n",
               "unpaired");
    for (const noise_kind& noise : noises) {
        std::mt19937_64 random = seeded(5, noise);
        rate equal_days, unequal_days;
        for (int i = 0; i < repetitions / 4; ++i) {
            for (const double apart : {0.0, 0.03}) {
                const both_sides days =
                    two_sessions({.rounds = rounds}, noise, apart * normal_draw(random), random);
                const comparison found = compare(days.base, days.candidate, {});
                (apart > 0 ? unequal_days : equal_days)
                    .count(found.overall() == verdict::regressed);
            }
        }
        fmt::print("{:24} {:11.2f} % {:7.2f} %\n", noise.name, 100 * equal_days.part(),
                   100 * unequal_days.part());
        EXPECT_LE(equal_days.part(), tolerated(alpha, repetitions / 4)) << noise.name;
    }
}

}  // namespace
}  // namespace stratbench::oracle
