#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/base/clock.hpp"
#include "harness/base/sleep.hpp"
#include "harness/trial/analysis.hpp"
#include "harness/trial/verification.hpp"
#include "harness/trial/window.hpp"
#include "tests/cells.hpp"
#include "tests/units.hpp"

namespace stratbench::test {

inline cell batch_of(std::uint64_t tasks) {
    return noop_cell({.kind = load_plan::shape::batch, .text = "", .tasks = tasks});
}

inline cell constant(double rate_per_s) {
    return noop_cell({.kind = load_plan::shape::constant, .text = "", .rate_per_s = rate_per_s});
}

inline cell closed(std::uint64_t outstanding, std::uint64_t most,
                   std::int64_t window_ns = 100 * ms) {
    return noop_cell(
        {.kind = load_plan::shape::closed, .text = "", .tasks = most, .outstanding = outstanding},
        window_ns);
}

/// A front end and a worker by hand, so that a test says what happens when.
class hand_driven {
  public:
    explicit hand_driven(cell what, std::int64_t drain_until_ns = never_ns,
                         time_line& on = machine_time::instance(), window_record room = {})
        : time(on),
          described(std::move(what)),
          subject(make_arrivals(described, 1, 0),
                  {.model = resolve_workload(parse_spec("noop", "workload")),
                   .seed = 9,
                   .drain_until_ns = drain_until_ns,
                   .time = on},
                  std::move(room)) {
        subject.open();
    }

    std::vector<task> take(std::size_t most, take_mode mode = take_mode::wait) {
        std::vector<task> tasks(most);
        tasks.resize(subject.take(tasks, mode).count);
        return tasks;
    }
    static completion ending_of(const task& t) {
        const std::int64_t now = now_ns();
        return {t.id, execute(t, {}), now, now, task_outcome::ok};
    }
    void complete(const task& t) { complete(ending_of(t)); }
    void complete(const completion& done) { subject.complete({&done, 1}); }

    trial_record analyse() {
        trial_record record;
        analyse_window(subject, described, time.now(), record);
        verify_values(subject, record);
        return record;
    }

    time_line& time;
    cell described;
    window subject;
};

inline void sleep_ms(std::int64_t count) {
    sleep_until(now_ns() + count * ms);
}

/// A window in which nothing happens by itself: the time is what the test says.
class told_time final : public time_line {
  public:
    std::int64_t now() override { return at_ns; }
    void sleep_until(std::int64_t until_ns) override { at_ns = until_ns; }
    std::int64_t at_ns = 1'000 * ms;
};

inline bool has(const trial_record& record, std::string_view label) {
    return std::count(record.labels.begin(), record.labels.end(), label) != 0;
}

}  // namespace stratbench::test
