#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/model/measurement.hpp"

namespace stratbench {

enum class verdict : std::uint8_t { regressed, improved, same, inconclusive };

struct comparison_options {
    /// The probability that a whole comparison of two equal builds says `regressed` anywhere.
    double alpha = 0.01;
    /// Changes below this part are nobody's concern; and what is shown to lie below it is `same`.
    double min_effect = 0.03;
    /// What the gate looks at; empty: each cell's primary metric.
    std::vector<metric> fail_on;
    /// Effects that two files of different sessions must reach for a verdict, because nobody knows
    /// how much this machine differs from day to day.
    double min_unpaired_effect = 0.10;

    /// Whether the exit code depends on this metric of a cell that is judged by `primary`.
    [[nodiscard]] bool gates(metric what, metric primary) const;
};

/// How many times worse the new build is where its figure is `ratio` times the base's: above 1 =
/// worse, whatever the metric. Its own inverse.
inline double times_worse(metric what, double ratio) {
    return about(what).more_is_better ? 1 / ratio : ratio;
}

/// Fresh rounds that were measured because the first ones had seen a regression.
struct confirmation {
    int rounds = 0;
    /// New over base, as compared_metric::ratio.
    double ratio = 1;
    /// One-sided, of these rounds alone.
    double p = 1;
    /// They alone have p below 0.05, and at least half of min_effect.
    bool holds = false;
};

/// A change of a ratio: new over base, with its 95 % interval.
struct relative_change {
    double ratio = 1;
    interval ci95{1, 1};
};

/// One figure of one cell, the new build's against the base's.
struct compared_metric {
    metric figure = metric::throughput;
    /// Whether the exit code depends on it.
    bool gated = false;
    /// Trials that have the figure; paired: rounds in which both have it.
    std::size_t base_trials = 0, new_trials = 0;
    /// Medians.
    double base_value = 0, new_value = 0;
    /// New over base: Hodges and Lehmann's estimate and its 95 % interval. A single trial has no
    /// interval: both ends are the estimate, and `p` is absent. Rounds that confirm do not count.
    double ratio = 1;
    interval ci95{1, 1};
    /// That chance alone makes so great a change in this direction (one-sided, because alpha is
    /// the probability of a false `regressed`); absent where there are too few trials.
    std::optional<double> p;
    /// Holm's, over what the gate looks at; absent where it is not gated. What is not gated is
    /// judged by Holm's p over all that is not gated.
    std::optional<double> p_adjusted;

    verdict result = verdict::inconclusive;
    /// Not from interleaved trials: other things than the build may have changed.
    bool unconfirmed = false;
    /// Unconfirmed only, where both sessions have the group's control: the change of the ratio of
    /// this cell to it. What slows the session, or the work itself, cancels out: no verdict looks
    /// at it.
    std::optional<relative_change> beside_control;
    /// Unconfirmed only, of the control itself: its interval leaves out no change.
    bool control_moved = false;
    std::optional<confirmation> confirmed;
    /// Where it is inconclusive: why, in a sentence without a full stop.
    std::string reason;
    /// The smallest change that so many trials could have seen four times in five (0.05 = 5 %).
    std::optional<double> detectable;
    /// How many more rounds would see min_effect; absent where that is not the matter.
    std::optional<int> more_rounds;

    /// Paired only: new over base of each round, in order of rounds; those that confirm are last
    /// (`comparison::confirmation_from_round`).
    struct pair {
        int round = 0;
        double ratio = 1;
    };
    std::vector<pair> pairs;

    [[nodiscard]] double times_worse() const { return stratbench::times_worse(figure, ratio); }
};

struct compared_cell {
    std::string name;
    /// Why it, or one of its figures (a gated one first), could not be compared: failed in one of
    /// the files, trials too far apart ...; empty otherwise.
    std::string not_compared;
    /// Ignored on request: the gate does not look at it.
    bool ignored = false;
    /// The base has a figure that the gate would look at and the new one has none to hold against
    /// it: unless it is ignored, the gate is inconclusive at best.
    bool lost = false;
    /// Of two sessions: the cell of the reference strategy, which others of its group are held
    /// against.
    bool is_control = false;
    /// Why the new build failed here, in one trial or in all; empty where it has not. Unless the
    /// cell is ignored, that is as bad as a regression: no figure is worth more than an answer.
    std::string failure;
    metric primary = metric::throughput;
    /// In the order of the enumeration; those that both files have.
    std::vector<compared_metric> metrics;
};

/// A condition that differs between two files.
struct difference {
    /// Empty: of the whole file.
    std::string cell;
    std::string name;
    std::string base, candidate;
};

/// Where one side of a comparison comes from.
struct compared_side {
    std::string file, study_id, started_utc, git_revision;
    /// Trials of the cell that has most.
    int rounds = 0;
};

/// What a comparison found; made by compare and nowhere else. Reports show it and compute
/// nothing.
struct comparison {
    comparison_options options;
    compared_side base, candidate;
    /// Both sides are of one study, measured round by round: only then are rounds pairs.
    bool paired = false;
    /// Rounds from this one on confirm regressions that those before had shown.
    std::optional<int> confirmation_from_round;
    std::vector<compared_cell> cells;
    /// Names of cells that one side alone has.
    std::vector<std::string> only_base, only_candidate;
    /// Allowed by the user; otherwise there is no comparison.
    std::vector<difference> differences;
    /// Comparisons that the gate looks at, and rounds (unpaired: trials of each) that can decide so
    /// many at `alpha`.
    int gated = 0;
    int rounds_needed = 0;

    /// Cells in which the new build failed, but for those that are ignored.
    [[nodiscard]] std::vector<const compared_cell*> failed() const;

    /// The verdict of the gate: regressed if anything gated is, or the new build failed; else
    /// inconclusive if anything gated is, or a cell is lost, or nothing is gated; improved if
    /// anything gated is and nothing is worse; same otherwise.
    [[nodiscard]] verdict overall() const;
};

/// Compares two measurements cell by cell. Cells whose names are in `ignore` are shown but not
/// gated. Precondition: the caller has looked at their conditions (see `differences_of`).
comparison compare(const measurement& base, const measurement& candidate,
                   const comparison_options& options, const std::vector<std::string>& ignore = {});

/// The fewest rounds in which pairs can decide `comparisons` at `alpha`, however clear the effect:
/// 1 + ceil(log2(comparisons / alpha)): one more than chance needs, whose smallest p is 2^-n.
int rounds_that_can_decide(int comparisons, double alpha);

}  // namespace stratbench
