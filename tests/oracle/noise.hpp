#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numeric>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "harness/model/measurement.hpp"

/// Studies on machines that are unquiet in a way that is known: what a comparison makes of them can
/// be held against what was put in.
namespace stratbench::oracle {

/// By how much a machine slows one trial after the other: logarithms, 0.02 = 2 % slower. Each draw
/// is one trial later.
using machine_noise = std::function<double(std::mt19937_64&)>;

inline double even(std::mt19937_64& random) {
    return static_cast<double>(random() >> 11) * 0x1p-53;
}

/// From the normal distribution; the same on every platform (Box and Muller).
inline double normal_draw(std::mt19937_64& random) {
    const double radius = std::sqrt(-2 * std::log1p(-even(random)));
    return radius * std::cos(2 * 3.14159265358979323846 * even(random));
}

constexpr double quiet = 0.02;

struct noise_kind {
    const char* name;
    /// A machine for so many trials.
    machine_noise (*machine)(double trials);
};

inline constexpr std::array noises{
    noise_kind{"iid 2 %",
               [](double) -> machine_noise {
                   return [](std::mt19937_64& random) { return quiet * normal_draw(random); };
               }},
    noise_kind{"autocorrelated 0.5",
               [](double) -> machine_noise {
                   return [last = std::optional<double>()](std::mt19937_64& random) mutable {
                       const double fresh = quiet * normal_draw(random);
                       last = last ? 0.5 * *last + std::sqrt(0.75) * fresh : fresh;
                       return *last;
                   };
               }},
    noise_kind{"5 % spikes to 30 %",
               [](double) -> machine_noise {
                   return [](std::mt19937_64& random) {
                       const double spike =
                           even(random) < 0.05 ? std::log1p(0.3 * even(random)) : 0;
                       return quiet * normal_draw(random) + spike;
                   };
               }},
    noise_kind{"drift by 30 %",
               [](double trials) -> machine_noise {
                   return [trials, at = 0.0](std::mt19937_64& random) mutable {
                       return quiet * normal_draw(random) + std::log1p(0.3 * at++ / trials);
                   };
               }},
    // Each speed lasts for 40 trials on average, about as long as a round.
    noise_kind{"two speeds, 20 % apart",
               [](double) -> machine_noise {
                   return [slow = false](std::mt19937_64& random) mutable {
                       if (even(random) < 1.0 / 40) {
                           slow = !slow;
                       }
                       return quiet * normal_draw(random) + (slow ? std::log(1.2) : 0);
                   };
               }},
    // Half of the processor is gone for 8 trials on average, every 80 trials.
    noise_kind{"bursts of steal",
               [](double) -> machine_noise {
                   return [stolen = 0.0](std::mt19937_64& random) mutable {
                       if (stolen > 0 && even(random) < 1.0 / 8) {
                           stolen = 0;
                       }
                       if (stolen == 0 && even(random) < 1.0 / 80) {
                           stolen = std::log1p(even(random));
                       }
                       return quiet * normal_draw(random) + stolen;
                   };
               }},
};

struct simulated_study {
    int cells = 24;
    int rounds = 15;
    /// How much slower the first cell of the new build is.
    double slowdown = 0;
    std::optional<int> confirmation_from_round = std::nullopt;
};

struct both_sides {
    measurement base, candidate;
};

inline measurement empty_side(const simulated_study& study, const char* file) {
    measurement side;
    side.file = file;
    side.cells.resize(static_cast<std::size_t>(study.cells));
    for (std::size_t i = 0; i < side.cells.size(); ++i) {
        side.cells[i].name = fmt::format("cell {}", i);
    }
    return side;
}

inline void add_trial(measurement& side, std::size_t cell, int round, double log_time) {
    measured_trial trial;
    trial.round = round;
    trial.figure(metric::throughput) = 1000 * std::exp(-log_time);
    side.cells[cell].trials.push_back(trial);
}

/// What `run --against` would write: each round runs every cell of both builds once, in an order of
/// its own, one trial after the other.
inline both_sides interleaved(const simulated_study& study, const noise_kind& noise,
                              std::mt19937_64& random) {
    both_sides made{empty_side(study, "base.json"), empty_side(study, "new.json")};
    made.base.info.id = made.candidate.info.id = "simulated";
    made.base.info.confirmation_from_round = made.candidate.info.confirmation_from_round =
        study.confirmation_from_round;
    const auto cells = static_cast<std::size_t>(study.cells);
    const machine_noise machine = noise.machine(2.0 * study.cells * study.rounds);
    std::vector<std::size_t> order(2 * cells);
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (int round = 0; round < study.rounds; ++round) {
        for (std::size_t left = order.size(); left > 1; --left) {
            std::swap(order[left - 1], order[random() % left]);
        }
        for (const std::size_t slot : order) {
            const bool is_new = slot >= cells;
            const std::size_t cell = slot % cells;
            const double slower = is_new && cell == 0 ? std::log1p(study.slowdown) : 0;
            add_trial(is_new ? made.candidate : made.base, cell, round, machine(random) + slower);
        }
    }
    return made;
}

/// Two files of two days, each with its own noise; the machine of the second is `apart` slower.
inline both_sides two_sessions(const simulated_study& study, const noise_kind& noise, double apart,
                               std::mt19937_64& random) {
    both_sides made{empty_side(study, "base.json"), empty_side(study, "new.json")};
    made.base.info.id = "monday";
    made.candidate.info.id = "tuesday";
    for (measurement* side : {&made.base, &made.candidate}) {
        const machine_noise machine = noise.machine(1.0 * study.cells * study.rounds);
        for (int round = 0; round < study.rounds; ++round) {
            for (std::size_t cell = 0; cell < side->cells.size(); ++cell) {
                const bool slower = side == &made.candidate;
                add_trial(*side, cell, round,
                          machine(random) +
                              (slower ? apart + (cell == 0 ? std::log1p(study.slowdown) : 0) : 0));
            }
        }
    }
    return made;
}

}  // namespace stratbench::oracle
