// Writes what the browser test opens: results files, distributions and pages of the sample
// studies.

#include <cstdio>
#include <exception>
#include <filesystem>

#include "harness/results/file.hpp"
#include "reports/hgrm.hpp"
#include "reports/html.hpp"
#include "reports/terminal.hpp"
#include "tests/reports/sample_study.hpp"

int main(int count, char** arguments) {
    using namespace stratbench;
    if (count != 2) {
        std::fputs("usage: stratbench_sample_reports FOLDER\n", stderr);
        return 2;
    }
    try {
        const std::filesystem::path folder = arguments[1];
        std::filesystem::create_directories(folder);
        write_atomically(folder / "study.html", html_report(sample_study()));
        write_atomically(folder / "scenario.html", html_report(sample_scenario()));
        write_atomically(folder / "hostile.html", html_report(hostile_study()));
        save_results(sample_study(), folder / "study.json");
        save_results(sample_scenario(), folder / "scenario.json");
        write_atomically(folder / "study.txt", terminal_report(sample_study(), false));
        write_atomically(folder / "scenario.txt", terminal_report(sample_scenario(), false));
        std::filesystem::create_directories(folder / "hgrm");
        for (const auto& [name, text] : reports::hgrm_files(sample_study()))
            write_atomically(folder / "hgrm" / name, text);
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "stratbench_sample_reports: %s\n", problem.what());
        return 1;
    }
    return 0;
}
