#include "harness/plan/scenario.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <limits>
#include <map>
#include <sstream>

#include <nlohmann/json.hpp>

#include "harness/base/file.hpp"
#include "harness/json/json_lines.hpp"
#include "harness/json/json_text.hpp"

namespace stratbench {
namespace {

constexpr std::array<std::string_view, 19> top_keys = {"description",
                                                       "strategies",
                                                       "workloads",
                                                       "loads",
                                                       "workers",
                                                       "cells",
                                                       "cpus",
                                                       "rounds",
                                                       "generations",
                                                       "budget",
                                                       "tie",
                                                       "trial_length",
                                                       "seed",
                                                       "show",
                                                       "task_timeout",
                                                       "retries",
                                                       "max_tasks_per_worker",
                                                       "worker_memory",
                                                       "cancel_pending"};
constexpr std::array<std::string_view, 4> cell_keys = {"strategies", "workloads", "loads",
                                                       "workers"};

/// An object of the file, with what is needed to speak about it.
struct place {
    const json& object;
    std::string pointer;
    const std::map<std::string, int>& lines;
    const std::string& origin;

    [[noreturn]] void refuse(std::string_view key, std::string_view why) const {
        throw usage_error(fmt::format("{}: line {}: {}", origin,
                                      lines.at(fmt::format("{}/{}", pointer, key)), why));
    }

    [[noreturn]] void refuse_value(std::string_view key, std::string_view accepted) const {
        refuse(key, fmt::format("'{}' must be {}", key, accepted));
    }

    void require_known_keys(std::span<const std::string_view> accepted) const {
        for (const auto& item : object.items()) {
            if (std::find(accepted.begin(), accepted.end(), item.key()) != accepted.end()) {
                continue;
            }
            refuse(item.key(),
                   fmt::format("unknown key {}{}; accepted are {}", in_quotes(item.key()),
                               suggestion(item.key(), accepted), fmt::join(accepted, ", ")));
        }
    }

    [[nodiscard]] std::string text(std::string_view key) const {
        if (!object.contains(key)) {
            return "";
        }
        const json& value = object.at(std::string(key));
        if (!value.is_string()) {
            refuse_value(key, "a text");
        }
        return value.get<std::string>();
    }

    [[nodiscard]] std::optional<std::int64_t> integer(std::string_view key, std::int64_t lowest,
                                                      std::int64_t highest) const {
        if (!object.contains(key)) {
            return std::nullopt;
        }
        const json& value = object.at(std::string(key));
        if (!within(value, lowest, highest)) {
            refuse_value(key, fmt::format("a whole number from {} to {}", lowest, highest));
        }
        return value.get<std::int64_t>();
    }

    /// What `parse(text, key)` makes of a text; what it refuses is refused with its line.
    template <class Parse>
    [[nodiscard]] auto parsed(std::string_view key, Parse parse) const
        -> std::optional<decltype(parse(std::string(), key))> {
        const std::string value = text(key);
        if (value.empty()) {
            return std::nullopt;
        }
        try {
            return parse(value, key);
        } catch (const usage_error& error) {
            refuse(key, error.what());
        }
    }

    [[nodiscard]] std::optional<bool> truth(std::string_view key) const {
        if (!object.contains(key)) {
            return std::nullopt;
        }
        const json& value = object.at(std::string(key));
        if (!value.is_boolean()) {
            refuse_value(key, "true or false");
        }
        return value.get<bool>();
    }

    [[nodiscard]] std::vector<std::string> texts(std::string_view key) const {
        std::vector<std::string> out;
        for (const json& value : list(key, "a list of texts")) {
            if (!value.is_string()) {
                refuse_value(key, "a list of texts");
            }
            out.push_back(value.get<std::string>());
        }
        return out;
    }

    [[nodiscard]] std::vector<int> integers(std::string_view key, int lowest, int highest) const {
        const std::string accepted =
            fmt::format("a list of whole numbers from {} to {}", lowest, highest);
        std::vector<int> out;
        for (const json& value : list(key, accepted)) {
            if (!within(value, lowest, highest)) {
                refuse_value(key, accepted);
            }
            out.push_back(value.get<int>());
        }
        return out;
    }

    /// Empty where the key is absent; an empty list in the file is refused.
    [[nodiscard]] json list(std::string_view key, std::string_view accepted) const {
        if (!object.contains(key)) {
            return json::array();
        }
        const json& value = object.at(std::string(key));
        if (!value.is_array() || value.empty()) {
            refuse_value(key, accepted);
        }
        return value;
    }

  private:
    static bool within(const json& value, std::int64_t lowest, std::int64_t highest) {
        if (value.is_number_unsigned() &&
            value.get<std::uint64_t>() > static_cast<std::uint64_t>(highest)) {
            return false;
        }
        return value.is_number_integer() && value.get<std::int64_t>() >= lowest &&
               value.get<std::int64_t>() <= highest;
    }
};

combination read_combination(const place& at) {
    combination out;
    out.strategies = at.texts("strategies");
    out.workloads = at.texts("workloads");
    out.loads = at.texts("loads");
    out.workers = at.integers("workers", 1, std::numeric_limits<int>::max());
    return out;
}

detail_plan read_show(const place& at) {
    detail_plan out;
    for (const std::string& what : at.texts("show")) {
        if (what == "tasks") {
            out.tasks = true;
        } else if (what == "timeline") {
            out.timeline = true;
        } else {
            at.refuse("show", fmt::format("unknown {} in 'show'; accepted are tasks, timeline",
                                          in_quotes(what)));
        }
    }
    return out;
}

std::int64_t duration_ns(const std::string& text, std::string_view key) {
    return parse_duration_ns(text, key);
}

containment_request read_containment(const place& at) {
    containment_request out;
    out.task_timeout_ns = at.parsed("task_timeout", duration_ns);
    if (const auto retries = at.integer("retries", 0, most_retries)) {
        out.retries = static_cast<int>(*retries);
    }
    if (const auto most = at.integer("max_tasks_per_worker", 1, most_tasks_per_worker)) {
        out.max_tasks_per_worker = static_cast<std::uint64_t>(*most);
    }
    out.worker_memory_bytes = at.parsed("worker_memory", parse_bytes);
    out.cancel_pending = at.truth("cancel_pending");
    return out;
}

bool is_path(const std::string& text) {
    return text.find('/') != std::string::npos || text.ends_with(".json");
}

}  // namespace

scenario parse_scenario(std::string_view text, const std::string& origin) {
    const auto lines = json_key_lines(text, origin);
    const json document = parse_json(text);
    if (!document.is_object()) {
        throw usage_error(fmt::format("{}: line 1: a scenario is an object {{...}}", origin));
    }
    const place top{document, "", lines, origin};
    top.require_known_keys(top_keys);

    scenario out;
    out.description = top.text("description");
    run_request& request = out.request;
    if (document.contains("cells")) {
        for (const std::string_view key : cell_keys) {
            if (document.contains(key)) {
                top.refuse(
                    key, fmt::format("'{}' stands beside 'cells'; write it in each of them", key));
            }
        }
        const json cells = top.list("cells", "a list of objects");
        for (std::size_t i = 0; i < cells.size(); ++i) {
            if (!cells[i].is_object()) {
                top.refuse_value("cells", "a list of objects");
            }
            const place at{cells[i], fmt::format("/cells/{}", i), lines, origin};
            at.require_known_keys(cell_keys);
            request.combinations.push_back(read_combination(at));
        }
    } else {
        request.combinations.push_back(read_combination(top));
    }
    if (const auto cpus = top.integer("cpus", 1, std::numeric_limits<int>::max())) {
        request.cpus = static_cast<int>(*cpus);
    }
    if (const auto rounds = top.integer("rounds", 1, most_rounds)) {
        request.stopping.rounds = static_cast<int>(*rounds);
    }
    if (const auto generations = top.integer("generations", 1, most_rounds)) {
        request.stopping.generations = static_cast<int>(*generations);
    }
    request.stopping.budget_ns = top.parsed("budget", duration_ns).value_or(0);
    request.tie = top.parsed("tie", parse_percent);
    request.trial_length_ns = top.parsed("trial_length", duration_ns);
    if (const auto seed = top.integer("seed", 0, std::numeric_limits<std::int64_t>::max())) {
        request.seed = static_cast<std::uint64_t>(*seed);
    }
    request.detail = read_show(top);
    request.contained = read_containment(top);
    request.scenario = origin;
    return out;
}

scenario load_scenario(const std::string& name_or_path) {
    std::vector<std::string_view> names;
    for (const scenario_file& s : scenarios()) {
        if (s.name == name_or_path) {
            return parse_scenario(s.text, name_or_path);
        }
        names.push_back(s.name);
    }
    if (is_path(name_or_path)) {
        return parse_scenario(read_file(name_or_path), name_or_path);
    }
    throw usage_error(fmt::format("unknown scenario '{}'{}; available are {}, or a path to a file",
                                  name_or_path, suggestion(name_or_path, names),
                                  fmt::join(names, ", ")));
}

}  // namespace stratbench
