#pragma once

#include <cmath>
#include <cstdint>
#include <functional>
#include <random>
#include <utility>

#include "harness/load/arrivals.hpp"
#include "harness/trial/analysis.hpp"
#include "harness/trial/verification.hpp"
#include "harness/trial/window.hpp"
#include "strategies/contract/strategy.hpp"
#include "tests/cells.hpp"
#include "tests/units.hpp"

/// The harness's own window, arrivals and analysis around a strategy that only pretends to work, in
/// a time that only pretends to pass: whatever it reports can be compared with what is known.
namespace stratbench::oracle {

constexpr std::int64_t us = 1000;

/// A clock that moves when it is told to.
class simulated_time final : public time_line {
  public:
    std::int64_t now() override { return at_ns_; }
    void sleep_until(std::int64_t until_ns) override { at_ns_ = std::max(at_ns_, until_ns); }
    void advance(std::int64_t by_ns) { at_ns_ += by_ns; }

  private:
    std::int64_t at_ns_ = 1000 * second;
};

/// One server that serves its tasks one at a time in the order of their arrival, each for as long
/// as `service(id)` says: the queue of the textbooks.
class simulated_server : public strategy {
  public:
    simulated_server(simulated_time& in, std::function<std::int64_t(std::uint64_t)> service)
        : time(in), draw_ns(std::move(service)) {}

    void start(const start_options& /*options*/) override {}
    void request_stop(stop_mode /*mode*/) override {}
    void stop() override {}

    void run(task_source& source, completion_sink& sink) override {
        task next;
        while (!source.take({&next, 1}, take_mode::wait).ended) {
            serve(next, sink);
        }
    }

  protected:
    virtual void serve(const task& next, completion_sink& sink) {
        const std::int64_t started = time.now();
        time.advance(draw_ns(next.id));
        complete({next.id, execute(next, {}), started, time.now(), task_outcome::ok}, sink);
    }
    static void complete(const completion& done, completion_sink& sink) {
        sink.complete({&done, 1});
    }

    simulated_time& time;
    std::function<std::int64_t(std::uint64_t)> draw_ns;
};

/// A draw from the exponential distribution with this mean.
inline double exponential_draw(std::mt19937_64& random, double mean) {
    return -std::log1p(-static_cast<double>(random() >> 11) * 0x1p-53) * mean;
}

/// Exponential service times with this mean, the same for the same seed.
inline std::function<std::int64_t(std::uint64_t)> exponential(std::int64_t mean_ns,
                                                              std::uint64_t seed) {
    return [mean_ns, random = std::mt19937_64(seed)](std::uint64_t) mutable {
        return std::llround(exponential_draw(random, static_cast<double>(mean_ns)));
    };
}

inline cell simulated_cell(load_plan load, std::int64_t window_ns) {
    return test::noop_cell(std::move(load), window_ns, "simulated");
}

inline load_plan open_load(load_plan::shape kind, double rate_per_s) {
    load_plan load;
    load.kind = kind;
    load.text = "simulated";
    load.rate_per_s = rate_per_s;
    return load;
}

inline load_plan batch_of(std::uint64_t tasks) {
    load_plan load;
    load.text = "batch";
    load.tasks = tasks;
    return load;
}

/// One slice of `subject` as the harness conducts and analyses it, drained at most one more window.
inline trial_record simulate_slice(const cell& planned, strategy& subject, simulated_time& time,
                                   window_durations& times, std::uint64_t seed = 1, int round = 0) {
    cell arriving = planned;
    arriving.window_ns += planned.lead_in_ns;
    const window_rules rules{.model = resolve_workload(parse_spec(planned.workload, "workload")),
                             .seed = seed,
                             .stamp_one_in = planned.stamp_one_in,
                             .drain_until_ns = planned.load.ends_with_window()
                                                   ? planned.lead_in_ns + 2 * planned.window_ns
                                                   : never_ns,
                             .time = time};
    window measured(make_arrivals(arriving, seed, round), rules);
    measured.open();
    subject.run(measured, measured);
    trial_record record;
    record.round = round;
    analyse_window(measured, planned, time.now(), record, times);
    verify_values(measured, record);
    return record;
}

/// A trial of one slice.
inline trial_record simulate(const cell& planned, strategy& subject, simulated_time& time,
                             std::uint64_t seed = 1, int round = 0) {
    window_durations times;
    trial_record record = simulate_slice(planned, subject, time, times, seed, round);
    put(times, record);
    return record;
}

}  // namespace stratbench::oracle
