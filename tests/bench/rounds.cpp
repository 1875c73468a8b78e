#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <fstream>
#include <numeric>
#include <optional>
#include <random>

#include "harness/launch/launcher.hpp"
#include "tests/bench/subject.hpp"

namespace stratbench {
namespace {

/// Keeps what Google Benchmark reports, for a file in its own format.
class collecting_reporter final : public benchmark::BenchmarkReporter {
  public:
    bool ReportContext(const Context& of) override {
        context_.emplace(of);
        return true;
    }
    void ReportRuns(const std::vector<Run>& reported) override {
        for (Run run : reported) {
            run.repetition_index = round;
            runs_.push_back(std::move(run));
        }
    }
    void write(const std::string& file) {
        std::ofstream out(file);
        benchmark::JSONReporter json;
        json.SetOutputStream(&out);
        json.SetErrorStream(&out);
        if (context_) {
            json.ReportContext(*context_);
        }
        json.ReportRuns(runs_);
        json.Finalize();
        out.close();
        if (!out) {
            throw std::runtime_error("cannot write " + file);
        }
    }

    int round = 0;

  private:
    std::optional<Context> context_;
    std::vector<Run> runs_;
};

/// Measures one subject as the only iteration of a benchmark.
class one_measurement {
  public:
    one_measurement(const subject& what, measured_subject& into, int round,
                    std::exception_ptr& interruption)
        : what_(what), into_(into), round_(round), interruption_(interruption) {}

    void operator()(benchmark::State& state) const {
        for (auto unused : state) {
            static_cast<void>(unused);
            if (interruption_ != nullptr) {
                return state.SkipWithError("interrupted");
            }
            try {
                report(what_.measure(round_), state);
            } catch (const interrupted&) {
                interruption_ = std::current_exception();
                state.SkipWithError("interrupted");
            } catch (const std::exception& error) {
                // Once wrong, no figure of it can be trusted.
                into_.by_round.clear();
                into_.absent = error.what();
                state.SkipWithError(into_.absent.c_str());
            }
        }
    }

  private:
    void report(const sample& s, benchmark::State& state) const {
        into_.by_round[round_] = s;
        state.SetIterationTime(s.seconds);
        state.SetItemsProcessed(static_cast<std::int64_t>(s.tasks));
        state.counters["ns_per_task"] = s.ns_per_task;
        state.counters["cpu_ns_per_task"] = s.cpu_ns_per_task;
        if (s.p99_ns) {
            state.counters["p99_ns"] = *s.p99_ns;
        }
        if (s.bytes_per_task) {
            state.counters["bytes_per_task"] = *s.bytes_per_task;
        }
    }

    const subject& what_;
    measured_subject& into_;
    int round_;
    std::exception_ptr& interruption_;
};

}  // namespace

measurements measure_in_rounds(const std::vector<subject>& subjects, int rounds,
                               const std::string& json_file) {
    measurements all;
    collecting_reporter reporter;
    std::exception_ptr interruption;
    std::vector<std::size_t> order(subjects.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    // A fixed seed: the same order for everybody who looks for what a neighbour does.
    std::mt19937_64 random(1);
    const bool on_terminal = ::isatty(STDERR_FILENO) == 1;
    for (int round = 0; round < rounds; ++round) {
        std::shuffle(order.begin(), order.end(), random);
        reporter.round = round;
        if (!on_terminal) {
            fmt::print(stderr, "round {} of {}\n", round + 1, rounds);
        }
        for (const std::size_t i : order) {
            const subject& s = subjects[i];
            measured_subject& into = all[s.name];
            if (round >= s.rounds || !into.absent.empty()) {
                continue;
            }
            if (on_terminal) {
                fmt::print(stderr, "\rround {} of {}: {:<50}", round + 1, rounds, s.name);
            }
            benchmark::RegisterBenchmark(s.name.c_str(),
                                         one_measurement(s, into, round, interruption))
                ->Iterations(1)
                ->UseManualTime();
            benchmark::RunSpecifiedBenchmarks(&reporter, "all");
            benchmark::ClearRegisteredBenchmarks();
            if (interruption != nullptr) {
                std::rethrow_exception(interruption);
            }
        }
    }
    if (on_terminal) {
        fmt::print(stderr, "\r{:<70}\r", "");
    }
    if (!json_file.empty()) {
        reporter.write(json_file);
    }
    return all;
}

}  // namespace stratbench
