#include "harness/cli/own_work/conformance.hpp"

#include <algorithm>
#include <mutex>
#include <span>

#include "harness/model/outcome_name.hpp"
#include "strategies/contract/strategy.hpp"
#include "strategies/registry.hpp"

namespace stratbench {
namespace {

/// All tasks, due at once.
class given_tasks final : public task_source {
  public:
    explicit given_tasks(std::span<const task> all) : left_(all) {}

    take_result take(std::span<task> into, take_mode /*mode*/) override {
        const std::size_t count = std::min(into.size(), left_.size());
        std::copy_n(left_.begin(), count, into.begin());
        left_ = left_.subspan(count);
        return {.count = count, .ended = count == 0};
    }

  private:
    std::span<const task> left_;
};

/// Every completion, from whatever thread it comes.
class kept_completions final : public completion_sink {
  public:
    void complete(std::span<const completion> done) override {
        const std::lock_guard lock(mutex_);
        all_.insert(all_.end(), done.begin(), done.end());
    }
    /// To be read when the strategy has returned.
    [[nodiscard]] std::span<const completion> all() const { return all_; }

  private:
    std::mutex mutex_;
    std::vector<completion> all_;
};

std::uint64_t reference_of(const task& t) {
    std::vector<std::byte> payload(t.payload_bytes);
    generate_payload(t, payload);
    return workloads()[t.workload]->reference(t, payload);
}

/// The first thing that is wrong with the completions of these tasks, whose ids count from 0.
std::string problem_of(std::span<const task> tasks, std::span<const completion> done) {
    std::vector<int> ends(tasks.size());
    for (const completion& each : done) {
        const std::string about = "task " + std::to_string(each.id);
        if (each.id >= tasks.size()) {
            return about + " ended, which was never given";
        }
        if (++ends[each.id] > 1) {
            return about + " ended twice";
        }
        if (each.outcome != task_outcome::ok) {
            return about + " ended as " + std::string(name_of(each.outcome));
        }
        const task& t = tasks[each.id];
        const std::uint64_t right = reference_of(t);
        if (!workloads()[t.workload]->matches(t, each.value, right)) {
            return about + " gives " + value_text(t, each.value) + " instead of " +
                   value_text(t, right);
        }
    }
    const auto lost = std::find(ends.begin(), ends.end(), 0);
    return lost == ends.end() ? "" : "task " + std::to_string(lost - ends.begin()) + " never ended";
}

}  // namespace

conformance_result check_conformance(const std::string& strategy_spec, int workers,
                                     const task_template& model, std::size_t count,
                                     std::uint64_t seed) {
    const task_template tamed = model.tamed();
    std::vector<task> tasks;
    std::uint32_t longest = 0;
    for (std::uint64_t id = 0; id < count; ++id) {
        tasks.push_back(tamed.make(id, seed));
        longest = std::max(longest, tasks.back().payload_bytes);
    }
    process_ledger ledger;
    const auto subject = make_strategy(parse_spec(strategy_spec, "strategy"));
    subject->start({.workers = workers,
                    .max_payload_bytes = longest,
                    .max_reply_bytes = tamed.first.reply_bytes,
                    .ledger = &ledger});
    given_tasks source(tasks);
    kept_completions sink;
    subject->run(source, sink);
    subject->stop();
    conformance_result result{count, problem_of(tasks, sink.all())};
    if (result.problem.empty() && !ledger.read().living.empty()) {
        result.problem = "a process is left";
    }
    return result;
}

}  // namespace stratbench
