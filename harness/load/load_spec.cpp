#include "harness/load/load_spec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "harness/load/trace_file.hpp"

namespace stratbench {
namespace {

/// One clock reading per task costs about 20 ns; no schedule can be offered faster than that.
constexpr double highest_rate = 1e8;
/// What handing over a task costs sync itself: however small the task, it does no more of them.
constexpr double least_sync_ns = 60;
/// More tasks outstanding, or in one burst, than this are a batch.
constexpr std::int64_t most_at_once = 1'000'000;
/// How many times as fast, or slow, as recorded a trace may be played.
constexpr double highest_speed = 1e6;
/// Room in the record of a closed load, whose number of tasks nobody knows before: for a strategy
/// that hands over so many times as fast as sync, and for work that on all CPUs together turns out
/// to be so many times as quick as was measured.
constexpr double quicker_hand_over = 2;
constexpr double quicker_work = 4;

constexpr std::string_view rates = "R/s | P%sync | P%own";

constexpr parameter trickle_parameters[] = {
    {"every", "1s", "time between two tasks"},
    {"tasks", "4", "how many tasks"},
};
constexpr parameter producer_parameters[] = {
    {"jobs", "12", "how many tasks"},
    {"every", "10ms", "time between two tasks"},
    {"queue", "10", "capacity of the queue; a full one holds the producer up"},
};
constexpr parameter burst_parameters[] = {
    {"size", "10", "how many tasks are due at the same instant"},
};
constexpr parameter trace_parameters[] = {
    {"speed", "1", "how many times as fast it is played"},
};
constexpr std::array known_loads = {
    load_info{"batch",
              "N tasks, all due at once (no N: as many as sync does in one trial length)",
              "N",
              {}},
    load_info{"closed",
              "C tasks outstanding; each is due when the end of another frees its slot",
              "C",
              {}},
    load_info{"poisson", "open arrivals, exponentially distributed gaps", rates, {}},
    load_info{"constant", "open arrivals, equal gaps", rates, {}},
    load_info{"burst",
              "open arrivals in bursts, exponentially distributed gaps; R counts single tasks",
              rates, burst_parameters},
    load_info{"trace", "open arrivals at the times in a CSV file: first column, seconds from 0",
              "FILE", trace_parameters},
    load_info{"trickle", "a task now and then", "", trickle_parameters},
    load_info{"producer", "a producer feeds a bounded queue", "", producer_parameters},
};

const load_info& find_load(std::string_view name) {
    std::vector<std::string_view> names;
    for (const load_info& l : known_loads) {
        if (l.name == name) {
            return l;
        }
        names.push_back(l.name);
    }
    throw usage_error(fmt::format("unknown load {}{}; available are {}", in_quotes(name),
                                  suggestion(name, names), fmt::join(names, ", ")));
}

/// `value` without `unit` at its end, as a number above 0 and at most `highest`.
std::optional<double> quantity(std::string_view value, std::string_view unit, double highest) {
    if (!value.ends_with(unit)) {
        return std::nullopt;
    }
    const auto found = read_number(value.substr(0, value.size() - unit.size()));
    return found && *found > 0 && *found <= highest ? found : std::nullopt;
}

void read_rate(const spec& s, std::string_view text, load_request& out) {
    if (!s.positional) {
        throw usage_error(
            fmt::format("load '{0}' needs a rate, as in {1}:500/s or {1}:80%sync", text, s.name));
    }
    constexpr double highest_percentage = 10'000;
    if (const auto rate = quantity(*s.positional, "/s", highest_rate)) {
        out.plan.rate_per_s = *rate;
    } else if (const auto of_sync = quantity(*s.positional, sync_rate_unit, highest_percentage)) {
        out.of_sync = *of_sync / 100;
    } else if (const auto of_own = quantity(*s.positional, own_rate_unit, highest_percentage)) {
        out.of_own = *of_own / 100;
        out.plan.own_rate = true;
    } else {
        throw usage_error(fmt::format(
            "load '{}': '{}' is not a rate; accepted are R/s (above 0, at most {:.0e}), P%sync and "
            "P%own (above 0, at most {}), as in 500/s or 80%sync",
            text, *s.positional, highest_rate, highest_percentage));
    }
}

void read_trace_load(const spec& s, std::string_view text, load_request& out) {
    if (!s.positional) {
        throw usage_error(fmt::format("load '{}' needs a file, as in trace:arrivals.csv", text));
    }
    const auto speed = quantity(s.find("speed").value_or("1"), "", highest_speed);
    if (!speed) {
        throw usage_error(
            fmt::format("load '{}': '{}' is not a speed; accepted are numbers above "
                        "0, at most {:.0e}, as in speed=2",
                        text, *s.find("speed"), highest_speed));
    }
    std::error_code failed;
    const std::string file = std::filesystem::absolute(*s.positional, failed).lexically_normal();
    if (failed) {
        throw usage_error(fmt::format("load '{}': the working directory cannot be told: {}", text,
                                      failed.message()));
    }
    const trace_file recorded = read_trace(file, *speed);
    out.plan.tasks = recorded.due_ns.size();
    out.plan.trace = {file, *speed, recorded.hash};
    out.first_ns = recorded.due_ns.front();
    out.last_ns = recorded.due_ns.back();
}

std::uint64_t count(const spec& s, std::string_view key, std::int64_t fallback,
                    std::int64_t highest = most_recorded_tasks) {
    const auto given = s.find(key);
    if (!given) {
        return static_cast<std::uint64_t>(fallback);
    }
    return static_cast<std::uint64_t>(
        parse_integer(*given, fmt::format("{} of load {}", key, s.name), 1, highest));
}

std::int64_t period(const spec& s, std::string_view fallback) {
    return parse_duration_ns(s.find("every").value_or(fallback),
                             fmt::format("every of load {}", s.name));
}

}  // namespace

std::span<const load_info> loads() {
    return known_loads;
}

std::vector<std::string> files_of_load(const std::string& text) {
    const spec s = parse_spec(text, "load");
    return s.name == "trace" && s.positional ? std::vector{*s.positional}
                                             : std::vector<std::string>();
}

load_request parse_load(std::string_view text) {
    const spec s = parse_spec(text, "load");
    const load_info& info = find_load(s.name);
    require_known_keys(s, info.parameters, "load",
                       info.bare_value.empty() ? bare_value::refused : bare_value::accepted);

    using shape = load_plan::shape;
    load_request out;
    out.plan.text = s.text();
    if (info.name == "batch") {
        out.plan.kind = shape::batch;
        if (s.positional) {
            out.plan.tasks = static_cast<std::uint64_t>(
                parse_integer(*s.positional, "size of load batch", 1,
                              static_cast<std::int64_t>(most_recorded_tasks)));
            out.plan.text = fmt::format("batch:{}", out.plan.tasks);
        }
    } else if (info.name == "closed") {
        out.plan.kind = shape::closed;
        if (!s.positional) {
            throw usage_error(
                fmt::format("load '{}' needs a number of outstanding tasks, as in closed:4", text));
        }
        out.plan.outstanding = static_cast<std::uint64_t>(
            parse_integer(*s.positional, "outstanding tasks of load closed", 1, most_at_once));
        out.plan.text = fmt::format("closed:{}", out.plan.outstanding);
    } else if (info.name == "poisson" || info.name == "constant") {
        out.plan.kind = info.name == "poisson" ? shape::poisson : shape::constant;
        read_rate(s, text, out);
    } else if (info.name == "burst") {
        out.plan.kind = shape::burst;
        read_rate(s, text, out);
        out.plan.burst = count(s, "size", 10, most_at_once);
    } else if (info.name == "trace") {
        out.plan.kind = shape::trace;
        read_trace_load(s, text, out);
    } else if (info.name == "trickle") {
        out.plan.kind = shape::trickle;
        out.plan.every_ns = period(s, "1s");
        out.plan.tasks = count(s, "tasks", 4);
    } else {
        out.plan.kind = shape::producer;
        out.plan.tasks = count(s, "jobs", 12);
        out.plan.every_ns = period(s, "10ms");
        out.plan.queue = count(s, "queue", 10);
    }
    return out;
}

load_plan resolve_load(const load_request& request, const load_basis& basis) {
    load_plan out = request.plan;
    const double sync_ns = std::max(least_sync_ns, basis.sync_ns);
    const auto length_ns = static_cast<double>(basis.trial_length_ns);
    const auto most = static_cast<double>(most_recorded_tasks);
    if (request.of_sync > 0) {
        out.rate_per_s = std::min(highest_rate, request.of_sync * 1e9 / sync_ns);
    }
    if (request.of_own > 0) {
        out.rate_per_s = std::min(highest_rate, request.of_own * basis.own_per_s);
    }
    if (out.kind == load_plan::shape::batch && out.tasks == 0) {
        out.tasks =
            static_cast<std::uint64_t>(std::clamp(length_ns / sync_ns, 2.0 * basis.workers, most));
    }
    if (out.kind == load_plan::shape::closed) {
        const double least_ns = std::max(least_sync_ns / quicker_hand_over,
                                         basis.serial_ns / basis.cpus / quicker_work);
        out.tasks = static_cast<std::uint64_t>(
            std::min(static_cast<double>(out.outstanding) + length_ns / least_ns, most));
    }
    if (out.kind == load_plan::shape::trace) {
        out.rate_per_s =
            static_cast<double>(out.tasks) * 1e9 / static_cast<double>(window_ns(request, basis));
    } else if (const double due = out.rate_per_s * length_ns / 1e9; due > most) {
        throw usage_error(
            fmt::format("load '{}': {:.3g} tasks in a trial of {}; accepted are at most {:.3g}",
                        out.text, due, duration_text(basis.trial_length_ns), most));
    }
    return out;
}

std::int64_t window_ns(const load_request& request, const load_basis& basis) {
    const load_plan& load = request.plan;
    if (load.every_ns > 0) {
        return load.every_ns * static_cast<std::int64_t>(load.tasks);
    }
    if (load.kind != load_plan::shape::trace) {
        return basis.trial_length_ns;
    }
    const std::int64_t span_ns = request.last_ns - request.first_ns;
    if (span_ns == 0) {
        return request.last_ns + basis.trial_length_ns;
    }
    return request.last_ns +
           std::max<std::int64_t>(1, span_ns / static_cast<std::int64_t>(load.tasks - 1));
}

bool takes_trial_length(const load_request& request) {
    using shape = load_plan::shape;
    const load_plan& load = request.plan;
    if (load.kind == shape::trace) {
        return request.first_ns == request.last_ns;
    }
    return load.kind == shape::batch ? load.tasks == 0 : load.every_ns == 0;
}

}  // namespace stratbench
