#pragma once

#include <algorithm>
#include <cstdint>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "strategies/contract/task_flow.hpp"
#include "workloads/task_template.hpp"

namespace stratbench::test {

/// A source that gives a fixed list of tasks, all due at once.
class list_source final : public task_source {
  public:
    explicit list_source(std::vector<task> all) : tasks_(std::move(all)) {}

    take_result take(std::span<task> into, take_mode /*mode*/) override {
        const std::size_t count = std::min(into.size(), tasks_.size() - given_);
        std::copy_n(tasks_.begin() + static_cast<std::ptrdiff_t>(given_), count, into.begin());
        given_ += count;
        return {.count = count, .ended = count == 0};
    }

    [[nodiscard]] std::size_t accepted() const { return given_; }

  private:
    std::vector<task> tasks_;
    std::size_t given_ = 0;
};

/// A sink that keeps every completion.
class keeping_sink : public completion_sink {
  public:
    void complete(std::span<const completion> done) override {
        const std::lock_guard lock(mutex_);
        all_.insert(all_.end(), done.begin(), done.end());
    }

    /// Completions in order of their tasks' ids.
    [[nodiscard]] std::vector<completion> by_id() const {
        std::vector<completion> result = all_;
        std::sort(result.begin(), result.end(),
                  [](const completion& a, const completion& b) { return a.id < b.id; });
        return result;
    }

  private:
    std::mutex mutex_;
    std::vector<completion> all_;
};

inline std::vector<task> tasks_of(const std::string& workload, std::size_t count,
                                  std::uint64_t seed = 1) {
    const task_template model = resolve_workload(parse_spec(workload, "workload"));
    std::vector<task> result;
    for (std::uint64_t id = 0; id < count; ++id) {
        result.push_back(model.make(id, seed));
    }
    return result;
}

inline std::uint64_t reference_of(const task& t) {
    std::vector<std::byte> payload(t.payload_bytes);
    generate_payload(t, payload);
    return workloads()[t.workload]->reference(t, payload);
}

/// The longest payload among tasks.
inline std::uint32_t longest_payload(std::span<const task> tasks) {
    std::uint32_t longest = 0;
    for (const task& t : tasks) {
        longest = std::max(longest, t.payload_bytes);
    }
    return longest;
}

}  // namespace stratbench::test
