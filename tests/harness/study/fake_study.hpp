#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "harness/launch/launcher.hpp"
#include "harness/plan/request.hpp"
#include "harness/study/study.hpp"
#include "tests/harness/judge/recorded_trials.hpp"

namespace stratbench::test {

/// A study whose slices are made up instead of measured: of one build, or of several side by side.
class fake_study {
  public:
    explicit fake_study(int cells, int rounds = unlimited_rounds, std::size_t builds = 1)
        : sides(builds), saved(builds) {
        study_plan plan = plan_of(cells);
        plan.rounds = rounds;
        for (std::size_t side = 0; side < builds; ++side) {
            sides[side].study.plan = plan;
            sides[side].study.info.id = "one study";
            sides[side].start = [this, side](const trial_request& request, std::int64_t,
                                             const std::atomic<bool>&) {
                requests.emplace_back(side, request);
                return std::make_unique<fake_trial>(*this, side, request);
            };
            sides[side].save = [this, side](const study_results& so_far) {
                saved[side].push_back(so_far);
            };
        }
    }

    /// The results of the first build.
    const study_results& run() {
        run_study(sides, {.select_for_confirmation = select_for_confirmation, .stop = stop});
        return sides.front().study;
    }

    [[nodiscard]] study_plan& plan() { return sides.front().study.plan; }
    [[nodiscard]] const study_plan& plan() const { return sides.front().study.plan; }
    /// Side and cell of each slice of a round.
    [[nodiscard]] std::vector<std::pair<std::size_t, int>> order_of(int round) const {
        std::vector<std::pair<std::size_t, int>> order;
        for (const slice& each : slices) {
            if (each.round == round) {
                order.emplace_back(each.side, each.cell);
            }
        }
        return order;
    }
    [[nodiscard]] const cell_result& result(std::size_t side, std::size_t cell) const {
        return sides[side].study.cells[cell];
    }
    [[nodiscard]] std::size_t trials(std::size_t side, std::size_t cell) const {
        return result(side, cell).trials.size();
    }

    struct slice {
        std::size_t side = 0;
        int round = 0;
        int cell = 0;

        bool operator==(const slice&) const = default;
    };

    std::vector<study_side> sides;
    /// What a test may set.
    std::function<double(const slice&)> throughput = [](const slice&) { return 1; };
    std::function<bool(const slice&)> fails = [](const slice&) { return false; };
    std::function<void(int cell)> during_a_slice = [](int) {};
    std::function<std::vector<std::size_t>(std::span<const study_side>)> select_for_confirmation;
    /// The user stops the study after this many slices; and so that the slice's trial fails of it.
    std::size_t interrupt_after = std::numeric_limits<std::size_t>::max();
    std::size_t dies_after = std::numeric_limits<std::size_t>::max();
    std::atomic<bool> stop = false;

    /// What was seen: trials with their side, slices, and what each side saved.
    std::vector<std::pair<std::size_t, trial_request>> requests;
    std::vector<slice> slices;
    std::vector<std::vector<study_results>> saved;
    /// Cells whose trials are alive, most of them at once, and the groups of those that were alive
    /// together.
    std::multiset<int> alive;
    std::size_t most_alive = 0;
    std::set<std::string> together;

  private:
    class fake_trial final : public running_trial {
      public:
        fake_trial(fake_study& study, std::size_t side, const trial_request& request)
            : study_(study), side_(side), cell_(request.planned.index) {
            record_.round = request.round;
            study_.alive.insert(cell_);
            study_.most_alive = std::max(study_.most_alive, study_.alive.size());
            std::string groups;
            for (const int each : study_.alive) {
                groups += study_.plan().cells[static_cast<std::size_t>(each)].group() + ";";
            }
            study_.together.insert(groups);
        }
        ~fake_trial() override { study_.alive.erase(study_.alive.find(cell_)); }

        bool measure(int round, std::int64_t) override {
            const std::size_t before = study_.slices.size();
            if (before == study_.interrupt_after) {
                study_.stop = true;
                throw interrupted();
            }
            const slice& current = study_.slices.emplace_back(slice{side_, round, cell_});
            study_.during_a_slice(cell_);
            if (before == study_.dies_after) {
                study_.stop = true;
            }
            if (study_.stop || study_.fails(current)) {
                record_.fail("a wrong answer");
                record_.slices.clear();
                return false;
            }
            slice_record& result = record_.slices.emplace_back();
            result.round = round;
            result.throughput_per_s = study_.throughput(current);
            record_.throughput_per_s = result.throughput_per_s;
            return true;
        }
        trial_record finish(std::int64_t) override { return record_; }

      private:
        fake_study& study_;
        std::size_t side_;
        int cell_;
        trial_record record_;
    };
};

}  // namespace stratbench::test
