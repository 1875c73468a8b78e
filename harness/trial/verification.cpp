#include "harness/trial/verification.hpp"

#include <fmt/format.h>

#include <array>
#include <map>
#include <string>
#include <vector>

#include "harness/model/labels.hpp"
#include "harness/model/outcome_name.hpp"

namespace stratbench {
namespace {

/// Serial references; tasks with equal arguments share one where the workload says that they may.
class references {
  public:
    explicit references(const workload& work) : work_(work) {}

    std::uint64_t of(const task& t) {
        if (!work_.depends_on_args_only) {
            return compute(t);
        }
        const auto [known, fresh] = cache_.try_emplace(t.args, 0);
        if (fresh) {
            known->second = compute(t);
        }
        return known->second;
    }

  private:
    std::uint64_t compute(const task& t) {
        payload_.resize(t.payload_bytes);
        generate_payload(t, payload_);
        return work_.reference(t, payload_);
    }

    const workload& work_;
    std::map<std::array<std::int64_t, 4>, std::uint64_t> cache_;
    std::vector<std::byte> payload_;
};

}  // namespace

void verify_values(const window& measured, trial_record& into) {
    if (into.state == status::failed || measured.accepted() == 0) {
        return;
    }
    const workload& work = *workloads()[measured.make(0).workload];
    references expected(work);
    const bool any_order = work.floating_result && measured.floats() == sum_order::other;
    if (any_order) {
        into.labels.emplace_back(label::sums_within_bound);
    }
    for (std::uint64_t id = 0; id < measured.accepted(); ++id) {
        const ending& end = measured.endings()[id];
        if (end.completed_ns == 0 || end.outcome != task_outcome::ok) {
            continue;
        }
        const task t = measured.make(id);
        const std::uint64_t reference = expected.of(t);
        if (work.matches(t, end.value, reference) ||
            (any_order && sum_within_bound(t, end.value, reference))) {
            continue;
        }
        into.fail(fmt::format("task {} (n={}) returned {}, not {}: bits {:016x}, not {:016x}", id,
                              t.args[0], value_text(t, end.value), value_text(t, reference),
                              end.value, reference));
        return;
    }
}

std::vector<task_trace> trace_tasks(window& measured) {
    constexpr std::uint64_t most = 1000;
    if (measured.accepted() > most) {
        return {};
    }
    std::vector<task_trace> result;
    for (const acceptance& each : measured.acceptances()) {
        for (std::uint64_t id = each.first; id < each.first + each.count; ++id) {
            const task t = measured.make(id);
            const ending& end = measured.endings()[id];
            task_trace trace;
            trace.id = id;
            trace.n = t.args[0];
            trace.due_ns = measured.schedule().due_ns(id);
            trace.accepted_ns = each.at_ns - measured.opened_ns();
            if (end.completed_ns != 0) {
                trace.completed_ns = end.completed_ns - measured.opened_ns();
                trace.outcome = name_of(end.outcome);
                if (end.outcome == task_outcome::ok) {
                    trace.value = value_text(t, end.value);
                }
            }
            result.push_back(std::move(trace));
        }
    }
    for (const stamp& s : measured.stamps()) {
        result[s.id].started_ns = s.started_ns - measured.opened_ns();
        result[s.id].finished_ns = s.finished_ns - measured.opened_ns();
    }
    return result;
}

}  // namespace stratbench
