#pragma once

#include <string>

#include "harness/results/measurement_file.hpp"
#include "tests/harness/results/results_fixture.hpp"

namespace stratbench::fixture {

inline measurement read(const std::string& text, read_as what = {}) {
    text_in_memory source(text);
    return read_measurement(source, "f.json", what);
}

/// Of a study whose latencies are figures, not bounds.
inline study_results served_study() {
    study_results study = fixture::full_study();
    for (cell_result& cell : study.cells) {
        for (trial_record& trial : cell.trials) {
            if (trial.latency) {
                trial.latency->censored_from.reset();
            }
        }
    }
    return study;
}

}  // namespace stratbench::fixture
