#include "strategies/engines/pool/deadline_watch.hpp"

#include <algorithm>

namespace stratbench {
namespace {

/// The time between two looks, by which a task may be ended too late: a part of the time that tasks
/// are given, but no less than the second.
constexpr std::int64_t looks_per_timeout = 16;
constexpr std::int64_t shortest_look_ns = 1'000'000;

}  // namespace

bool deadline_watch::has_passed(std::optional<std::uint32_t> executing, std::int64_t now,
                                std::int64_t limit_ns) const {
    return executing_ && executing_ == executing && now - since_ns_ >= limit_ns;
}

std::int64_t deadline_watch::look(std::optional<std::uint32_t> executing, std::int64_t now,
                                  std::int64_t limit_ns) {
    if (!executing || executing != executing_) {
        executing_ = executing;
        since_ns_ = now;
    }
    const std::int64_t soon_ns = now + std::max(shortest_look_ns, limit_ns / looks_per_timeout);
    return executing_ ? std::min(since_ns_ + limit_ns, soon_ns) : soon_ns;
}

}  // namespace stratbench
