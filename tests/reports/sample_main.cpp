// Writes what the browser test opens: results files, distributions and pages of the sample
// studies.

#include <fmt/format.h>

#include <cstddef>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>
#include <utility>

#include "harness/base/files/output.hpp"
#include "harness/results/file.hpp"
#include "reports/comparison/junit.hpp"
#include "reports/comparison/markdown.hpp"
#include "reports/comparison/page.hpp"
#include "reports/comparison/terminal.hpp"
#include "reports/export/bmf.hpp"
#include "reports/export/csv.hpp"
#include "reports/export/gbench.hpp"
#include "reports/export/github.hpp"
#include "reports/study/hgrm.hpp"
#include "reports/study/html.hpp"
#include "reports/study/terminal.hpp"
#include "tests/reports/sample_comparison.hpp"
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
        save_results(slower_study(), folder / "study-slower.json");
        save_results(sample_scenario(), folder / "scenario.json");
        write_atomically(folder / "study.txt", terminal_report(sample_study(), false));
        write_atomically(folder / "scenario.txt", terminal_report(sample_scenario(), false));
        std::filesystem::create_directories(folder / "hgrm");
        for (const auto& [name, text] : hgrm_files(sample_study())) {
            write_atomically(folder / "hgrm" / name, text);
        }
        for (const auto& [name, study] :
             {std::pair{"study", sample_study()}, std::pair{"hostile", hostile_study()}}) {
            const std::string stem = folder / (std::string("export-") + name);
            write_atomically(stem + ".bmf.json", bmf(study));
            write_atomically(stem + ".github.json", github_benchmarks(study));
            write_atomically(stem + ".gbench.json", gbench_one_row_each(study));
            write_atomically(stem + ".csv", csv_of_trials(study));
        }
        for (const auto& [name, found] : {std::pair{"comparison", sample_comparison()},
                                          std::pair{"unpaired", sample_unpaired_comparison()},
                                          std::pair{"same", sample_same_comparison()},
                                          std::pair{"hostile", hostile_comparison()}}) {
            const std::string stem = folder / (std::string("compare-") + name);
            write_atomically(stem + ".xml", junit_comparison(found));
            write_atomically(stem + "-strict.xml", junit_comparison(found, true));
            write_atomically(stem + ".md", markdown_comparison(found));
            write_atomically(stem + ".txt", terminal_comparison(found, false));
            write_atomically(stem + ".html", html_comparison(found));
        }
        comparison found = sample_comparison();
        const auto [base, candidate] = studies_of(found);
        write_atomically(folder / "compare-curves.html", html_comparison(found, &base, &candidate));
        for (const std::size_t cells : {24U, 200U}) {
            write_atomically(folder / fmt::format("compare-{}.html", cells),
                             html_comparison(sample_comparison_of(cells)));
        }
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "stratbench_sample_reports: %s\n", problem.what());
        return 1;
    }
    return 0;
}
