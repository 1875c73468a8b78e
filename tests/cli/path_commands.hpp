#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <regex>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "tests/cli/workplace.hpp"

/// Commands with every option that takes a path, as the help names them.
namespace stratbench::test {

namespace fs = std::filesystem;

inline constexpr const char* quick_study =
    " --strategy sync --workload sum_range:n=1000 --load batch:20 --quick --quiet";

struct path_option {
    std::string command, name;
    /// FILE, NAME|FILE, OUTPUT
    std::string value;

    [[nodiscard]] bool written() const { return value == "OUTPUT"; }
};

inline std::vector<path_option> path_options(const workplace& place, const std::string& command) {
    std::vector<path_option> found;
    const std::regex option(R"(\s+(--[a-z_-]+) ((?:NAME\|)?FILE|OUTPUT)\b.*)");
    std::istringstream help(place.run(command + " --help").out);
    std::smatch parts;
    for (std::string line; std::getline(help, line);) {
        if (std::regex_match(line, parts, option)) {
            found.push_back({command, parts[1], parts[2]});
        }
    }
    return found;
}

inline std::vector<path_option> outputs_of(const workplace& place, const std::string& command) {
    std::vector<path_option> found = path_options(place, command);
    std::erase_if(found, [](const path_option& o) {
        // Another word for --out, which it replaces.
        return !o.written() || o.name == "--benchmark_out";
    });
    return found;
}

inline std::vector<path_option> all_outputs(const workplace& place) {
    std::vector<path_option> all;
    for (const char* command : {"run", "compare", "report"}) {
        for (path_option& each : outputs_of(place, command)) {
            all.push_back(std::move(each));
        }
    }
    return all;
}

inline bool of_comparison(const path_option& o) {
    return o.command == "run" &&
           (o.name == "--base-out" || o.name == "--markdown" || o.name == "--junit");
}

/// The least that the command needs, with `more`: what writes nothing that was not asked for.
inline std::string command_line(const path_option& o, const std::string& more,
                                bool measures = false) {
    if (o.command == "compare") {
        return "compare r.json s.json " + more;
    }
    if (o.command == "report") {
        return "report r.json " + more;
    }
    std::string text = "run" + std::string(quick_study) + " " + more;
    if (of_comparison(o)) {
        text += measures ? " --against self --rounds 8 --generations 8" : " --against self";
    } else {
        text += " --rounds 1";
    }
    for (const char* usual : {"--out", "--report"}) {
        if (more.find(std::string(usual) + " ") == std::string::npos) {
            text += std::string(" ") + usual + " none";
        }
    }
    return text;
}

/// Two results files of milliseconds, and what else is read.
inline void write_inputs(const workplace& place) {
    ASSERT_EQ(place.run("run" + std::string(quick_study) + " --rounds 2 --out r.json --report none")
                  .exit_code,
              0);
    fs::copy(place.inside() / "r.json", place.inside() / "s.json");
    place.write("t.csv", "0\n0.001\n");
    place.write("sizes.csv", "time,n\n0,100\n0,200\n");
    place.write("sizes.json", R"({"strategies": ["sync"], "loads": ["batch:10"],)"
                              R"s( "workloads": ["sqrt_log:n=trace(file=sizes.csv)"]})s");
    place.write("w.sh", "exit 0");
    fs::permissions(place.inside() / "w.sh", fs::perms::owner_all);
    place.write("work.json", R"({"strategies": ["sync"], "loads": ["batch:10"],)"
                             R"( "workloads": ["command:./w.sh"]})");
    place.write("scenario.json", R"({"strategies": ["sync"], "workloads": ["sum_range:n=1000"],)"
                                 R"( "loads": ["trace:t.csv"]})");
}

/// Builds that are compared in slices of microseconds may differ by anything.
inline bool has_written(const outcome_of_run& got) {
    return got.exit_code == 0 || got.exit_code == 1;
}

}  // namespace stratbench::test
