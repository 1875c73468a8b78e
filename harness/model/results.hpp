#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/model/cell_summary.hpp"
#include "harness/model/environment.hpp"
#include "harness/model/plan.hpp"
#include "harness/model/trial_record.hpp"

namespace stratbench {

/// Version of the results file's format; rises with every change of it (semantic versioning).
inline constexpr const char* results_schema_version = "3.0.0";

/// Why there are no more rounds: all that were planned, every cell precise enough, the budget
/// spent, the user, or the question answered.
enum class study_end : std::uint8_t { rounds, precision, budget, interruption, decided };

struct cell_result {
    cell planned;
    status state = status::ok;
    std::string reason;
    /// `precision` where the cell had become precise enough, whatever ended the study; absent
    /// before the first round, and where it was skipped or failed.
    std::optional<study_end> ended_by;
    std::vector<std::string> labels;
    std::vector<trial_record> trials;
    cell_summary summary;

    [[nodiscard]] std::size_t rounds() const {
        std::size_t sum = 0;
        for (const trial_record& trial : trials) {
            sum += trial.rounds();
        }
        return sum;
    }

    bool operator==(const cell_result&) const = default;
};

/// Which of two builds that were measured side by side, round by round.
enum class study_arm : std::uint8_t { base, candidate };

struct study_info {
    /// Files of the two builds of one study share it.
    std::string id;
    std::uint64_t seed = 0;
    std::string command;
    std::string started_utc;  ///< ISO 8601
    double measuring_s = 0;
    study_end ended_by = study_end::rounds;
    /// Rounds from this one on were measured to confirm what those before had shown.
    std::optional<int> confirmation_from_round = {};
    /// Absent where there is one build alone.
    std::optional<study_arm> arm = {};

    [[nodiscard]] bool interrupted() const { return ended_by == study_end::interruption; }

    bool operator==(const study_info&) const = default;
};

struct study_results {
    study_info info;
    study_plan plan;
    environment machine;
    std::vector<warning> warnings;
    std::vector<cell_result> cells;

    bool operator==(const study_results&) const = default;
};

}  // namespace stratbench
