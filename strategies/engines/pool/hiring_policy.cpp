#include "strategies/engines/pool/hiring_policy.hpp"

#include <algorithm>

namespace stratbench {
namespace {

/// The first and the longest time until the next attempt, and for how long a pool without any
/// worker tries before it gives up.
constexpr std::int64_t first_pause_ns = 10'000'000;
constexpr std::int64_t longest_pause_ns = 1'000'000'000;
constexpr std::int64_t patience_ns = 5'000'000'000;

}  // namespace

void hiring_policy::succeeded(std::size_t seat) {
    seats_[seat].failures = 0;
    deserted_since_ns_ = never_ns;
}

void hiring_policy::failed(std::size_t seat, std::int64_t now) {
    attempts& past = seats_[seat];
    past.next_attempt_ns =
        now + std::min(longest_pause_ns, first_pause_ns << std::min(past.failures, 10));
    ++past.failures;
}

bool hiring_policy::is_hopeless(std::int64_t now) {
    if (deserted_since_ns_ == never_ns) {
        deserted_since_ns_ = now;
    }
    return now - deserted_since_ns_ >= patience_ns;
}

}  // namespace stratbench
