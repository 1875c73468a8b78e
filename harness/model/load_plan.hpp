#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace stratbench {

/// The most tasks of one window: what the harness keeps of a task takes about 100 bytes until the
/// trial is over.
inline constexpr std::uint64_t most_recorded_tasks = 20'000'000;

/// A file of due times, as it was when the plan was made.
struct trace_plan {
    /// Absolute.
    std::string file;
    /// How many times as fast as it was recorded.
    double speed = 1;
    /// Of the file's content, 16 hexadecimal digits: a trial refuses another one.
    std::string hash;

    bool operator==(const trace_plan&) const = default;
};

/// When tasks arrive. All instants are relative to the start of the window.
struct load_plan {
    /// batch: everything is due at 0. poisson, constant, burst, trace, trickle: open arrivals.
    /// producer: one producer puts jobs into a bounded queue from which the front end takes them.
    /// closed: so many tasks are outstanding, each due when the end of another freed its slot.
    enum class shape : std::uint8_t {
        batch,
        poisson,
        constant,
        trickle,
        producer,
        closed,
        burst,
        trace
    };

    shape kind = shape::batch;
    /// As it was asked for, canonical; part of the cell's name (`poisson:80%sync`).
    std::string text;
    /// Tasks of a batch, trickle, producer or trace; of a closed load the most that are recorded,
    /// with which it would end early; 0 for the others.
    std::uint64_t tasks = 0;
    /// Mean arrivals per second of poisson, constant, burst and trace.
    double rate_per_s = 0;
    /// Time between two tasks of trickle and producer.
    std::int64_t every_ns = 0;
    /// Capacity of a producer's queue.
    std::uint64_t queue = 0;
    /// Tasks outstanding at once under a closed load.
    std::uint64_t outstanding = 0;
    /// Tasks of one burst.
    std::uint64_t burst = 0;
    std::optional<trace_plan> trace = {};
    /// Whether the rate is a part of what each strategy can do itself (`80%own`), so that no two
    /// strategies get the same.
    bool own_rate = false;

    /// Whether arrivals follow a schedule that completions do not slow down: only such a load has
    /// a latency worth ranking.
    [[nodiscard]] bool open() const {
        return kind != shape::batch && kind != shape::producer && kind != shape::closed;
    }
    /// Whether the load is a rate that is kept up for the length of the window.
    [[nodiscard]] bool has_rate() const { return open() && kind != shape::trickle; }
    /// Whether the window ends the arrivals, rather than the last task of the load.
    [[nodiscard]] bool ends_with_window() const { return has_rate() || kind == shape::closed; }
    /// Whether the load has a beginning and an end that belong together: then a second slice of a
    /// trial would only tell the same again.
    [[nodiscard]] bool tells_a_story() const {
        return kind == shape::trickle || kind == shape::producer || kind == shape::trace;
    }

    /// Whether the median latency says more about a strategy than its throughput.
    [[nodiscard]] bool ranked_by_latency() const { return has_rate(); }

    bool operator==(const load_plan&) const = default;
};

/// How a rate is written that is a part of what the strategy itself can do, and of what `sync` can.
inline constexpr std::string_view own_rate_unit = "%own";
inline constexpr std::string_view sync_rate_unit = "%sync";

/// Whether the text of a load gives its rate in this unit: a file holds the load's text alone.
bool has_rate_in(const load_plan& load, std::string_view unit);

}  // namespace stratbench
