#include "harness/trial/warm_up.hpp"

#include <algorithm>

namespace stratbench {
namespace {

constexpr std::uint64_t most_ahead = 1 << 14;
constexpr std::uint64_t most_payload_ahead = std::uint64_t{16} << 20;

}  // namespace

warm_up::warm_up(const task_template& model, std::uint64_t seed, std::uint64_t workers,
                 std::int64_t until_ns, std::uint64_t ids)
    : model_(model),
      seed_(seed),
      at_once_(2 * workers),
      at_least_(2 * workers),
      until_ns_(until_ns),
      ids_(ids) {}

take_result warm_up::take(std::span<task> into, take_mode mode) {
    std::unique_lock lock(mutex_);
    if (mode == take_mode::wait) {
        some_ended_.wait(lock, [this] { return given_ - completed_ < at_once_; });
    }
    if (given_ >= at_least_ && now_ns() >= until_ns_) {
        return {.ended = true};
    }
    const std::uint64_t count =
        std::min<std::uint64_t>(into.size(), at_once_ - (given_ - completed_));
    for (std::uint64_t i = 0; i < count; ++i) {
        into[i] = make(given_ + i);
    }
    given_ += count;
    return {.count = count, .ask_again_ns = never_ns};
}

void warm_up::complete(std::span<const completion> done) {
    const std::lock_guard lock(mutex_);
    completed_ += done.size();
    some_ended_.notify_one();
}

std::uint64_t warm_up::most() const {
    const std::uint64_t payload = model_.first.payload_bytes;
    const std::uint64_t held = payload == 0 ? most_ahead : most_payload_ahead / payload;
    return std::max(at_once_, std::min(held, most_ahead));
}

}  // namespace stratbench
