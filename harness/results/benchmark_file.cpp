#include "harness/results/benchmark_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "harness/json/json_members.hpp"

namespace stratbench {
namespace {

/// A clock that is measured anew by each process is the same within this part.
constexpr double clock_tolerance = 0.05;

/// One of the rows, as far as it is wanted.
struct row {
    std::string name;
    /// Mean, median ... of others: said by the row itself (from version 1.5 on), or by a name and
    /// by figures that only statistics have.
    bool typed = false, statistic = false;
    /// Why it failed, or has no figures without having failed.
    std::string error, skipped;
    std::optional<double> real_time, cpu_time;
    double ns_per_unit = 1;
    /// Which of several benchmarks of one name it belongs to, and which repetition of how many it
    /// is; below 0 where the version does not tell.
    std::int64_t family = -1, instance = -1, repetition = -1, repetitions = -1;
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

/// Absent where the file says that it is none: that figure is lost, the others stand.
std::optional<double> read_time(json_scanner& in) {
    const std::optional<double> time = in.number_if_finite();
    if (time && *time < 0) {
        throw json_error("", "must not be negative");
    }
    return time;
}

row read_row(json_scanner& in) {
    row result;
    bool failed = false, skipped = false;
    members(in, [&](const std::string& key) {
        if (key == "name") {
            result.name = in.text();
        } else if (key == "run_type") {
            result.typed = true;
            result.statistic = in.text() == "aggregate";
        } else if (key == "error_occurred") {
            failed = in.boolean();
        } else if (key == "error_message") {
            result.error = in.text();
        } else if (key == "skipped") {
            skipped = in.boolean();
        } else if (key == "skip_message") {
            result.skipped = in.text();
        } else if (key == "real_time") {
            result.real_time = read_time(in);
        } else if (key == "cpu_time") {
            result.cpu_time = read_time(in);
        } else if (key == "time_unit") {
            result.ns_per_unit = nanoseconds(in.text());
        } else if (key == "family_index") {
            result.family = in.whole<std::int64_t>();
        } else if (key == "per_family_instance_index") {
            result.instance = in.whole<std::int64_t>();
        } else if (key == "repetition_index") {
            result.repetition = in.whole<std::int64_t>();
        } else if (key == "repetitions") {
            result.repetitions = in.whole<std::int64_t>();
        } else {
            // Fits of a complexity, which have no times.
            result.statistic |= key == "rms" || key == "big_o" || key == "real_coefficient";
            return false;
        }
        return true;
    });
    if (result.name.empty()) {
        throw json_error("name", "is missing");
    }
    if (failed && result.error.empty()) {
        result.error = "without a message";
    }
    if (skipped && result.skipped.empty()) {
        result.skipped = "without a message";
    }
    return result;
}

std::string read_caches(json_scanner& in) {
    std::string text;
    elements(in, [&] {
        std::string type;
        double level = 0, size = 0, sharing = 0;
        members(in, [&](const std::string& key) {
            if (key == "type") {
                type = in.text();
            } else if (key == "level") {
                level = in.number();
            } else if (key == "size") {
                size = in.number();
            } else if (key == "num_sharing") {
                sharing = in.number();
            } else {
                return false;
            }
            return true;
        });
        text += fmt::format("{}L{} {} of {} bytes for {}", text.empty() ? "" : ", ", level, type,
                            size, sharing);
    });
    return text.empty() ? "none" : text;
}

/// What must be equal of machine and library.
std::vector<condition> read_conditions(json_scanner& in) {
    using kind = json_scanner::kind;
    std::vector<condition> result;
    in.object([&](std::string_view key_of_member) {
        const std::string key(key_of_member);
        const kind next = in.next();
        if (key == "num_cpus" && next == kind::number) {
            result.push_back({"CPUs", fmt::format("{}", in.number())});
        } else if (key == "mhz_per_cpu" && next == kind::number) {
            result.push_back({"MHz", fmt::format("{}", in.number()), clock_tolerance});
        } else if (key == "cpu_scaling_enabled" && next == kind::boolean) {
            result.push_back({"clock scaling", in.boolean() ? "on" : "off"});
        } else if (key == "library_build_type" && next == kind::text) {
            result.push_back({"library build type", in.text()});
        } else if (key == "host_name" && next == kind::text) {
            result.push_back({"host", in.text()});
        } else if (key == "caches" && next == kind::array) {
            json_reader::at("caches", [&] { result.push_back({"caches", read_caches(in)}); });
        } else {
            in.skip();
        }
    });
    return result;
}

/// Which rows of versions that do not say so are statistics: those of a name that is another's
/// with such an ending.
class untyped_statistics {
  public:
    explicit untyped_statistics(const std::vector<row>& rows) {
        for (const row& each : rows) {
            (each.typed || ending_of(each.name).empty() ? single_ : statistics_).insert(each.name);
        }
    }

    [[nodiscard]] bool has(const row& each) const {
        const std::string_view ending = ending_of(each.name);
        if (each.typed || ending.empty()) {
            return false;
        }
        const std::string stem = each.name.substr(0, each.name.size() - ending.size());
        return single_.contains(stem) ||
               (statistics_.contains(stem + "_mean") && statistics_.contains(stem + "_stddev"));
    }

  private:
    static std::string_view ending_of(std::string_view name) {
        constexpr std::array<std::string_view, 6> endings{"_mean", "_median", "_stddev",
                                                          "_cv",   "_BigO",   "_RMS"};
        const auto found = std::ranges::find_if(
            endings, [&](std::string_view ending) { return name.ends_with(ending); });
        return found == endings.end() ? std::string_view{} : *found;
    }

    std::unordered_set<std::string> single_, statistics_;
};

/// Repetitions become the trials of cells; benchmarks of one name are kept apart.
class benchmark_cells {
  public:
    void add(const row& read) {
        const key place{read.name, read.family, read.instance};
        const auto [known, fresh] = places_.emplace(place, cells_.size());
        if (fresh) {
            of_name_[read.name].push_back(cells_.size());
            cells_.emplace_back();
            cells_.back().made.name = read.name;
            cells_.back().made.primary = metric::real_time;
            cells_.back().order = {read.family, read.instance};
        }
        entry& each = cells_[known->second];
        ++each.rows;
        const bool again = read.repetition >= 0 && !each.seen.insert(read.repetition).second;
        if (again || (read.repetitions > 0 && each.rows > read.repetitions)) {
            refuse_twice(read.name);
        }
        if (!read.error.empty()) {
            each.made.no_figures = "failed: " + read.error;
            each.made.failure = read.error;
            return;
        }
        if (!read.skipped.empty()) {
            each.made.no_figures = "skipped: " + read.skipped;
            return;
        }
        measured_trial trial;
        trial.round = static_cast<int>(each.made.trials.size());
        const auto put = [&](metric what, std::optional<double> time) {
            if (time && *time > 0 && std::isfinite(*time * read.ns_per_unit)) {
                trial.figure(what) = *time * read.ns_per_unit;
            }
        };
        put(metric::real_time, read.real_time);
        put(metric::cpu_time, read.cpu_time);
        each.made.trials.push_back(trial);
    }

    /// A name has one mean: a second one is of another benchmark of that name.
    void add_statistic(const row& read) {
        if (!statistics_.emplace(read.name, read.family, read.instance).second) {
            refuse_twice(read.name);
        }
    }

    std::vector<measured_cell> result() && {
        for (auto& [name, of] : of_name_) {
            // In the order of the program, whatever the order of the rows.
            std::ranges::sort(of, {}, [&](std::size_t i) { return cells_[i].order; });
            for (std::size_t i = 0; of.size() > 1 && i < of.size(); ++i) {
                cells_[of[i]].made.name = fmt::format("{} ({} of {})", name, i + 1, of.size());
            }
        }
        std::vector<measured_cell> made;
        for (entry& each : cells_) {
            made.push_back(std::move(each.made));
        }
        return made;
    }

  private:
    using key = std::tuple<std::string, std::int64_t, std::int64_t>;
    struct entry {
        measured_cell made;
        std::pair<std::int64_t, std::int64_t> order;
        std::int64_t rows = 0;
        std::set<std::int64_t> seen;
    };

    [[noreturn]] static void refuse_twice(const std::string& name) {
        throw json_error("", fmt::format("two benchmarks are called '{}', and nothing tells whose "
                                         "rows are whose: give each a name of its own",
                                         name));
    }

    std::vector<entry> cells_;
    std::map<key, std::size_t> places_;
    std::unordered_map<std::string, std::vector<std::size_t>> of_name_;
    std::set<key> statistics_;
};

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
    in.go_to(rows);
    json_reader::at("benchmarks", [&] {
        std::vector<row> all;
        elements(in, [&] { all.push_back(read_row(in)); });
        const untyped_statistics untyped(all);
        benchmark_cells cells;
        bool statistics = false;
        for (std::size_t i = 0; i < all.size(); ++i) {
            json_reader::at(i, [&] {
                const bool statistic = all[i].statistic || untyped.has(all[i]);
                statistics |= statistic;
                statistic ? cells.add_statistic(all[i]) : cells.add(all[i]);
            });
        }
        result.cells = std::move(cells).result();
        if (statistics && result.cells.empty()) {
            throw json_error("",
                             "holds statistics alone, no single repetition: measure without "
                             "--benchmark_report_aggregates_only");
        }
    });
    return result;
}

}  // namespace stratbench
