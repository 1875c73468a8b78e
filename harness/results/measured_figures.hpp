#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "harness/model/measurement.hpp"
#include "harness/model/results.hpp"

namespace stratbench {

/// Takes the trials of one cell, one after the other, and keeps their figures.
class figure_collector {
  public:
    /// A trial that is not ok has no figures.
    void add(const trial_record& trial);
    [[nodiscard]] std::size_t trials() const { return kept_.size(); }

    /// The cell with the figures that mean something under its load. `reason` says why it has
    /// failed or was skipped.
    [[nodiscard]] measured_cell of(const cell& planned, status state, const std::string& reason) &&;

  private:
    std::vector<measured_trial> kept_;
    /// Why the first of those failed that did.
    std::string failure_;
    /// Trials that know their tasks' latency, and those tasks.
    std::size_t with_latency_ = 0;
    std::uint64_t tasks_ = 0;
};

/// The measurement of a study in memory; `file` is what messages call it.
measurement measurement_of(const study_results& study, const std::string& file);

/// A measurement without cells.
measurement measurement_of(study_info study, const environment& machine, const std::string& file);

}  // namespace stratbench
