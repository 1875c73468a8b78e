// ./dev rates: how often a gate of a minute alarms on this machine although nothing has changed,
// and how often it finds 5 % more work. Raw files stay in the build folder, for whoever wants to
// look.

#include <fmt/format.h>
#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "harness/results/measurement_file.hpp"
#include "tests/bench/figures/text_table.hpp"
#include "tests/rates/tally.hpp"

namespace stratbench {
namespace {

namespace fs = std::filesystem;

struct options {
    int runs = 20;
    std::string budget = "60s";
    std::string folder = STRATBENCH_BUILD "/rates";
};

/// A build that is called new, and what it is measured against.
struct kind {
    const char* name;
    const char* file;
    const char* program;
    const char* base;
    std::vector<gate_run> runs = {};
};

std::string shell_word(const std::string& text) {
    return "'" + text + "'";
}

/// The comparison is made again from the files: what it says is what the gate said, or the gate is
/// wrong.
void run_once(kind& k, int number, const options& o) {
    const std::string stem = fmt::format("{}/{}-{:02}", o.folder, k.file, number);
    const std::string candidate = stem + ".json", base = stem + ".base.json";
    const std::string command =
        shell_word(k.program) +
        " run --strategy sync --strategy async_process_pool --workload sqrt_log:n=300000 "
        "--load batch --budget " +
        shell_word(o.budget) + " --against " + shell_word(k.base) + " --out " +
        shell_word(candidate) + " --base-out " + shell_word(base) + " --report none --quiet";
    const int ended = std::system(command.c_str());
    const int code = WIFEXITED(ended) ? WEXITSTATUS(ended) : -1;
    if (code != 0 && code != 1) {
        throw std::runtime_error(fmt::format("exit {}: {}", code, command));
    }
    const gate_run run = summary_of(
        compare(load_measurement(base), load_measurement(candidate), comparison_options{}));
    if ((code == 1) != (run.result == verdict::regressed)) {
        throw std::runtime_error(fmt::format("exit {}, but {} says otherwise", code, candidate));
    }
    k.runs.push_back(run);

    constexpr const char* verdicts[] = {"regressed", "improved", "same", "inconclusive"};
    std::string worse;
    for (const double times : run.times_worse) {
        worse += fmt::format(" {:.3f}", times);
    }
    fmt::print("{:<16} {:2}  {:<12}  {:3} rounds  times worse{}  detectable {}\n", k.name, number,
               verdicts[static_cast<std::size_t>(run.result)], run.rounds, worse,
               run.detectable ? fmt::format("{:.1f} %", 100 * *run.detectable) : "unknown");
    std::fflush(stdout);
}

void print_rates(const options& o) {
    kind kinds[] = {{"the same", "same", STRATBENCH_BINARY, "self"},
                    {"5 % more work", "slower", STRATBENCH_SLOWER_BINARY, STRATBENCH_BINARY}};
    fs::create_directories(o.folder);
    const auto print_tally = [&kinds] {
        std::vector<std::vector<std::string>> rows = {tally_heading()};
        for (const kind& k : kinds) {
            rows.push_back(tally(k.name, k.runs));
        }
        fmt::print("\n{}", text_table(rows));
    };
    try {
        // In turns, so that both meet the same hours of the machine.
        for (int number = 1; number <= o.runs; ++number) {
            for (kind& k : kinds) {
                run_once(k, number, o);
            }
        }
    } catch (...) {
        print_tally();  // of half an hour that is over
        throw;
    }
    print_tally();
}

}  // namespace
}  // namespace stratbench

int main(int argc, char** argv) {
    try {
        stratbench::options o;
        CLI::App program("False alarms and finds of a gate on this machine, for real.",
                         "real_rates");
        program.add_option("runs", o.runs, "of each build")->capture_default_str();
        program.add_option("--budget", o.budget, "of each run")->capture_default_str();
        program.add_option("--folder", o.folder, "for the results files")->capture_default_str();
        CLI11_PARSE(program, argc, argv);
        stratbench::print_rates(o);
        return 0;
    } catch (const std::exception& error) {
        fmt::print(stderr, "real_rates: {}\n", error.what());
        return 2;
    }
}
