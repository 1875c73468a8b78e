#include "harness/results/measurement_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/base/files/content.hpp"
#include "harness/base/spec.hpp"
#include "harness/json/json_members.hpp"
#include "harness/json/json_scanner.hpp"
#include "harness/json/json_text.hpp"
#include "harness/results/benchmark_file.hpp"
#include "harness/results/json.hpp"
#include "harness/results/measured_figures.hpp"
#include "harness/results/record_fields.hpp"
#include "harness/results/study_fields.hpp"

namespace stratbench {
namespace {

json whole(json_scanner& in) {
    const std::uint64_t before = in.position();
    return parse_json(in.raw(), before);
}

/// One that is small enough to be read as a whole.
template <class T>
T small(json_scanner& in) {
    T value;
    json_reader::read(whole(in), value);
    return value;
}

status read_status(json_scanner& in) {
    status state{};
    json_reader::read(json(in.text()), state);
    return state;
}

/// Only what figures are made of.
distribution read_latency(json_scanner& in, bool& absent) {
    distribution d;
    members(in, [&](const std::string& key) {
        if (key == "absent") {
            absent = true;
            return false;
        }
        if (key == "count") {
            d.count = in.whole<std::uint64_t>();
        } else if (key == "p50") {
            d.p50 = magnitude(in);
        } else if (key == "p90") {
            d.p90 = magnitude(in);
        } else if (key == "p99") {
            d.p99 = magnitude(in);
        } else if (key == "p999") {
            d.p999 = magnitude(in);
        } else if (key == "censored_from") {
            d.censored_from = magnitude(in);
        } else {
            return false;
        }
        return true;
    });
    return d;
}

void read_cpu(json_scanner& in, cpu_figures& cpu) {
    members(in, [&](const std::string& key) {
        if (key == "user_s") {
            cpu.user_s = magnitude(in);
        } else if (key == "system_s") {
            cpu.system_s = magnitude(in);
        } else {
            return false;
        }
        return true;
    });
}

/// Only what figures are made of.
trial_record read_trial(json_scanner& in) {
    trial_record trial;
    std::optional<int> round;
    std::optional<status> state;
    members(in, [&](const std::string& key) {
        if (key == "round") {
            round = in.whole<int>();
            if (*round < 0) {
                throw json_error("", "must not be negative");
            }
        } else if (key == "status") {
            state = read_status(in);
        } else if (key == "reason") {
            trial.reason = in.text();
        } else if (key == "throughput_per_s") {
            trial.throughput_per_s = magnitude(in);
        } else if (key == "slices") {
            trial.slices = small<std::vector<slice_record>>(in);
        } else if (key == "startup_ns") {
            trial.startup_ns = in.whole<std::int64_t>();
            if (trial.startup_ns < 0) {
                throw json_error("", "must not be negative");
            }
        } else if (key == "peak_memory_bytes") {
            trial.peak_memory_bytes = in.whole<std::uint64_t>();
        } else if (key == "cpu") {
            read_cpu(in, trial.cpu);
        } else if (key == "outcomes") {
            members(in, [&](const std::string& outcome) {
                if (outcome != "ok") {
                    return false;
                }
                trial.outcomes.ok = in.whole<std::uint64_t>();
                return true;
            });
        } else if (key == "latency_ns") {
            bool absent = false;
            distribution latency = read_latency(in, absent);
            if (!absent) {
                trial.latency = std::move(latency);
            }
        } else {
            return false;
        }
        return true;
    });
    if (!round) {
        throw json_error("round", "is missing");
    }
    if (!state) {
        throw json_error("status", "is missing");
    }
    trial.round = *round;
    trial.state = *state;
    return trial;
}

void require_single(std::vector<int> rounds) {
    std::sort(rounds.begin(), rounds.end());
    const auto twice = std::adjacent_find(rounds.begin(), rounds.end());
    if (twice != rounds.end()) {
        throw json_error("trials", fmt::format("round {} is there twice", *twice));
    }
}

/// `seen` are the plan's cells that were read before.
measured_cell read_cell(json_scanner& in, const study_plan& plan, std::vector<bool>& seen) {
    std::optional<std::uint64_t> id;
    std::string name, reason;
    status state = status::ok;
    figure_collector figures;
    std::vector<int> rounds;
    members(in, [&](const std::string& key) {
        if (key == "id") {
            id = in.whole<std::uint64_t>();
        } else if (key == "name") {
            name = in.text();
        } else if (key == "status") {
            state = read_status(in);
        } else if (key == "reason") {
            reason = in.text();
        } else if (key == "trials") {
            elements(in, [&] {
                const trial_record trial = read_trial(in);
                rounds.push_back(trial.round);
                figures.add(trial);
            });
        } else {
            return false;
        }
        return true;
    });
    if (!id || *id >= plan.cells.size() || plan.cells[*id].name() != name) {
        throw json_error("id", "is not the plan's cell of that name");
    }
    if (seen[*id]) {
        throw json_error("id", "is there twice");
    }
    seen[*id] = true;
    require_single(std::move(rounds));
    return std::move(figures).of(plan.cells[*id], state, reason);
}

/// Enough to know what it is, however short the blocks are.
std::string beginning_of(text_source& from) {
    constexpr std::size_t enough = 512;
    std::string text;
    while (text.size() < enough) {
        const std::string_view block = from.block_at(text.size());
        if (block.empty()) {
            break;
        }
        text += block.substr(0, enough - text.size());
    }
    return text;
}

/// The object `stratbench`.
measurement read_ours(json_scanner& in, const std::string& file) {
    std::optional<study_info> study;
    std::optional<environment> machine;
    std::optional<study_plan> plan;
    std::vector<measured_cell> cells;
    bool cells_read = false;
    std::optional<std::uint64_t> cells_wait_at;
    bool versioned = false;
    const auto read_cells = [&] {
        std::vector<bool> seen(plan->cells.size());
        elements(in, [&] { cells.push_back(read_cell(in, *plan, seen)); });
        cells_read = true;
    };
    members(in, [&](const std::string& key) {
        if (key == "schema_version") {
            check_schema_version(in.text());
            versioned = true;
        } else if (key == "study") {
            study = small<study_info>(in);
        } else if (key == "environment") {
            machine = small<environment>(in);
        } else if (key == "plan") {
            plan = plan_from_json(whole(in));
        } else if (key == "cells") {
            if (plan) {
                read_cells();
            } else {
                // A tool that sorts keys has put it before the plan.
                cells_wait_at = in.position();
                in.skip();
            }
        } else {
            return false;
        }
        return true;
    });
    if (!versioned) {
        throw json_error("schema_version", "is missing");
    }
    if (!study) {
        throw json_error("study", "is missing");
    }
    if (!machine) {
        throw json_error("environment", "is missing");
    }
    if (!plan) {
        throw json_error("plan", "is missing");
    }
    if (cells_wait_at) {
        const std::uint64_t after = in.position();
        in.go_to(*cells_wait_at);
        json_reader::at("cells", read_cells);
        in.go_to(after);
    }
    if (!cells_read) {
        throw json_error("cells", "is missing");
    }
    measurement result = measurement_of(std::move(*study), *machine, file);
    result.cells = std::move(cells);
    return result;
}

}  // namespace

measurement read_measurement(text_source& from, const std::string& file, read_as what) {
    if (const std::string other = other_content(beginning_of(from), "JSON"); !other.empty()) {
        throw not_json(other);
    }
    json_scanner in(from);
    std::optional<measurement> ours;
    std::optional<std::uint64_t> context, rows;
    if (in.next() != json_scanner::kind::object) {
        throw json_error("", "is neither a results file of stratbench nor of Google Benchmark");
    }
    members(in, [&](const std::string& key) {
        if (key == "stratbench" && what == read_as::what_it_is) {
            ours = read_ours(in, file);
            return true;
        }
        if (key == "context") {
            context = in.position();
        }
        if (key == "benchmarks") {
            rows = in.position();
        }
        return false;
    });
    in.end();
    if (ours) {
        return std::move(*ours);
    }
    if (!rows) {
        throw json_error("", "is neither a results file of stratbench nor of Google Benchmark");
    }
    return read_benchmark_rows(in, file, context, *rows);
}

measurement load_measurement(const std::filesystem::path& path, read_as what) {
    text_in_file text(path);
    try {
        return read_measurement(text, path.string(), what);
    } catch (const usage_error&) {
        throw;
    } catch (const std::exception& error) {
        throw usage_error(fmt::format("{}: {}", path.string(), error.what()));
    }
}

}  // namespace stratbench
