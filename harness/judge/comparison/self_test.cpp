#include "harness/judge/comparison/self_test.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <set>
#include <utility>

#include "harness/judge/comparison/verdicts.hpp"
#include "harness/stats/detectable.hpp"
#include "harness/stats/distributions.hpp"

namespace stratbench {

namespace {

struct pair_of_sides {
    measurement base, candidate;
};

/// Without what the gate does not look at, so that thousands of comparisons are quick.
measurement gated_part(const measurement& of, const comparison_options& options) {
    measurement part = of;
    part.info.id = "self-test";
    part.info.confirmation_from_round.reset();
    for (measured_cell& cell : part.cells) {
        cell.failure.clear();  // chance does not decide which side fails
        for (measured_trial& trial : cell.trials) {
            for (const metric_info& figure : metrics) {
                if (!options.gates(figure.id, cell.primary)) {
                    trial.figure(figure.id) = measured_trial::none;
                }
            }
        }
    }
    return part;
}

/// Every second round as the base's, the one after it as the new one's.
pair_of_sides alternate_rounds(const measurement& once) {
    std::set<int> rounds;
    for (const measured_cell& cell : once.cells) {
        for (const measured_trial& trial : cell.trials) {
            rounds.insert(trial.round);
        }
    }
    std::map<int, int> position;
    for (const int round : rounds) {
        position.emplace(round, static_cast<int>(position.size()));
    }

    pair_of_sides result{once, once};
    for (std::size_t i = 0; i < once.cells.size(); ++i) {
        result.base.cells[i].trials.clear();
        result.candidate.cells[i].trials.clear();
        for (measured_trial trial : once.cells[i].trials) {
            const int at = position.at(trial.round);
            trial.round = at / 2;
            (at % 2 == 0 ? result.base : result.candidate).cells[i].trials.push_back(trial);
        }
    }
    return result;
}

/// Lets chance decide for each round which side is called new, the same for all of its cells.
void relabel(pair_of_sides& sides, std::mt19937_64& random) {
    std::map<int, bool> exchanged;
    const auto of_round = [&](int round) {
        const auto [found, is_new] = exchanged.try_emplace(round);
        if (is_new) {
            found->second = random() >> 63 != 0;
        }
        return found->second;
    };
    for (std::size_t i = 0; i < sides.base.cells.size(); ++i) {
        auto& base = sides.base.cells[i].trials;
        const std::string& name = sides.base.cells[i].name;
        const auto other =
            std::find_if(sides.candidate.cells.begin(), sides.candidate.cells.end(),
                         [&](const measured_cell& cell) { return cell.name == name; });
        if (other == sides.candidate.cells.end()) {
            continue;
        }
        std::map<int, measured_trial*> of_candidate;
        for (measured_trial& trial : other->trials) {
            of_candidate.emplace(trial.round, &trial);
        }
        for (measured_trial& trial : base) {
            if (const auto found = of_candidate.find(trial.round);
                found != of_candidate.end() && of_round(trial.round)) {
                std::swap(trial, *found->second);
            }
        }
    }
}

/// Comparisons enough for a rate near alpha, but not more than a second or two.
int affordable_relabellings(const measurement& side) {
    std::size_t trials = 0;
    for (const measured_cell& cell : side.cells) {
        trials += cell.trials.size();
    }
    constexpr std::size_t affordable_trials = 300'000;
    return static_cast<int>(
        std::clamp<std::size_t>(affordable_trials / std::max<std::size_t>(1, trials), 20, 1000));
}

self_test_report::cell described(const compared_cell& cell, const compared_metric& figure,
                                 const family& among, double seconds_per_round) {
    self_test_report::cell result;
    result.name = cell.name;
    result.figure = figure.figure;
    result.ratio = figure.ratio;
    result.ci95 = figure.ci95;
    result.detectable = figure.detectable;
    if (figure.pairs.size() < 2) {
        return result;
    }
    std::vector<double> differences;
    for (const compared_metric::pair& round : figure.pairs) {
        differences.push_back(std::log(round.ratio));
    }
    const resolution resolves = resolution_of(differences);
    result.spread = std::expm1(resolves.with(1).standard_error);
    const int rounds = std::max(
        among.trials_needed(),
        trials_to_detect(std::log1p(among.options.min_effect), resolves, among.p_needed()));
    result.rounds_for_min_effect = rounds;
    if (seconds_per_round > 0) {
        result.seconds_for_min_effect = rounds * seconds_per_round;
    }
    return result;
}

self_test_report test_pairs(pair_of_sides sides, const comparison_options& options,
                            bool interleaved, double measuring_s, std::uint64_t seed) {
    self_test_report result;
    result.options = options;
    result.interleaved = interleaved;
    result.measuring_s = measuring_s;
    const comparison measured = compare(sides.base, sides.candidate, options);
    for (const compared_cell& cell : measured.cells) {
        for (const compared_metric& figure : cell.metrics) {
            result.rounds = std::max(result.rounds, static_cast<int>(figure.pairs.size()));
        }
    }
    for (const compared_cell& cell : measured.cells) {
        if (cell.lost && !cell.not_compared.empty()) {
            result.left_out.push_back(cell.name + ": " + cell.not_compared);
        }
    }
    if (result.rounds < 2) {
        result.impossible = !result.left_out.empty() ? result.left_out.front()
                            : interleaved
                                ? "a self-test needs two rounds or more that both files have"
                                : "a self-test needs four rounds or more";
        return result;
    }
    result.gated = measured.gated;
    result.rounds_needed = measured.rounds_needed;
    result.as_measured = measured.overall();
    const family among{options, measured.gated, true};
    for (const compared_cell& cell : measured.cells) {
        for (const compared_metric& figure : cell.metrics) {
            result.cells.push_back(described(cell, figure, among, measuring_s / result.rounds));
        }
    }

    std::mt19937_64 random(seed);
    result.relabelled = affordable_relabellings(sides.base);
    for (int i = 0; i < result.relabelled; ++i) {
        relabel(sides, random);
        if (compare(sides.base, sides.candidate, options).overall() == verdict::regressed) {
            ++result.alarms;
        }
    }
    result.false_alarms = static_cast<double>(result.alarms) / result.relabelled;
    result.false_alarms_ci95 = clopper_pearson(result.alarms, result.relabelled);
    result.caveat = fmt::format(
        "all {} comparisons use the same {} pairs of generations: the interval knows nothing of a "
        "day on which the machine is another",
        result.relabelled, result.rounds);
    return result;
}

}  // namespace

std::optional<double> self_test_report::detectable() const {
    std::optional<double> greatest;
    for (const cell& one : cells) {
        if (!one.detectable) {
            return std::nullopt;
        }
        greatest = std::max(greatest.value_or(0), *one.detectable);
    }
    return greatest;
}

self_test_report self_test(const measurement& one, const measurement& other,
                           const comparison_options& options, std::uint64_t seed) {
    return test_pairs({gated_part(one, options), gated_part(other, options)}, options, true,
                      std::max(one.info.measuring_s, other.info.measuring_s), seed);
}

self_test_report self_test(const measurement& once, const comparison_options& options,
                           std::uint64_t seed) {
    return test_pairs(alternate_rounds(gated_part(once, options)), options, false,
                      once.info.measuring_s, seed);
}

}  // namespace stratbench
