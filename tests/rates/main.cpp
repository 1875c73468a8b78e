// ./dev rates: how often a gate of a minute alarms on this machine although nothing has changed,
// and how often it finds 5 % more work, or 2 %. Raw files stay in the build folder, for whoever
// wants to look.

#include <fmt/format.h>
#include <sys/wait.h>

#include <algorithm>
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

/// More work that can be asked for: the build that has it, and what a gate must take for relevant
/// to find it.
struct more_work {
    int percent;
    const char* build;
    double min_effect;
};
constexpr more_work kinds_of_more[] = {{2, STRATBENCH_BUILD "/slower_2/stratbench", 0.01},
                                       {5, STRATBENCH_BUILD "/slower_5/stratbench", 0.03}};

struct options {
    int runs = 20;
    int more = 5;
    std::string budget = "60s";
    std::string folder = STRATBENCH_BUILD "/rates";
};

/// A build that is called new, and what it is measured against.
struct kind {
    std::string name;
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
void run_once(kind& k, int number, const options& o, double min_effect) {
    const std::string stem = fmt::format("{}/{}-{:02}", o.folder, k.file, number);
    const std::string candidate = stem + ".json", base = stem + ".base.json";
    const std::string command =
        shell_word(k.program) +
        " run --strategy sync --strategy async_process_pool --workload sqrt_log:n=300000 "
        "--load batch --budget " +
        shell_word(o.budget) + fmt::format(" --min-effect {}% --against ", 100 * min_effect) +
        shell_word(k.base) + " --out " + shell_word(candidate) + " --base-out " + shell_word(base) +
        " --report none --quiet";
    const int ended = std::system(command.c_str());
    const int code = WIFEXITED(ended) ? WEXITSTATUS(ended) : -1;
    if (code != 0 && code != 1) {
        throw std::runtime_error(fmt::format("exit {}: {}", code, command));
    }
    comparison_options judged;
    judged.min_effect = min_effect;
    const gate_run run =
        summary_of(compare(load_measurement(base), load_measurement(candidate), judged));
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
    const more_work& more = *std::ranges::find(kinds_of_more, o.more, &more_work::percent);
    const std::string name = fmt::format("{} % more work", more.percent);
    kind kinds[] = {{"the same", "same", STRATBENCH_BINARY, "self"},
                    {name, "slower", more.build, STRATBENCH_BINARY}};
    fs::create_directories(o.folder);
    const auto print_tally = [&] {
        const double wanted = 0.01 * more.percent;
        std::vector<std::vector<std::string>> rows = {tally_heading(wanted)};
        for (const kind& k : kinds) {
            rows.push_back(tally(k.name, k.runs, wanted));
        }
        fmt::print("\n{}", text_table(rows));
    };
    try {
        // In turns, so that both meet the same hours of the machine.
        for (int number = 1; number <= o.runs; ++number) {
            for (kind& k : kinds) {
                run_once(k, number, o, more.min_effect);
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
        program
            .add_option("--more", o.more,
                        "percent of more work, 2 or 5: with 2 the gate's minimum effect is 1 %")
            ->check(CLI::IsMember({2, 5}))
            ->capture_default_str();
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
