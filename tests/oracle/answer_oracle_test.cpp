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
constexpr int most_generations = 10;
constexpr int studies = 600;

/// The first ones have fewer: there everybody takes part, the slow ones too.
int rounds_of(int generation) {
    return generation < generations_before_answers ? 3 : 8;
}

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
        for (int round = 0; round < rounds_of(generation); ++round) {
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
        if (seen->candidates.size() == 1 || !seen->tied.empty()) {
            break;
        }
        active = seen->candidates;
    }
    EXPECT_LT(now_ms - at.from_ms, study_ms);
    return compare_with_best(figures, in_report, tie);
}

/// The candidate with the smallest regret.
std::size_t pick_of(const best_comparison& found) {
    return *std::ranges::min_element(found.candidates, {},
                                     [&](std::size_t i) { return found.regret[i]; });
}

/// The share that may be wrong of so many studies: three standard errors above 5 %.
double most_of(int all) {
    return 0.05 + 3 * std::sqrt(0.05 * 0.95 / all);
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
        const std::size_t pick = pick_of(found);
        const double nearest_other = std::count(behind.begin(), behind.end(), 0) > 1 ? 0 : 1;
        if (!found.tied.empty()) {
            ++ties;
            double farthest = 0;
            for (const std::size_t tied : found.tied) {
                farthest = std::max(farthest, behind[tied]);
            }
            if (farthest > tie) {
                ++false_ties;
            }
        } else if (found.candidates.size() == 1) {
            ++winners;
            if (behind[pick] > 0 || nearest_other == 0) {
                ++false_winners;
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
    const double most = most_of(studies);
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
                for (int round = 0; round < rounds_of(generation); ++round) {
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

/// A queue near its limit: p50 latencies that vary by a fifth from generation to generation, and
/// in some generations run over, to thirty times as much and more.
struct queue {
    double behind, runs_over;

    [[nodiscard]] double figure(std::mt19937_64& random) const {
        const double over = even(random) < runs_over ? 3.5 + normal_draw(random) : 0;
        return -(std::log1p(behind) + 0.2 * normal_draw(random) + over);
    }
};

/// By how much the first is ahead of the second: the mean part of the other's latency that it
/// saves, as a logarithm.
double truly_ahead(const queue& first, const queue& second, std::mt19937_64& random) {
    constexpr int draws = 200'000;
    double sum = 0;
    for (int i = 0; i < draws; ++i) {
        const double log = first.figure(random) - second.figure(random);
        sum += std::copysign(1 - std::exp(-std::abs(log)), log);
    }
    const double part = sum / draws;
    return std::copysign(-std::log1p(-std::abs(part)), part);
}

TEST(answer_oracle, queues_that_run_over_mislead_no_more_often_than_they_may) {
    // In the last one the one whose queue runs over rarely is the best, although its usual latency
    // is a tenth above.
    const std::vector<std::vector<queue>> all = {
        {{0, 0}, {0, 0}, {0.1, 0}},
        {{0, 0.1}, {0, 0.1}, {0, 0.1}},
        {{0, 0.05}, {0.2, 0.3}, {0.5, 0.5}},
        {{0.1, 0}, {0, 0.3}, {0, 0.4}},
    };
    for (const std::vector<queue>& queues : all) {
        std::mt19937_64 random(13);
        const std::size_t k = queues.size();
        std::vector<std::vector<double>> ahead(k, std::vector<double>(k, 0));
        for (std::size_t i = 0; i < k; ++i) {
            for (std::size_t j = i + 1; j < k; ++j) {
                ahead[i][j] = truly_ahead(queues[i], queues[j], random);
                ahead[j][i] = -ahead[i][j];
            }
        }
        constexpr double as_good = 0.01;
        constexpr int repeats = 2000;
        int answered = 0, winners = 0, false_winners = 0, decided = 0, broken_bounds = 0;
        for (int i = 0; i < repeats; ++i) {
            std::vector<figures_by_round> figures(k);
            for (int generation = 0; generation < 10; ++generation) {
                for (std::size_t of = 0; of < k; ++of) {
                    figures[of][generation][0] = queues[of].figure(random);
                }
            }
            const auto found = compare_with_best(figures, in_report, 0.03);
            if (!found) {
                continue;
            }
            ++answered;
            const std::size_t pick = pick_of(*found);
            double regret = 0;
            for (std::size_t of = 0; of < k; ++of) {
                regret = std::max(regret, ahead[of][pick]);
            }
            decided += found->regret[pick] <= std::log1p(0.1) ? 1 : 0;
            broken_bounds += regret > found->regret[pick] + as_good ? 1 : 0;
            if (found->candidates.size() == 1) {
                ++winners;
                for (std::size_t of = 0; of < k; ++of) {
                    if (of != pick && ahead[pick][of] < as_good) {
                        ++false_winners;
                        break;
                    }
                }
            }
        }
        const auto share = [](int n) { return n / static_cast<double>(repeats); };
        fmt::print(
            "queues: {} answered, winners {:.1f} % (false {:.1f} %), within 10 % {:.1f} %, bounds "
            "broken {:.1f} %\n",
            answered, 100 * share(winners), 100 * share(false_winners), 100 * share(decided),
            100 * share(broken_bounds));
        const double most = most_of(repeats);
        EXPECT_GE(share(answered), 0.99);
        EXPECT_LE(share(false_winners), most);
        EXPECT_LE(share(broken_bounds), most);
    }
}

}  // namespace
}  // namespace stratbench::oracle
