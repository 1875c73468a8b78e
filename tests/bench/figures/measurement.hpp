#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace stratbench {

/// What one measurement of one subject gave.
struct sample {
    /// How many tasks it is about, and how long they took.
    double tasks = 0;
    double seconds = 0;
    /// Time per task; of a subject that is about latency its median. Nanoseconds.
    double ns_per_task = 0;
    /// User and system time of the whole tree.
    double cpu_ns_per_task = 0;
    /// At half of the subject's own capacity; a strategy's only.
    std::optional<double> p99_ns = {};
    /// The tasks at or above the p99 were never served: it is a lower bound.
    bool p99_is_bound = false;
    std::optional<double> bytes_per_task = {};
};

/// All that is known of one subject.
struct measured_subject {
    std::map<int, sample> by_round;
    /// Why there is no sample, where there is none.
    std::string absent;
};

using measurements = std::map<std::string, measured_subject, std::less<>>;

/// A figure over the rounds.
struct spread {
    double median = 0, lowest = 0, highest = 0;
    int rounds = 0;

    bool operator==(const spread&) const = default;
};

/// Empty where there are no values.
std::optional<spread> spread_of(const std::vector<double>& values);

/// Of one figure of a subject, in the rounds that have it.
std::optional<spread> spread_of(const measured_subject& subject, std::optional<double> sample::*of);
std::optional<spread> spread_of(const measured_subject& subject, double sample::*of);

/// The time per task of `a` over that of `b`, taken round by round, because the machine's speed
/// drifts; rounds that only one of them has do not count.
std::optional<spread> times_as_long(const measured_subject& a, const measured_subject& b);

/// The same turned over: how many times the tasks per second of `b` are those of `a`.
std::optional<spread> times_as_fast(const measured_subject& a, const measured_subject& b);

/// Tasks per second of a subject.
std::optional<spread> tasks_per_s(const measured_subject& subject);

}  // namespace stratbench
