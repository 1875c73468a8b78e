#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "harness/model/metric.hpp"
#include "harness/model/results.hpp"

namespace stratbench {

/// The figures of one trial that is ok.
struct measured_trial {
    static constexpr double none = std::numeric_limits<double>::quiet_NaN();

    int round = 0;
    /// By metric; `none` where the trial has no such figure, above 0 otherwise.
    std::array<double, metrics.size()> figures = all_none<metrics.size()>();

    /// The figures of one slice: of those metrics that single slices have.
    class slice {
      public:
        explicit slice(int its_round) : round(its_round) {}

        int round;

        /// `none` for a metric that single slices have no figure of.
        [[nodiscard]] double figure(metric id) const {
            return about(id).of_slice == nullptr ? none : figures_[position(id)];
        }
        /// Precondition: single slices have a figure of it.
        void set_figure(metric id, double value) { figures_[position(id)] = value; }

      private:
        static constexpr auto kept = std::ranges::count_if(
            metrics, [](const metric_info& info) { return info.of_slice != nullptr; });
        /// Those before it in the table that are kept as well.
        static constexpr std::size_t position(metric id) {
            std::size_t before = 0;
            for (std::size_t i = 0; i < static_cast<std::size_t>(id); ++i) {
                before += metrics[i].of_slice != nullptr ? 1 : 0;
            }
            return before;
        }
        std::array<double, kept> figures_ = all_none<kept>();
    };
    std::vector<slice> slices = {};

    [[nodiscard]] double figure(metric id) const { return figures[static_cast<std::size_t>(id)]; }
    double& figure(metric id) { return figures[static_cast<std::size_t>(id)]; }

  private:
    template <std::size_t size>
    static constexpr std::array<double, size> all_none() {
        std::array<double, size> all{};
        all.fill(none);
        return all;
    }
};

/// Something that must be equal for figures to be comparable.
struct condition {
    std::string name;
    std::string value;
    /// Above 0: the value is a number, and others that differ from it by less than this part are
    /// the same (a clock that was measured).
    double tolerance = 0;

    bool operator==(const condition&) const = default;
};

struct measured_cell {
    /// `cell::name()`, or the name in a file of Google Benchmark.
    std::string name;
    /// `cell::group()`; empty in a file of Google Benchmark.
    std::string group;
    /// It is of the reference strategy, and ranked in its group.
    bool is_control = false;
    /// What the cell is judged by where nobody asks for others.
    metric primary = metric::throughput;
    /// Tasks, rate, length of the window ... of this cell.
    std::vector<condition> conditions;
    /// Why the cell failed or was skipped; empty where it is ok.
    std::string no_figures;
    /// Why it, or one of its trials, failed; empty where none has.
    std::string failure;
    std::vector<measured_trial> trials;
};

/// What a comparison needs of a results file: each trial's figures, and the conditions under which
/// they were measured. Small: 100,000 trials take about 10 MB.
struct measurement {
    std::string file;
    /// Google Benchmark's own output: names, real_time, cpu_time and repetitions are all there is.
    bool foreign = false;
    study_info info;
    std::string git_revision;
    /// CPU, cores, build type ... of the whole file.
    std::vector<condition> conditions;
    std::vector<measured_cell> cells;
};

}  // namespace stratbench
