// ./dev bench: what the strategies reach beside their peers, how that grows, and what the harness
// itself costs. The binary is run again for each trial and for each peer.

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <sched.h>

#include <algorithm>
#include <cstring>
#include <exception>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "harness/launch/launcher.hpp"
#include "harness/study/interruption.hpp"
#include "tests/bench/bench_options.hpp"
#include "tests/bench/peers/peer.hpp"
#include "tests/bench/trial_bench.hpp"

namespace stratbench {
namespace {

constexpr int most_cpus = 2;

/// Everything that is compared has two workers and two CPUs, however many there are.
void confine() {
    cpu_set_t usable;
    if (::sched_getaffinity(0, sizeof usable, &usable) != 0) {
        return;
    }
    cpu_set_t chosen;
    CPU_ZERO(&chosen);
    for (std::size_t cpu = 0; cpu < CPU_SETSIZE && CPU_COUNT(&chosen) < most_cpus; ++cpu) {
        if (CPU_ISSET(cpu, &usable)) {
            CPU_SET(cpu, &chosen);
        }
    }
    ::sched_setaffinity(0, sizeof chosen, &chosen);
}

/// The benchmarks that are registered from the start, by Google Benchmark and with its flags.
void run_harness_benchmarks(std::vector<std::string> flags) {
    std::vector<char*> arguments = {const_cast<char*>("stratbench_bench")};
    for (std::string& flag : flags) {
        arguments.push_back(flag.data());
    }
    auto count = static_cast<int>(arguments.size());
    benchmark::Initialize(&count, arguments.data());
    if (count > 1) {
        throw CLI::ExtrasError({arguments[1]});
    }
    benchmark::RunSpecifiedBenchmarks();
    benchmark::ClearRegisteredBenchmarks();
}

int bench_main(int argc, char** argv) {
    bench_options asked;
    CLI::App program("What the strategies reach beside their peers", "./dev bench");
    program.footer("Flags of Google Benchmark go to the benchmarks of the harness.");
    program.allow_extras();
    std::vector<std::string> parts;
    program
        .add_option("part", parts,
                    "ratios, growth, outside, harness; all of them where none is named")
        ->check(CLI::IsMember({"ratios", "growth", "outside", "harness"}));
    program.add_option("--filter", asked.filter, "only subjects whose name matches");
    program.add_option("--rounds", asked.rounds, "measurements of each subject (5)")
        ->check(CLI::Range(1, 1000));
    program.add_option("--json", asked.json_file,
                       "the ratios' measurements, in Google Benchmark's format");
    try {
        program.parse(argc, argv);
        const auto wanted = [&parts](const char* part) {
            return parts.empty() || std::find(parts.begin(), parts.end(), part) != parts.end();
        };
        confine();
        if (wanted("harness")) {
            run_harness_benchmarks(program.remaining());
        }
        benchmark::ClearRegisteredBenchmarks();
        const std::atomic<bool>& stop = catch_interruptions();
        if (wanted("ratios")) {
            print_ratios(asked, stop);
        }
        if (wanted("growth")) {
            print_growth(asked, stop);
        }
        if (wanted("outside")) {
            print_outside(asked, stop);
        }
        return 0;
    } catch (const CLI::ParseError& error) {
        return program.exit(error) == 0 ? 0 : 2;
    } catch (const interrupted&) {
        fmt::print(stderr, "\ninterrupted\n");
        return 130;
    }
}

}  // namespace
}  // namespace stratbench

int main(int argc, char** argv) {
    using namespace stratbench;
    try {
        if (argc == 2 && std::strcmp(argv[1], "trial") == 0) {
            // A trial is timed by Google Benchmark, which would run all that is registered.
            benchmark::ClearRegisteredBenchmarks();
            return trial_with_ballast_main();
        }
        if (argc == 3 && std::strcmp(argv[1], "peer") == 0) {
            return peer_main(argv[2]);
        }
        return bench_main(argc, argv);
    } catch (const std::exception& error) {
        fmt::print(stderr, "stratbench_bench: {}\n", error.what());
        return 2;
    }
}
