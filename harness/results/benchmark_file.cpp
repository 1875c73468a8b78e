#include "harness/results/benchmark_file.hpp"

#include <fmt/format.h>

#include <array>
#include <unordered_map>
#include <utility>

#include "harness/json/json_members.hpp"

namespace stratbench {
namespace {

/// One of the rows, as far as it is wanted.
struct row {
    std::string name;
    bool aggregate = false;
    std::string error;
    double real_time = 0, cpu_time = 0;
    double ns_per_unit = 1;
};

double nanoseconds(const std::string& unit) {
    constexpr std::array<std::pair<std::string_view, double>, 4> units{
        {{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}}};
    for (const auto& [name, ns] : units) {
        if (unit == name) {
            return ns;
        }
    }
    throw json_error("", "must be one of ns, us, ms, s");
}

row read_row(json_scanner& in) {
    row result;
    bool failed = false;
    members(in, [&](const std::string& key) {
        if (key == "name") {
            result.name = in.text();
        } else if (key == "run_type") {
            result.aggregate = in.text() == "aggregate";
        } else if (key == "error_occurred" || key == "skipped") {
            failed |= in.boolean();
        } else if (key == "error_message" || key == "skip_message") {
            result.error = in.text();
        } else if (key == "real_time") {
            result.real_time = magnitude(in);
        } else if (key == "cpu_time") {
            result.cpu_time = magnitude(in);
        } else if (key == "time_unit") {
            result.ns_per_unit = nanoseconds(in.text());
        } else {
            return false;
        }
        return true;
    });
    if (result.name.empty()) {
        throw json_error("name", "is missing");
    }
    if (failed && result.error.empty()) {
        result.error = "failed";
    }
    return result;
}

/// The number of CPUs is all that is wanted of the machine.
std::vector<condition> read_conditions(json_scanner& in) {
    std::vector<condition> result;
    in.object([&](std::string_view key) {
        const bool wanted = key == "num_cpus" && in.next() == json_scanner::kind::number;
        if (!wanted) {
            return in.skip();
        }
        result.push_back({"CPUs", fmt::format("{}", in.number())});
    });
    return result;
}

}  // namespace

measurement read_benchmark_rows(json_scanner& in, const std::string& file,
                                std::optional<std::uint64_t> context, std::uint64_t rows) {
    measurement result;
    result.file = file;
    result.foreign = true;
    if (context) {
        in.go_to(*context);
        json_reader::at("context", [&] { result.conditions = read_conditions(in); });
    }
    std::unordered_map<std::string, std::size_t> places;
    bool aggregates = false;
    in.go_to(rows);
    const auto add = [&](row&& read) {
        aggregates |= read.aggregate;
        if (read.aggregate) {
            return;
        }
        const auto [place, fresh] = places.emplace(read.name, result.cells.size());
        if (fresh) {
            result.cells.emplace_back().name = std::move(read.name);
            result.cells.back().primary = metric::real_time;
        }
        measured_cell& cell = result.cells[place->second];
        if (!read.error.empty()) {
            cell.no_figures = "failed: " + read.error;
            return;
        }
        measured_trial trial;
        trial.round = static_cast<int>(cell.trials.size());
        const auto put = [&](metric what, double time) {
            if (time > 0) {
                trial.figure(what) = time * read.ns_per_unit;
            }
        };
        put(metric::real_time, read.real_time);
        put(metric::cpu_time, read.cpu_time);
        cell.trials.push_back(trial);
    };
    json_reader::at("benchmarks", [&] {
        elements(in, [&] { add(read_row(in)); });
        if (aggregates && result.cells.empty()) {
            throw json_error("", "holds aggregates alone, no single repetition");
        }
    });
    return result;
}

}  // namespace stratbench
