#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

#include "harness/base/clock.hpp"
#include "strategies/contract/task_flow.hpp"
#include "workloads/task_template.hpp"

namespace stratbench {

/// The unrecorded tasks before a window, the same for every strategy: as many as are outstanding at
/// once (twice the workers) replaced as they end, until `at_least` of them have ended and
/// `until_ns` has passed. Offered ahead they are a closed load, of so many at most as are made in a
/// moment.
///
/// Thread safety: as task_source and completion_sink.
class warm_up final : public task_source, public completion_sink, public window_ahead {
  public:
    /// `model` is tamed: what is warmed up is not what is measured. `ids` is how many tasks there
    /// are before they begin again with the first.
    warm_up(const task_template& model, std::uint64_t seed, std::uint64_t workers,
            std::int64_t until_ns, std::uint64_t ids = ~std::uint64_t{0});

    take_result take(std::span<task> into, take_mode mode) override;
    void complete(std::span<const completion> done) override;

    window_ahead* ahead() override { return this; }
    [[nodiscard]] std::uint64_t most() const override;
    [[nodiscard]] task make(std::uint64_t id) const override {
        return model_.make(id % ids_, seed_);
    }
    [[nodiscard]] arrival_rule rule() const override {
        return {.kind = arrival_rule::shape::closed,
                .at_once = at_once_,
                .until_ns = until_ns_ - opened_ns_};
    }
    [[nodiscard]] std::int64_t due_ns(std::uint64_t /*id*/) const override { return 0; }
    [[nodiscard]] std::int64_t opened_ns() const override { return opened_ns_; }
    void hand_back(std::span<const task_account> /*accounts*/, sum_order /*floats*/) override {}

  private:
    task_template model_;
    std::uint64_t seed_;
    std::uint64_t at_once_;
    std::uint64_t at_least_;
    std::int64_t opened_ns_ = now_ns();
    std::int64_t until_ns_;
    std::uint64_t ids_;

    std::mutex mutex_;
    std::condition_variable some_ended_;
    std::uint64_t given_ = 0;
    std::uint64_t completed_ = 0;
};

}  // namespace stratbench
