#include "harness/trial/warm_up.hpp"

#include <algorithm>

namespace stratbench {

warm_up::warm_up(const task_template& of, std::uint64_t with_seed, std::uint64_t workers,
                 std::int64_t until)
    : model(of), seed(with_seed), at_once(2 * workers), at_least(2 * workers), until_ns(until) {}

take_result warm_up::take(std::span<task> into, take_mode mode) {
    std::unique_lock lock(mutex);
    if (mode == take_mode::wait) {
        some_ended.wait(lock, [this] { return given - completed < at_once; });
    }
    if (given >= at_least && now_ns() >= until_ns) return {.ended = true};
    const std::uint64_t count = std::min<std::uint64_t>(into.size(), at_once - (given - completed));
    for (std::uint64_t i = 0; i < count; ++i) into[i] = model.make(given + i, seed);
    given += count;
    return {.count = count, .ask_again_ns = never_ns};
}

void warm_up::complete(std::span<const completion> done) {
    const std::lock_guard lock(mutex);
    completed += done.size();
    some_ended.notify_one();
}

}  // namespace stratbench
