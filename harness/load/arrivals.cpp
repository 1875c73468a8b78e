#include "harness/load/arrivals.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <utility>
#include <vector>

#include "workloads/clock.hpp"
#include "workloads/hash.hpp"

namespace stratbench {
namespace {

/// Everything is due when the window opens.
class batch_arrivals final : public arrivals {
  public:
    explicit batch_arrivals(std::uint64_t tasks) : count(tasks) {}

    std::uint64_t due_by(std::int64_t /*now_ns*/) override { return count; }
    [[nodiscard]] std::int64_t next_ns() const override { return never_ns; }
    void taken(std::uint64_t /*first_left*/, std::int64_t /*now_ns*/) override {}
    [[nodiscard]] std::int64_t due_ns(std::uint64_t /*id*/) const override { return 0; }
    [[nodiscard]] std::uint64_t most() const override { return count; }

  private:
    std::uint64_t count;
};

/// An open load: a schedule that nothing holds up.
class scheduled_arrivals final : public arrivals {
  public:
    explicit scheduled_arrivals(std::vector<std::int64_t> schedule) : due(std::move(schedule)) {}

    std::uint64_t due_by(std::int64_t now_ns) override {
        while (next < due.size() && due[next] <= now_ns) ++next;
        return next;
    }
    [[nodiscard]] std::int64_t next_ns() const override {
        return next < due.size() ? due[next] : never_ns;
    }
    void taken(std::uint64_t /*first_left*/, std::int64_t /*now_ns*/) override {}
    [[nodiscard]] std::int64_t due_ns(std::uint64_t id) const override { return due[id]; }
    [[nodiscard]] std::uint64_t most() const override { return due.size(); }

  private:
    std::vector<std::int64_t> due;
    std::size_t next = 0;
};

/// One producer that makes a job, puts it into a bounded queue, rests, and makes the next. It is
/// held up while the queue is full. A job is due when the producer has it ready, whether or not
/// there is room. The producer needs no thread: what it did is worked out when somebody looks.
class producer_arrivals final : public arrivals {
  public:
    producer_arrivals(std::uint64_t jobs, std::int64_t every, std::uint64_t queue)
        : count(jobs), every_ns(every), capacity(queue) {}

    std::uint64_t due_by(std::int64_t now_ns) override {
        while (next_ns() <= now_ns) {
            ready.push_back(ready_at);
            if (put == ready.size() - 1) {
                if (put - first_left == capacity) break;  // held up with this one in hand
                put_next(ready_at);
            }
        }
        return put;
    }
    [[nodiscard]] std::int64_t next_ns() const override {
        return put < ready.size() || ready.size() == count ? never_ns : ready_at;
    }
    void taken(std::uint64_t now_first_left, std::int64_t now_ns) override {
        if (now_first_left == first_left) return;
        first_left = now_first_left;
        if (put < ready.size()) {
            held_up_ns += now_ns - ready.back();
            put_next(now_ns);
        }
    }
    [[nodiscard]] std::int64_t due_ns(std::uint64_t id) const override { return ready[id]; }
    [[nodiscard]] std::uint64_t most() const override { return count; }
    [[nodiscard]] std::int64_t back_pressure_ns() const override { return held_up_ns; }

  private:
    void put_next(std::int64_t when_ns) {
        ++put;
        ready_at = when_ns + every_ns;
    }

    std::uint64_t count;
    std::int64_t every_ns;
    std::uint64_t capacity;
    /// When each job was ready, also the one that the producer is holding.
    std::vector<std::int64_t> ready;
    std::int64_t ready_at = 0;
    std::uint64_t put = 0;
    std::uint64_t first_left = 0;
    std::int64_t held_up_ns = 0;
};

std::vector<std::int64_t> evenly_spaced(std::uint64_t tasks, double every_ns) {
    std::vector<std::int64_t> due(tasks);
    for (std::uint64_t i = 0; i < tasks; ++i) {
        due[i] = std::llround(static_cast<double>(i) * every_ns);
    }
    return due;
}

/// Exponential gaps by inversion, -ln(1 - u) / rate, with u of 53 bits: the same on every machine,
/// which std::exponential_distribution does not promise.
std::vector<std::int64_t> poisson(double rate_per_s, std::int64_t window_ns, std::uint64_t seed) {
    std::vector<std::int64_t> due;
    std::mt19937_64 random(seed);
    const double mean_gap_ns = 1e9 / rate_per_s;
    double at = 0;
    for (;;) {
        const double u = static_cast<double>(random() >> 11) * 0x1p-53;
        at -= std::log1p(-u) * mean_gap_ns;
        if (at >= static_cast<double>(window_ns)) return due;
        due.push_back(static_cast<std::int64_t>(at));
    }
}

}  // namespace

std::unique_ptr<arrivals> make_arrivals(const cell& what, std::uint64_t study_seed, int round) {
    const load_plan& load = what.load;
    const double window_s = static_cast<double>(what.window_ns) * 1e-9;
    switch (load.kind) {
        case load_plan::shape::batch:
            return std::make_unique<batch_arrivals>(load.tasks);
        case load_plan::shape::trickle:
            return std::make_unique<scheduled_arrivals>(
                evenly_spaced(load.tasks, static_cast<double>(load.every_ns)));
        case load_plan::shape::constant:
            return std::make_unique<scheduled_arrivals>(
                evenly_spaced(static_cast<std::uint64_t>(std::ceil(load.rate_per_s * window_s)),
                              1e9 / load.rate_per_s));
        case load_plan::shape::producer:
            return std::make_unique<producer_arrivals>(load.tasks, load.every_ns, load.queue);
        case load_plan::shape::poisson:
            break;
    }
    const std::uint64_t seed =
        mix64(mix64(mix64(study_seed, hash_text(what.workload)), hash_text(load.text)),
              static_cast<std::uint64_t>(round));
    return std::make_unique<scheduled_arrivals>(poisson(load.rate_per_s, what.window_ns, seed));
}

}  // namespace stratbench
