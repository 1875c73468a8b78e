#include "harness/plan/load_spec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

namespace stratbench {
namespace {

/// One clock reading per task costs about 20 ns; no schedule can be offered faster than that.
constexpr double highest_rate = 1e8;
/// What the harness keeps of a task takes about 100 bytes until the trial is over.
constexpr std::int64_t most_tasks = 20'000'000;
/// What handing over a task costs sync itself: however small the task, it does no more of them.
constexpr double least_sync_ns = 60;

constexpr parameter trickle_parameters[] = {
    {"every", "1s", "time between two tasks"},
    {"tasks", "4", "how many tasks"},
};
constexpr parameter producer_parameters[] = {
    {"jobs", "12", "how many tasks"},
    {"every", "10ms", "time between two tasks"},
    {"queue", "10", "capacity of the queue; a full one holds the producer up"},
};
constexpr std::array known_loads = {
    load_info{"batch",
              "N tasks, all due at once (no N: as many as sync does in one trial length)",
              "N",
              {}},
    load_info{"poisson", "open arrivals, exponentially distributed gaps", "R/s | P%sync", {}},
    load_info{"constant", "open arrivals, equal gaps", "R/s | P%sync", {}},
    load_info{"trickle", "a task now and then", "", trickle_parameters},
    load_info{"producer", "a producer feeds a bounded queue", "", producer_parameters},
};
/// Named in the design, not built yet.
constexpr std::array later_loads = {std::string_view{"closed"}, std::string_view{"burst"},
                                    std::string_view{"trace"}};

const load_info& find_load(std::string_view name) {
    std::vector<std::string_view> names;
    for (const load_info& l : known_loads) {
        if (l.name == name) return l;
        names.push_back(l.name);
    }
    const bool later = std::find(later_loads.begin(), later_loads.end(), name) != later_loads.end();
    throw usage_error(fmt::format("{} load '{}'{}; available are {}",
                                  later ? "not yet available:" : "unknown", name,
                                  later ? "" : suggestion(name, names), fmt::join(names, ", ")));
}

std::optional<double> number(std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

void read_rate(std::string_view value, std::string_view text, load_request& out) {
    const auto ends_with = [&](std::string_view unit) { return value.ends_with(unit); };
    if (ends_with("%own")) {
        throw usage_error(
            fmt::format("load '{}': %own is not yet available; accepted are R/s and P%sync", text));
    }
    std::optional<double> rate;
    if (ends_with("%sync")) {
        rate = number(value.substr(0, value.size() - 5));
        if (rate && *rate > 0 && *rate <= 10'000) {
            out.of_sync = *rate / 100;
            return;
        }
    } else if (ends_with("/s")) {
        rate = number(value.substr(0, value.size() - 2));
        if (rate && *rate > 0 && *rate <= highest_rate) {
            out.plan.rate_per_s = *rate;
            return;
        }
    }
    throw usage_error(fmt::format(
        "load '{}': '{}' is not a rate; accepted are R/s (above 0, at most {:.0e}) and P%sync "
        "(above 0, at most 10000), as in 500/s or 80%sync",
        text, value, highest_rate));
}

std::uint64_t count(const spec& s, std::string_view key, std::int64_t fallback) {
    const auto given = s.find(key);
    if (!given) return static_cast<std::uint64_t>(fallback);
    return static_cast<std::uint64_t>(
        parse_integer(*given, fmt::format("{} of load {}", key, s.name), 1, most_tasks));
}

std::int64_t period(const spec& s, std::string_view fallback) {
    return parse_duration_ns(s.find("every").value_or(fallback),
                             fmt::format("every of load {}", s.name));
}

}  // namespace

std::span<const load_info> loads() {
    return known_loads;
}

load_request parse_load(std::string_view text) {
    const spec s = parse_spec(text, "load");
    const load_info& info = find_load(s.name);
    require_known_keys(s, info.parameters, "load");
    if (s.positional && info.bare_value.empty()) {
        throw usage_error(fmt::format("load '{}' takes no bare value; write {}:{}=...", text,
                                      info.name, info.parameters.front().name));
    }

    using shape = load_plan::shape;
    load_request out;
    out.plan.text = s.text();
    if (info.name == "batch") {
        out.plan.kind = shape::batch;
        if (s.positional) {
            out.plan.tasks = static_cast<std::uint64_t>(
                parse_integer(*s.positional, "size of load batch", 1, most_tasks));
            out.plan.text = fmt::format("batch:{}", out.plan.tasks);
        }
    } else if (info.name == "poisson" || info.name == "constant") {
        out.plan.kind = info.name == "poisson" ? shape::poisson : shape::constant;
        if (!s.positional) {
            throw usage_error(
                fmt::format("load '{0}' needs a rate, as in {0}:500/s or {0}:80%sync", text));
        }
        read_rate(*s.positional, text, out);
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

load_plan resolve_load(const load_request& asked, const load_basis& basis) {
    load_plan out = asked.plan;
    const double sync_ns = std::max(least_sync_ns, basis.sync_ns);
    const auto length_ns = static_cast<double>(basis.trial_length_ns);
    if (asked.of_sync > 0) out.rate_per_s = std::min(highest_rate, asked.of_sync * 1e9 / sync_ns);
    if (out.kind == load_plan::shape::batch && out.tasks == 0) {
        out.tasks = static_cast<std::uint64_t>(
            std::clamp(length_ns / sync_ns, 2.0 * basis.workers, static_cast<double>(most_tasks)));
    }
    if (const double due = out.rate_per_s * length_ns / 1e9; due > most_tasks) {
        throw usage_error(fmt::format(
            "load '{}': {:.3g} tasks in a trial of {}; accepted are at most {:.3g}", out.text, due,
            duration_text(basis.trial_length_ns), static_cast<double>(most_tasks)));
    }
    return out;
}

}  // namespace stratbench
