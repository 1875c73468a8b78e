#include "harness/results/benchmark_rows.hpp"

#include <cmath>

#include "harness/model/metric.hpp"
#include "harness/results/record_fields.hpp"
#include "harness/stats/median.hpp"
#include "harness/stats/student.hpp"

namespace stratbench {

namespace {

/// What one trial contributes to a row.
struct figures {
    double iterations = 0;
    double real_ns = 0;
    double cpu_ns = 0;
    std::vector<std::pair<const char*, double>> counters;
};

figures figures_of(const cell& planned, const trial_record& trial) {
    figures result;
    const auto figure = [&](metric id) { return about(id).figure(trial).value_or(0); };
    const double per_s = figure(metric::throughput);
    result.iterations = static_cast<double>(trial.outcomes.ok);
    if (planned.load.open() && trial.latency) {
        result.real_ns = figure(metric::p50);
    } else if (per_s > 0) {
        result.real_ns = 1e9 / per_s;
    }
    result.cpu_ns = figure(metric::cpu);
    result.counters = {{"items_per_second", per_s},
                       {"mean_busy_cores", trial.cpu.mean_busy_cores},
                       {"peak_memory_bytes", figure(metric::memory)},
                       {"startup_ns", figure(metric::startup)}};
    return result;
}

struct aggregate {
    const char* name;
    const char* unit;
    double (*of)(std::span<const double>);
};

/// 0 where the mean is 0: all values are, since none is negative.
double variation(std::span<const double> values) {
    const double centre = mean(values);
    return centre > 0 ? deviation(values) / centre : 0;
}

constexpr std::array aggregates{
    aggregate{"mean", "time", mean}, aggregate{"median", "time", median},
    aggregate{"stddev", "time", deviation}, aggregate{"cv", "percentage", variation}};

/// The rows of one cell, keys in Google Benchmark's order.
class cell_rows {
  public:
    cell_rows(const cell_result& of, std::size_t index) : cell_(of), family_index_(index) {}

    void append_to(json& rows) const {
        std::vector<figures> ok;
        for (std::size_t i = 0; i < cell_.trials.size(); ++i) {
            const trial_record& trial = cell_.trials[i];
            json row = head("", "iteration");
            row["repetition_index"] = i;
            row["threads"] = 1;
            if (trial.state == status::ok) {
                ok.push_back(figures_of(cell_.planned, trial));
                put(row, ok.back());
            } else {
                put_error(row, trial.reason);
            }
            rows.push_back(std::move(row));
        }
        if (cell_.trials.empty() && cell_.state != status::ok) {
            json row = head("", "iteration");
            row["repetition_index"] = 0;
            row["threads"] = 1;
            put_error(row, fmt::format("{}: {}",
                                       names_of<status>.at(static_cast<std::size_t>(cell_.state)),
                                       cell_.reason));
            rows.push_back(std::move(row));
        }
        if (ok.size() < 2) {
            return;
        }
        for (const aggregate& kind : aggregates) {
            rows.push_back(aggregated(ok, kind));
        }
    }

  private:
    [[nodiscard]] json head(const std::string& suffix, const char* run_type) const {
        const std::string name = cell_.planned.name();
        return {{"name", name + suffix},
                {"family_index", family_index_},
                {"per_family_instance_index", 0},
                {"run_name", name},
                {"run_type", run_type},
                {"repetitions", std::max<std::size_t>(1, cell_.trials.size())}};
    }

    static void put(json& row, const figures& f) {
        row["iterations"] = static_cast<std::uint64_t>(f.iterations);
        row["real_time"] = number(f.real_ns);
        row["cpu_time"] = number(f.cpu_ns);
        row["time_unit"] = "ns";
        for (const auto& [name, value] : f.counters) {
            row[name] = number(value);
        }
    }

    /// The times of a failed row are 0, because tools look for the keys before the error.
    static void put_error(json& row, const std::string& reason) {
        row["error_occurred"] = true;
        row["error_message"] = reason;
        put(row, {});
    }

    [[nodiscard]] json aggregated(const std::vector<figures>& trials, const aggregate& kind) const {
        json row = head(fmt::format("_{}", kind.name), "aggregate");
        row["threads"] = 1;
        row["aggregate_name"] = kind.name;
        row["aggregate_unit"] = kind.unit;
        const auto over = [&](auto get) {
            std::vector<double> values;
            for (const figures& f : trials) {
                values.push_back(get(f));
            }
            return kind.of(values);
        };
        figures result;
        // As Google Benchmark has it: how many repetitions the aggregate is made of.
        result.iterations = static_cast<double>(trials.size());
        result.real_ns = over([](const figures& f) { return f.real_ns; });
        result.cpu_ns = over([](const figures& f) { return f.cpu_ns; });
        for (std::size_t i = 0; i < trials.front().counters.size(); ++i) {
            result.counters.emplace_back(
                trials.front().counters[i].first,
                over([&](const figures& f) { return f.counters[i].second; }));
        }
        put(row, result);
        return row;
    }

    const cell_result& cell_;
    std::size_t family_index_;
};

}  // namespace

json benchmark_rows(const std::vector<cell_result>& cells) {
    json rows = json::array();
    for (std::size_t i = 0; i < cells.size(); ++i) {
        cell_rows(cells[i], i).append_to(rows);
    }
    return rows;
}

}  // namespace stratbench
