#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

#include "strategies/contract/strategy.hpp"
#include "workloads/workload.hpp"

namespace stratbench {

/// The unrecorded tasks before a window, the same for every strategy: as many as are outstanding at
/// once (twice the workers) replaced as they end, until `at_least` of them have ended and
/// `until_ns` has passed.
///
/// Thread safety: as task_source and completion_sink.
class warm_up final : public task_source, public completion_sink {
  public:
    /// `model` is tamed: what is warmed up is not what is measured. `ids` is how many tasks there
    /// are before they begin again with the first.
    warm_up(const task_template& model, std::uint64_t seed, std::uint64_t workers,
            std::int64_t until_ns, std::uint64_t ids = ~std::uint64_t{0});

    take_result take(std::span<task> into, take_mode mode) override;
    void complete(std::span<const completion> done) override;

  private:
    task_template model_;
    std::uint64_t seed_;
    std::uint64_t at_once_;
    std::uint64_t at_least_;
    std::int64_t until_ns_;
    std::uint64_t ids_;

    std::mutex mutex_;
    std::condition_variable some_ended_;
    std::uint64_t given_ = 0;
    std::uint64_t completed_ = 0;
};

}  // namespace stratbench
