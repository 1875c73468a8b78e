#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "harness/model/results.hpp"
#include "tests/bench/figures/measurement.hpp"

namespace stratbench {

/// One trial to be run, in the words of the command line.
struct trial_wish {
    std::string strategy;
    std::string workload;
    std::string load;
    int workers = 2;
    /// What the strategy can do, for a load in `%own`.
    double own_per_s = 0;
    std::int64_t length_ns = 150'000'000;
    /// Resident in the trial process before the strategy starts.
    std::size_t ballast_bytes = 0;
};

/// Runs single trials as a study would: what is not wished for is as it is shipped (stamps,
/// accounting, verification, warm-up).
///
/// Thread safety: none.
class trial_bench {
  public:
    /// Measures this machine's pacing once: some 100 ms.
    explicit trial_bench(const std::atomic<bool>& stop);

    /// The canonical text of a workload, its `duration=` turned into an n, once for all rounds.
    std::string resolve(const std::string& workload);

    /// A record with status::ok. Throws cannot_measure where there is none, and `interrupted`.
    trial_record run(const trial_wish& wish, int round);

  private:
    const std::atomic<bool>& stop_;
    std::int64_t pacing_spin_ns_ = 0;
    /// Serial nanoseconds of a task, by its text.
    std::map<std::string, double> costs_;
};

/// The figures of a trial that every strategy has.
sample throughput_sample(const trial_record& r);

/// The hidden subcommand `trial` of this binary, with the ballast that was wished for.
int trial_with_ballast_main();

}  // namespace stratbench
