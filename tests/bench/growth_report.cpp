#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <iterator>
#include <limits>
#include <regex>

#include "harness/base/clock.hpp"
#include "reports/text/format.hpp"
#include "tests/bench/bench_options.hpp"
#include "tests/bench/figures/growth.hpp"
#include "tests/bench/peer_subjects.hpp"
#include "tests/bench/subject.hpp"
#include "tests/bench/trial_bench.hpp"

namespace stratbench {
namespace {

/// Large steps last long and vary little: they are measured once.
constexpr int rounds_of_a_step = 2;
constexpr double long_step_s = 1;

constexpr double mib = 1048576;

const std::vector<std::string> pools = {"pool_map", "apply_async", "async_process_pool",
                                        "async_thread_pool"};

/// Builds curves together with the subjects that they show.
class growth_study {
  public:
    growth_study(trial_bench& trials, const std::atomic<bool>& stop)
        : trials_(trials), stop_(stop) {
        of_tasks();
        of_workers();
        of_payload();
        of_parent();
        of_idleness();
    }

    std::vector<growth_curve> curves;
    std::vector<subject> subjects;

  private:
    /// Adds a subject and gives its name.
    std::string add(std::string name, std::function<sample(int)> measure,
                    int rounds = rounds_of_a_step) {
        subjects.push_back({name, std::move(measure), rounds});
        return name;
    }

    std::string add_trial(std::string name, trial_wish wish, int rounds = rounds_of_a_step) {
        return add(
            std::move(name),
            [this, wish = std::move(wish)](int round) {
                return throughput_sample(trials_.run(wish, round));
            },
            rounds);
    }

    void of_tasks() {
        const std::vector<double> sizes = {1e3, 1e4, 1e5, 1e6, 1e7};
        growth_curve curve{"time of a task, empty, by their number", {}, {}};
        for (const double size : sizes) {
            curve.steps.push_back(quantity(size));
        }
        for (const std::string& strategy : pools) {
            growth_curve::row& row = curve.rows.emplace_back(growth_curve::row{strategy, {}});
            for (const double size : sizes) {
                row.subjects.push_back(add_batch(strategy, size, size * 200e-9));
            }
        }
        const std::string forking = "process_per_task";
        curve.rows.push_back({forking, {add_batch(forking, 1e3, 0.1), add_batch(forking, 1e4, 1)}});
        curves.push_back(std::move(curve));
    }

    std::string add_batch(const std::string& strategy, double tasks, double about_s) {
        const trial_wish wish = {
            .strategy = strategy, .workload = "noop", .load = fmt::format("batch:{:.0f}", tasks)};
        // The harness and the strategy together keep at most so much of a task.
        const double needed = tasks * 600;
        return add(
            fmt::format("{}, {:.0f} tasks", strategy, tasks),
            [this, wish, needed](int round) {
                const double available = static_cast<double>(::sysconf(_SC_AVPHYS_PAGES)) *
                                         static_cast<double>(::sysconf(_SC_PAGESIZE));
                if (available < needed) {
                    throw cannot_measure(
                        fmt::format("needs {:.0f} MiB of free memory", needed / mib));
                }
                return throughput_sample(trials_.run(wish, round));
            },
            about_s >= long_step_s ? 1 : rounds_of_a_step);
    }

    void of_workers() {
        const std::vector<int> counts = {1, 2, 4, 16, 64};
        growth_curve curve{"time of a task, by workers, on 2 CPUs", {}, {}};
        for (const int workers : counts) {
            curve.steps.push_back(std::to_string(workers));
        }
        const std::string longer = trials_.resolve("sqrt_log:duration=100us");
        const auto rows_for = [&](const std::string& strategy, const std::string& label,
                                  const std::string& workload, int tasks) {
            growth_curve::row time{strategy + ", " + label, {}};
            for (const int workers : counts) {
                time.subjects.push_back(
                    add_trial(fmt::format("{}, {} workers", time.label, workers),
                              {.strategy = strategy,
                               .workload = workload,
                               .load = fmt::format("batch:{}", tasks),
                               .workers = workers},
                              1));
            }
            growth_curve::row cpu = time;
            cpu.label += ": CPU";
            cpu.figure = &sample::cpu_ns_per_task;
            curve.rows.push_back(std::move(time));
            curve.rows.push_back(std::move(cpu));
        };
        for (const std::string& strategy : pools) {
            rows_for(strategy, "empty", "noop", 500'000);
            rows_for(strategy, "100 us", longer, 1000);
        }
        rows_for("process_per_task", "empty", "noop", 1000);
        curves.push_back(std::move(curve));
    }

    void of_payload() {
        const std::vector<std::pair<const char*, int>> sizes = {
            {"4 B", 1},          {"4 kB", 1000},      {"40 kB", 10'000},
            {"400 kB", 100'000}, {"4 MB", 1'000'000}, {"16 MB", 4'000'000}};
        growth_curve curve{"time of a task, sqrt_values, by its payload", {}, {}};
        for (const auto& [label, n] : sizes) {
            curve.steps.emplace_back(label);
        }
        std::vector<std::string> strategies = pools;
        strategies.emplace_back("sync");
        for (const std::string& strategy : strategies) {
            growth_curve::row& row = curve.rows.emplace_back(growth_curve::row{strategy, {}});
            for (const auto& [label, n] : sizes) {
                // Drawing an integer and adding its root takes some nanoseconds.
                const double tasks = std::clamp(100e6 / (n * 4.0 + 200), 8.0, 200e3);
                row.subjects.push_back(add_trial(fmt::format("{}, payload of {}", strategy, label),
                                                 {.strategy = strategy,
                                                  .workload = fmt::format("sqrt_values:n={}", n),
                                                  .load = fmt::format("batch:{:.0f}", tasks)},
                                                 1));
            }
        }
        growth_curve::row& copies =
            curve.rows.emplace_back(growth_curve::row{"one more copy (not done)", {}});
        for (const auto& [label, n] : sizes) {
            copies.subjects.push_back(add(
                fmt::format("one more copy of {}", label),
                [bytes = static_cast<std::size_t>(n) * 4](int) { return time_of_a_copy(bytes); }));
        }
        curves.push_back(std::move(curve));
    }

    /// Copies between buffers that no cache holds, as a payload on its way finds them.
    static sample time_of_a_copy(std::size_t bytes) {
        constexpr std::size_t most = std::size_t{64} << 20;
        std::vector<std::byte> from(most, std::byte{1});
        std::vector<std::byte> to(most, std::byte{2});
        const std::size_t stride = (bytes + 4095) / 4096 * 4096;
        const std::size_t copies = most / stride;
        const std::int64_t cpu_before = thread_cpu_ns();
        const std::int64_t began = now_ns();
        for (std::size_t i = 0; i < copies; ++i) {
            std::memcpy(to.data() + i * stride, from.data() + i * stride, bytes);
            asm volatile("" : : "r"(to.data()) : "memory");
        }
        const auto took = static_cast<double>(now_ns() - began);
        const auto count = static_cast<double>(copies);
        return {.tasks = count,
                .seconds = took * 1e-9,
                .ns_per_task = took / count,
                .cpu_ns_per_task = static_cast<double>(thread_cpu_ns() - cpu_before) / count};
    }

    void of_parent() {
        const std::vector<std::size_t> sizes = {0, 256, 1024, 2048};
        growth_curve curve{"by what is resident in the parent", {}, {}};
        for (const std::size_t size : sizes) {
            curve.steps.push_back(fmt::format("{} MiB", size));
        }
        const std::string forking = "process_per_task";
        growth_curve::row tasks{forking + ", a task", {}};
        growth_curve::row forks{"plain fork, exit, wait", {}};
        for (const std::size_t size : sizes) {
            const std::size_t bytes = size << 20;
            tasks.subjects.push_back(
                add_trial(fmt::format("{} from {} MiB", forking, size), {.strategy = forking,
                                                                         .workload = "noop",
                                                                         .load = "batch:1000",
                                                                         .ballast_bytes = bytes}));
            forks.subjects.push_back(add(
                fmt::format("fork from {} MiB", size),
                [this, bytes](int) { return measure_peer("fork", bytes, stop_); }, 1));
        }
        curve.rows.push_back(std::move(tasks));
        curve.rows.push_back(std::move(forks));
        std::vector<std::string> starting = pools;
        starting.push_back(forking);
        for (const std::string& strategy : starting) {
            growth_curve::row row{"start-up of " + strategy, {}};
            for (const std::size_t size : sizes) {
                row.subjects.push_back(add(
                    fmt::format("{} from {} MiB", row.label, size),
                    [this, strategy, size](int round) {
                        const trial_record r = trials_.run({.strategy = strategy,
                                                            .workload = "noop",
                                                            .load = "batch:10",
                                                            .ballast_bytes = size << 20},
                                                           round);
                        sample s = throughput_sample(r);
                        s.ns_per_task = static_cast<double>(r.startup_ns);
                        return s;
                    },
                    1));
            }
            curve.rows.push_back(std::move(row));
        }
        curves.push_back(std::move(curve));
    }

    void of_idleness() {
        growth_curve curve{"CPU of the whole tree in a second without tasks", {"workers: 2"}, {}};
        std::vector<std::string> strategies = pools;
        // sync has no workers: what it shows is the harness's own.
        for (const char* more : {"process_per_task", "sync"}) {
            strategies.emplace_back(more);
        }
        for (const std::string& strategy : strategies) {
            const std::string name = add(
                strategy + ", idle",
                [this, strategy](int round) {
                    const trial_record r = trials_.run({.strategy = strategy,
                                                        .workload = "noop",
                                                        .load = "trickle:every=1s,tasks=2"},
                                                       round);
                    sample s = throughput_sample(r);
                    const double cpu_s = r.cpu.user_s + r.cpu.system_s - r.cpu.pacing_spin_s;
                    s.cpu_ns_per_task = cpu_s / s.seconds * 1e9;
                    return s;
                },
                1);
            curve.rows.push_back({strategy, {name}, &sample::cpu_ns_per_task});
        }
        curves.push_back(std::move(curve));
    }

    trial_bench& trials_;
    const std::atomic<bool>& stop_;
};

}  // namespace

void print_growth(const bench_options& asked, const std::atomic<bool>& stop) {
    trial_bench trials(stop);
    growth_study study(trials, stop);
    const std::regex wanted(asked.filter, std::regex::extended);
    std::erase_if(study.subjects,
                  [&wanted](const subject& s) { return !std::regex_search(s.name, wanted); });
    const measurements all = measure_in_rounds(study.subjects, rounds_of_a_step, "");
    for (const growth_curve& curve : study.curves) {
        fmt::print("{}\n", growth_table(curve, all));
    }
    fmt::print("x: times the step before it\n");
}

}  // namespace stratbench
