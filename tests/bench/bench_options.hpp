#pragma once

#include <atomic>
#include <string>

namespace stratbench {

/// What was asked of `./dev bench`.
struct bench_options {
    int rounds = 5;
    /// A regular expression on the names of subjects.
    std::string filter;
    /// Where the measurements of the ratios go; empty = nowhere.
    std::string json_file;
};

/// The parts of the benchmark; each prints its tables. They throw `interrupted`.
void print_ratios(const bench_options& asked, const std::atomic<bool>& stop);
void print_growth(const bench_options& asked, const std::atomic<bool>& stop);
void print_outside(const bench_options& asked, const std::atomic<bool>& stop);

}  // namespace stratbench
