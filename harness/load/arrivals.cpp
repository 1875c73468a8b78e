#include "harness/load/arrivals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <random>
#include <stdexcept>
#include <utility>
#include <vector>

#include "harness/base/clock.hpp"
#include "harness/base/hash.hpp"
#include "harness/base/spec.hpp"
#include "harness/load/trace_file.hpp"

namespace stratbench {
namespace {

/// Everything is due when the window opens.
class batch_arrivals final : public arrivals {
  public:
    explicit batch_arrivals(std::uint64_t tasks) : count_(tasks) {}

    std::uint64_t due_by(std::int64_t /*now_ns*/) override { return count_; }
    [[nodiscard]] std::int64_t next_ns() const override { return never_ns; }
    void taken(std::uint64_t /*first_left*/, std::int64_t /*now_ns*/) override {}
    [[nodiscard]] std::int64_t due_ns(std::uint64_t /*id*/) const override { return 0; }
    [[nodiscard]] std::uint64_t most() const override { return count_; }

  private:
    std::uint64_t count_;
};

/// An open load: a schedule that nothing holds up.
class scheduled_arrivals final : public arrivals {
  public:
    explicit scheduled_arrivals(std::vector<std::int64_t> schedule) : due_(std::move(schedule)) {}

    std::uint64_t due_by(std::int64_t now_ns) override {
        while (next_ < due_.size() && due_[next_] <= now_ns) {
            ++next_;
        }
        return next_;
    }
    [[nodiscard]] std::int64_t next_ns() const override {
        return next_ < due_.size() ? due_[next_] : never_ns;
    }
    void taken(std::uint64_t /*first_left*/, std::int64_t /*now_ns*/) override {}
    [[nodiscard]] std::int64_t due_ns(std::uint64_t id) const override { return due_[id]; }
    [[nodiscard]] std::uint64_t most() const override { return due_.size(); }

  private:
    std::vector<std::int64_t> due_;
    std::size_t next_ = 0;
};

/// One producer that makes a job, puts it into a bounded queue, rests, and makes the next. It is
/// held up while the queue is full. A job is due when the producer has it ready, whether or not
/// there is room. The producer needs no thread: what it did is worked out when somebody looks.
class producer_arrivals final : public arrivals {
  public:
    producer_arrivals(std::uint64_t jobs, std::int64_t every, std::uint64_t queue)
        : count_(jobs), every_ns_(every), capacity_(queue) {}

    std::uint64_t due_by(std::int64_t now_ns) override {
        while (next_ns() <= now_ns) {
            ready_.push_back(ready_at_);
            if (put_ == ready_.size() - 1) {
                if (put_ - first_left_ == capacity_) {
                    break;  // held up with this one in hand
                }
                put_next(ready_at_);
            }
        }
        return put_;
    }
    [[nodiscard]] std::int64_t next_ns() const override {
        return put_ < ready_.size() || ready_.size() == count_ ? never_ns : ready_at_;
    }
    void taken(std::uint64_t now_first_left, std::int64_t now_ns) override {
        if (now_first_left == first_left_) {
            return;
        }
        first_left_ = now_first_left;
        if (put_ < ready_.size()) {
            held_up_ns_ += now_ns - ready_.back();
            put_next(now_ns);
        }
    }
    [[nodiscard]] std::int64_t due_ns(std::uint64_t id) const override { return ready_[id]; }
    [[nodiscard]] arrival_rule rule() const override {
        return {.kind = arrival_rule::shape::producer, .at_once = capacity_, .every_ns = every_ns_};
    }
    [[nodiscard]] std::uint64_t most() const override { return count_; }
    [[nodiscard]] std::int64_t back_pressure_ns() const override { return held_up_ns_; }

  private:
    void put_next(std::int64_t when_ns) {
        ++put_;
        ready_at_ = when_ns + every_ns_;
    }

    std::uint64_t count_;
    std::int64_t every_ns_;
    std::uint64_t capacity_;
    /// When each job was ready, also the one that the producer is holding.
    std::vector<std::int64_t> ready_;
    std::int64_t ready_at_ = 0;
    std::uint64_t put_ = 0;
    std::uint64_t first_left_ = 0;
    std::int64_t held_up_ns_ = 0;
};

/// As many tasks outstanding as asked for: the first are due at 0, each other one at the instant at
/// which an ending freed its slot, until the window ends or the room for them is used up.
///
/// Invariant: freed_at[0, endings) never changes again. One thread appends behind it and then
/// raises `endings`; due_by reads `endings` before it reads below it.
class closed_arrivals final : public arrivals {
  public:
    closed_arrivals(std::uint64_t outstanding, std::uint64_t tasks, std::int64_t window)
        : at_once_(std::min(outstanding, tasks)), window_ns_(window), freed_at_(tasks - at_once_) {}

    std::uint64_t due_by(std::int64_t now_ns) override {
        // What is freed after the window's end makes nothing due, however late somebody looks.
        if (!over_) {
            const std::uint64_t known = endings_.load();
            while (refilled_ < known && freed_at_[refilled_] <= now_ns &&
                   freed_at_[refilled_] < window_ns_) {
                ++refilled_;
            }
            over_ = now_ns >= window_ns_ || refilled_ == freed_at_.size();
        }
        return at_once_ + refilled_;
    }
    [[nodiscard]] std::int64_t next_ns() const override { return never_ns; }
    [[nodiscard]] bool follows_endings() const override { return !over_; }
    void taken(std::uint64_t /*first_left*/, std::int64_t /*now_ns*/) override {}
    void freed(std::uint64_t count, std::int64_t now_ns) override {
        const std::uint64_t known = endings_.load(std::memory_order_relaxed);
        const std::uint64_t more = std::min<std::uint64_t>(count, freed_at_.size() - known);
        // Two threads may come in another order than that in which they read the clock.
        latest_ns_ = std::max(latest_ns_, now_ns);
        std::fill_n(freed_at_.begin() + static_cast<std::ptrdiff_t>(known), more, latest_ns_);
        // Sequentially consistent, as a front end that sleeps until then needs it: see sleep_flag.
        endings_.store(known + more);
    }
    [[nodiscard]] std::int64_t due_ns(std::uint64_t id) const override {
        return id < at_once_ ? 0 : freed_at_[id - at_once_];
    }
    [[nodiscard]] arrival_rule rule() const override {
        return {.kind = arrival_rule::shape::closed, .at_once = at_once_, .until_ns = window_ns_};
    }
    [[nodiscard]] std::uint64_t most() const override { return at_once_ + freed_at_.size(); }

  private:
    std::uint64_t at_once_;
    std::int64_t window_ns_;
    std::vector<std::int64_t> freed_at_;
    std::atomic<std::uint64_t> endings_{0};
    std::int64_t latest_ns_ = 0;
    std::uint64_t refilled_ = 0;
    bool over_ = false;
};

std::vector<std::int64_t> evenly_spaced(std::uint64_t tasks, double every_ns) {
    std::vector<std::int64_t> due(tasks);
    for (std::uint64_t i = 0; i < tasks; ++i) {
        due[i] = std::llround(static_cast<double>(i) * every_ns);
    }
    return due;
}

/// One task every `gap_ns`, all of them before the window's end.
std::vector<std::int64_t> even_rate(double gap_ns, std::int64_t window_ns) {
    auto due = evenly_spaced(
        static_cast<std::uint64_t>(std::ceil(static_cast<double>(window_ns) / gap_ns)), gap_ns);
    // A quotient just above a whole number, by the rounding of its parts.
    while (!due.empty() && due.back() >= window_ns) {
        due.pop_back();
    }
    return due;
}

/// Groups of `size` tasks at a time, `rate_per_s` tasks in all, with exponential gaps between the
/// groups by inversion, -ln(1 - u) / rate, with u of 53 bits: the same on every machine, which
/// std::exponential_distribution does not promise.
std::vector<std::int64_t> exponential(double rate_per_s, std::uint64_t size, std::int64_t window_ns,
                                      std::uint64_t seed) {
    std::vector<std::int64_t> due;
    std::mt19937_64 random(seed);
    const double mean_gap_ns = 1e9 * static_cast<double>(size) / rate_per_s;
    double at = 0;
    for (;;) {
        const double u = static_cast<double>(random() >> 11) * 0x1p-53;
        at -= std::log1p(-u) * mean_gap_ns;
        if (at >= static_cast<double>(window_ns)) {
            return due;
        }
        due.insert(due.end(), size, static_cast<std::int64_t>(at));
    }
}

std::unique_ptr<arrivals> scheduled(std::vector<std::int64_t> due) {
    return std::make_unique<scheduled_arrivals>(std::move(due));
}

}  // namespace

std::vector<std::int64_t> planned_trace(const trace_plan& trace) {
    trace_file now = read_trace(trace.file, trace.speed);
    if (now.hash != trace.hash) {
        throw usage_error(
            fmt::format("trace '{}': has changed since the plan was made", trace.file));
    }
    return std::move(now.due_ns);
}

std::unique_ptr<arrivals> make_arrivals(const cell& what, std::uint64_t study_seed, int round) {
    const load_plan& load = what.load;
    const std::uint64_t seed =
        mix64(mix64(mix64(study_seed, hash_text(what.workload)), hash_text(load.text)),
              static_cast<std::uint64_t>(round));
    switch (load.kind) {
        case load_plan::shape::batch:
            return std::make_unique<batch_arrivals>(load.tasks);
        case load_plan::shape::trickle:
            return scheduled(evenly_spaced(load.tasks, static_cast<double>(load.every_ns)));
        case load_plan::shape::constant:
            return scheduled(even_rate(1e9 / load.rate_per_s, what.window_ns));
        case load_plan::shape::producer:
            return std::make_unique<producer_arrivals>(load.tasks, load.every_ns, load.queue);
        case load_plan::shape::closed:
            return std::make_unique<closed_arrivals>(load.outstanding, load.tasks, what.window_ns);
        case load_plan::shape::poisson:
            return scheduled(exponential(load.rate_per_s, 1, what.window_ns, seed));
        case load_plan::shape::burst:
            return scheduled(exponential(load.rate_per_s, load.burst, what.window_ns, seed));
        case load_plan::shape::trace:
            return scheduled(planned_trace(load.trace.value()));
    }
    throw std::logic_error("unknown kind of load");
}

}  // namespace stratbench
