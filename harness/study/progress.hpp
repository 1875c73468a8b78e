#pragma once

#include "harness/model/plan.hpp"
#include "harness/model/results.hpp"
#include "harness/study/rounds/stage.hpp"

namespace stratbench {

/// What a study tells while it runs. Calls come from the thread that runs the study: `begin` for
/// each stage, then for each of its trials `trial_begins` and `trial_ends`; at last `end`, also
/// after an interruption.
class progress {
  public:
    progress() = default;
    progress(const progress&) = delete;
    progress& operator=(const progress&) = delete;
    virtual ~progress() = default;

    virtual void begin(const study_plan& plan, const stage& generations) = 0;
    virtual void trial_begins(const cell& planned, int generation) = 0;
    virtual void trial_ends(const cell& planned, const trial_record& record) = 0;
    /// `groups` of the `of` groups have their answer.
    virtual void decided(std::size_t groups, std::size_t of) = 0;
    virtual void end() = 0;
};

}  // namespace stratbench
