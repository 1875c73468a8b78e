// How often an answer is wrong, over thousands of simulated studies in slices on machines of known
// unrest, the recorded unrest of rented ones among them: with the rule by which a study ends and
// lets strategies go.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "harness/judge/ranking.hpp"
#include "harness/stats/best.hpp"
#include "harness/study/study.hpp"
#include "tests/oracle/noise.hpp"

namespace stratbench::oracle {
namespace {

constexpr double step_ms = 2;
constexpr double slice_ms = 25, between_slices_ms = 1.5, between_generations_ms = 300;
constexpr int rounds_of_generation = 6, most_generations = 10;
constexpr int studies = 600;

/// How much slower a machine is than undisturbed, in steps of 2 ms; hundredths of a logarithm.
/// Three recordings of 40 s, both CPUs of a virtual machine with steal that it does not report.
constexpr std::uint8_t recorded[] = {
#include "tests/oracle/recorded_noise.inc"
};

/// Speeds over time, of which one can ask for the mean.
class weather {
  public:
    explicit weather(const std::vector<double>& slower) {
        sums_.reserve(slower.size() + 1);
        for (const double log : slower) {
            sums_.push_back(sums_.back() + std::exp(-log));
        }
    }
    [[nodiscard]] double end_ms() const { return step_ms * static_cast<double>(sums_.size() - 1); }
    /// Logarithm of the mean speed.
    [[nodiscard]] double speed(double from_ms, double to_ms) const {
        return std::log((at(to_ms) - at(from_ms)) * step_ms / (to_ms - from_ms));
    }

  private:
    [[nodiscard]] double at(double ms) const {
        const double position =
            std::clamp(ms / step_ms, 0.0, static_cast<double>(sums_.size() - 1));
        const auto below = std::min(static_cast<std::size_t>(position), sums_.size() - 2);
        return sums_[below] +
               (position - static_cast<double>(below)) * (sums_[below + 1] - sums_[below]);
    }
    std::vector<double> sums_{0};
};

using forecast = std::vector<double> (*)(std::mt19937_64&);
constexpr std::size_t steps = 60'000;
/// How long a study takes at most.
constexpr double study_ms = 16'000;

/// 1/f: the sum of processes that remember for 4 ms, 16 ms ... 16 s, all of the same size.
std::vector<double> pink(std::mt19937_64& random) {
    std::vector<double> all(steps, 0.1);
    for (double memory = 2; memory < 10'000; memory *= 4) {
        const double keeps = std::exp(-1 / memory);
        double value = normal_draw(random);
        for (double& each : all) {
            value = keeps * value + std::sqrt(1 - keeps * keeps) * normal_draw(random);
            each += 0.06 * value;
        }
    }
    return all;
}

struct named_weather {
    const char* name;
    forecast make;
};

constexpr std::array weathers{
    named_weather{"recorded",
                  [](std::mt19937_64&) {
                      std::vector<double> all;
                      for (const int each : recorded) {
                          all.push_back(0.01 * each);
                      }
                      return all;
                  }},
    named_weather{"pink", pink},
    named_weather{"spikes",
                  [](std::mt19937_64& random) {
                      std::vector<double> all(steps);
                      double left = 0, height = 0;
                      for (double& each : all) {
                          if (left <= 0 && even(random) < 0.01) {
                              left = 20 * even(random);
                              height = 2 * even(random);
                          }
                          each = 0.02 * normal_draw(random) + (left-- > 0 ? height : 0);
                      }
                      return all;
                  }},
    named_weather{"drift",
                  [](std::mt19937_64& random) {
                      std::vector<double> all(steps);
                      for (std::size_t i = 0; i < steps; ++i) {
                          all[i] = 0.02 * normal_draw(random) +
                                   0.5 * static_cast<double>(i) / static_cast<double>(steps);
                      }
                      return all;
                  }},
    named_weather{"two speeds",
                  [](std::mt19937_64& random) {
                      std::vector<double> all(steps);
                      bool slow = false;
                      for (double& each : all) {
                          if (even(random) < 1.0 / 250) {
                              slow = !slow;
                          }
                          each = 0.02 * normal_draw(random) + (slow ? std::log(1.4) : 0);
                      }
                      return all;
                  }},
};

/// Somewhere in the weather of a kind, of which there are a few.
struct place {
    const weather* machine;
    double from_ms;
};

place somewhere(const named_weather& kind, std::mt19937_64& random) {
    static std::map<std::string, std::vector<weather>> known;
    std::vector<weather>& all = known[kind.name];
    if (all.empty()) {
        std::mt19937_64 of_weather(5);
        for (int i = 0; i < 4; ++i) {
            all.emplace_back(kind.make(of_weather));
        }
    }
    const weather& machine = all[random() % all.size()];
    return {&machine, even(random) * (machine.end_ms() - study_ms)};
}

/// One study of contenders that are so far behind the first (0.03 = 3 %), each generation of whose
/// processes is faster or slower by `effect` for all its life.
struct simulated {
    std::vector<double> behind;
    double effect = 0;
};

std::optional<best_comparison> run(const simulated& study, const place& at, double tie,
                                   std::mt19937_64& random) {
    const std::size_t k = study.behind.size();
    std::vector<figures_by_round> figures(k);
    std::vector<std::size_t> active(k);
    for (std::size_t i = 0; i < k; ++i) {
        active[i] = i;
    }
    double now_ms = at.from_ms;
    for (int generation = 0; generation < most_generations; ++generation) {
        std::vector<double> effects(k);
        for (double& each : effects) {
            each = study.effect * normal_draw(random);
        }
        for (int round = 0; round < rounds_of_generation; ++round) {
            std::vector<std::size_t> order = active;
            for (std::size_t left = order.size(); left > 1; --left) {
                std::swap(order[left - 1], order[random() % left]);
            }
            for (const std::size_t i : order) {
                const double speed = at.machine->speed(now_ms, now_ms + slice_ms);
                figures[i][generation][round] = speed - std::log1p(study.behind[i]) + effects[i];
                now_ms += slice_ms + between_slices_ms;
            }
        }
        now_ms += between_generations_ms;
        if (generation + 1 < generations_before_answers) {
            continue;
        }
        const auto seen = compare_with_best(figures, while_measuring, tie);
        if (!seen) {
            continue;
        }
        double worst = 0;
        for (const std::size_t i : seen->candidates) {
            worst = std::max(worst, seen->regret[i]);
        }
        if (seen->candidates.size() == 1 || worst <= std::log1p(tie)) {
            break;
        }
        active = seen->candidates;
    }
    EXPECT_LT(now_ms - at.from_ms, study_ms);
    return compare_with_best(figures, in_report, tie);
}

class answers
    : public testing::TestWithParam<std::tuple<named_weather, std::vector<double>, double>> {};

TEST_P(answers, are_wrong_no_more_often_than_they_say) {
    const auto& [kind, behind, effect] = GetParam();
    constexpr double tie = 0.03;
    std::mt19937_64 random(7);
    int winners = 0, false_winners = 0, ties = 0, false_ties = 0, broken_bounds = 0, answered = 0;
    for (int i = 0; i < studies; ++i) {
        const auto made = run({behind, effect}, somewhere(kind, random), tie, random);
        if (!made) {
            continue;
        }
        ++answered;
        const best_comparison& found = *made;
        std::size_t pick = found.candidates.front();
        double worst = 0, farthest = 0;
        for (const std::size_t c : found.candidates) {
            if (found.regret[c] < found.regret[pick]) {
                pick = c;
            }
            worst = std::max(worst, found.regret[c]);
            farthest = std::max(farthest, behind[c]);
        }
        const double nearest_other = std::count(behind.begin(), behind.end(), 0) > 1 ? 0 : 1;
        if (found.candidates.size() == 1) {
            ++winners;
            if (behind[pick] > 0 || nearest_other == 0) {
                ++false_winners;
            }
        } else if (worst <= std::log1p(tie)) {
            ++ties;
            if (farthest > tie) {
                ++false_ties;
            }
        }
        if (std::log1p(behind[pick]) > found.regret[pick] + 1e-12) {
            ++broken_bounds;
        }
    }
    const auto share = [](int n) { return n / static_cast<double>(studies); };
    fmt::print(
        "{:<11} effect {:.0f} %: {} answered, winners {:.1f} % (false {:.1f} %), ties {:.1f} % "
        "(false {:.1f} %), bounds broken {:.1f} %\n",
        kind.name, 100 * effect, answered, 100 * share(winners), 100 * share(false_winners),
        100 * share(ties), 100 * share(false_ties), 100 * share(broken_bounds));
    EXPECT_EQ(answered, studies);
    // Three standard errors of so many studies above 5 %.
    const double most = 0.05 + 3 * std::sqrt(0.05 * 0.95 / studies);
    EXPECT_LE(share(false_winners), most);
    EXPECT_LE(share(false_ties), most);
    EXPECT_LE(share(broken_bounds), most);
}

const std::vector<std::vector<double>> races = {
    {0, 0, 0, 0}, {0, 0.03, 0.10, 0.10}, {0, 0.035, 0.035, 0.9}, {0, 0.01, 0.02, 0.05, 0.5}};

std::string name_of(const testing::TestParamInfo<answers::ParamType>& of) {
    const auto& [kind, behind, effect] = of.param;
    std::string name = kind.name;
    for (char& c : name) {
        if (c == '/' || c == ' ') {
            c = '_';
        }
    }
    for (const double each : behind) {
        name += fmt::format("_{:.0f}", 1000 * each);
    }
    return fmt::format("{}_effect_{:.0f}", name, 100 * effect);
}

INSTANTIATE_TEST_SUITE_P(in_any_weather, answers,
                         testing::Combine(testing::ValuesIn(weathers), testing::ValuesIn(races),
                                          testing::Values(0.0, 0.01, 0.03)),
                         name_of);

/// With two contenders and no early end, the interval of the lead is Student's at 95 %.
TEST(answer_oracle, the_interval_of_a_lead_holds_the_truth) {
    for (const named_weather& kind : weathers) {
        std::mt19937_64 random(11);
        int held = 0, seen = 0;
        for (int i = 0; i < 2000; ++i) {
            const place at = somewhere(kind, random);
            std::vector<figures_by_round> figures(2);
            double now_ms = at.from_ms;
            for (int generation = 0; generation < 8; ++generation) {
                const double effects[] = {0.01 * normal_draw(random), 0.01 * normal_draw(random)};
                for (int round = 0; round < rounds_of_generation; ++round) {
                    const std::size_t first = random() % 2;
                    for (const std::size_t side : {first, 1 - first}) {
                        figures[side][generation][round] =
                            at.machine->speed(now_ms, now_ms + slice_ms) + effects[side] +
                            (side == 0 ? std::log(1.5) : 0);
                        now_ms += slice_ms + between_slices_ms;
                    }
                }
                now_ms += between_generations_ms;
            }
            const auto found = compare_with_best(figures, 0.05, 0.03);
            if (!found || !found->lead) {
                continue;
            }
            ++seen;
            if (found->lead->lo <= std::log(1.5) && std::log(1.5) <= found->lead->hi) {
                ++held;
            }
        }
        fmt::print("{:<11} interval of the lead: {:.1f} %\n", kind.name, 100.0 * held / seen);
        EXPECT_GE(held, 0.93 * seen) << kind.name;
        EXPECT_LE(held, 0.97 * seen) << kind.name;
    }
}

}  // namespace
}  // namespace stratbench::oracle
