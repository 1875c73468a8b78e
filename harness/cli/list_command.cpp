#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>

#include <nlohmann/json.hpp>

#include "harness/base/files/standard_streams.hpp"
#include "harness/cli/commands.hpp"
#include "harness/json/json_text.hpp"
#include "harness/load/load_spec.hpp"
#include "harness/plan/scenario.hpp"
#include "strategies/contract/strategy_info.hpp"
#include "strategies/registry.hpp"
#include "workloads/workload.hpp"

namespace stratbench {
namespace {

constexpr std::array<std::string_view, 4> kinds = {"strategies", "workloads", "loads", "scenarios"};

json describe(std::span<const parameter> parameters) {
    json out = json::array();
    for (const parameter& p : parameters) {
        json entry = {{"name", p.name}, {"default", p.fallback}, {"summary", p.summary}};
        if (!p.choices.empty()) {
            entry["choices"] = p.choices;
        }
        out.push_back(std::move(entry));
    }
    return out;
}

json list_strategies() {
    json out = json::array();
    for (const strategy_info* s : strategies()) {
        const strategy_properties& p = s->properties;
        out.push_back({{"name", s->name},
                       {"summary", s->summary},
                       {"parameters", describe(s->parameters)},
                       {"properties",
                        {{"isolates_crashes", p.isolates_crashes},
                         {"front_end_stays_free", p.front_end_stays_free},
                         {"payload_crosses_process", p.payload_crosses_process},
                         {"returns_in_batches", p.returns_in_batches},
                         {"in_caller", p.in_caller},
                         {"antipattern", p.antipattern},
                         {"own_program", p.own_program}}}});
    }
    return out;
}

json list_workloads() {
    json out = json::array();
    for (const workload* w : workloads()) {
        json parameters = describe(w->parameters);
        for (json& p : describe(common_parameters(*w))) {
            parameters.push_back(std::move(p));
        }
        out.push_back({{"name", w->name},
                       {"summary", w->summary},
                       {"version", w->version},
                       {"parameters", parameters},
                       {"properties", {{"may_misbehave", w->may_misbehave()}}}});
    }
    return out;
}

json list_loads() {
    json out = json::array();
    for (const load_info& l : loads()) {
        json entry = {{"name", l.name}, {"summary", l.summary}};
        if (!l.bare_value.empty()) {
            entry["value"] = l.bare_value;
        }
        entry["parameters"] = describe(l.parameters);
        out.push_back(std::move(entry));
    }
    return out;
}

json list_scenarios() {
    json out = json::array();
    for (const scenario_file& s : scenarios()) {
        out.push_back({{"name", s.name},
                       {"summary", parse_scenario(s.text, std::string(s.name)).description}});
    }
    return out;
}

json list_all(std::string_view kind) {
    json out = json::object();
    const auto add = [&](std::string_view name, auto list) {
        if (kind.empty() || kind == name) {
            out[std::string(name)] = list();
        }
    };
    add("strategies", list_strategies);
    add("workloads", list_workloads);
    add("loads", list_loads);
    add("scenarios", list_scenarios);
    return out;
}

std::string text_of(const json& entry) {
    std::string name = entry["name"];
    if (entry.contains("value")) {
        name += ":" + entry["value"].get<std::string>();
    }
    std::string out = fmt::format("  {:<28} {}", name, entry["summary"].get<std::string>());
    const json properties = entry.value("properties", json::object());
    if (properties.value("antipattern", false) || properties.value("own_program", false)) {
        out += " (not in the default study)";
    }
    out += '\n';
    for (const json& p : entry.value("parameters", json::array())) {
        out += fmt::format(
            "    {:<26} {}",
            fmt::format("{}={}", p["name"].get<std::string>(), p["default"].get<std::string>()),
            p["summary"].get<std::string>());
        if (p.contains("choices")) {
            const auto choices = p["choices"].get<std::vector<std::string>>();
            out += fmt::format(": {}", fmt::join(choices, ", "));
        }
        out += '\n';
    }
    return out;
}

int list(const std::string& kind, bool as_json) {
    if (!kind.empty() && std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) {
        throw usage_error(fmt::format("cannot list '{}'{}; accepted are {}", kind,
                                      suggestion(kind, kinds), fmt::join(kinds, ", ")));
    }
    const json all = list_all(kind);
    if (as_json) {
        say(json_text(all, 2) + "\n");
        return 0;
    }
    std::string text;
    for (const auto& section : all.items()) {
        text += section.key() + "\n";
        for (const json& entry : section.value()) {
            text += text_of(entry);
        }
        text += "\n";
    }
    say(text);
    return 0;
}

constexpr const char* list_examples = R"(
Examples:
  stratbench list                     everything there is
  stratbench list strategies
  stratbench list scenarios --json    for machines)";

}  // namespace

command add_list(CLI::App& program) {
    CLI::App* const sub =
        program.add_subcommand("list", "strategies, workloads, loads and scenarios");
    sub->footer(list_examples);
    struct options {
        std::string kind;
        bool json = false;
    };
    const auto o = std::make_shared<options>();
    sub->add_option("kind", o->kind, "strategies, workloads, loads or scenarios")
        ->type_name("KIND");
    sub->add_flag("--json", o->json, "as JSON");
    return [o] { return list(o->kind, o->json); };
}

}  // namespace stratbench
