#include "harness/cli/help/offered.hpp"

#include <algorithm>
#include <string_view>

#include "harness/load/load_spec.hpp"
#include "harness/plan/scenario.hpp"
#include "strategies/registry.hpp"
#include "workloads/workload.hpp"

namespace stratbench {
namespace {

std::vector<std::string> names_of_loads() {
    std::vector<std::string> names;
    for (const load_info& each : loads()) {
        names.emplace_back(each.name);
    }
    return names;
}

std::vector<std::string> names_of_scenarios() {
    std::vector<std::string> names;
    for (const scenario_file& each : scenarios()) {
        names.emplace_back(each.name);
    }
    return names;
}

template <class T>
std::vector<std::string> names_of(std::span<const T* const> table) {
    std::vector<std::string> names;
    for (const T* each : table) {
        names.emplace_back(each->name);
    }
    return names;
}

offered_values values_of(std::string_view option, std::string_view placeholder) {
    offered_values values;
    constexpr std::string_view paths[] = {"FILE", "DIR", "FOLDER", "OUTPUT", "BINARY"};
    values.files = std::ranges::any_of(paths, [&](std::string_view word) {
        return placeholder.find(word) != std::string_view::npos;
    });
    if (option == "--strategy") {
        values.words = names_of(strategies());
    } else if (option == "--workload") {
        values.words = names_of(workloads());
    } else if (option == "--load") {
        values.words = names_of_loads();
    } else if (option == "--scenario") {
        values.words = names_of_scenarios();
    } else if (placeholder == "KIND") {
        values.words = {"strategies", "workloads", "loads", "scenarios"};
    } else if (placeholder == "SHELL") {
        values.words = {std::begin(completion_shells), std::end(completion_shells)};
    } else if (option == "--against") {
        values.words = {"self"};
    }
    return values;
}

offered_command command_of(const CLI::App& app) {
    offered_command command{app.get_name(), app.get_description(), app.get_footer(), {}};
    for (const CLI::Option* option : app.get_options()) {
        offered_option offered;
        offered.positional = option->get_positional();
        offered.placeholder = option->get_items_expected_max() == 0 ? "" : option->get_type_name();
        offered.name = offered.positional ? offered.placeholder : "--" + option->get_lnames().at(0);
        offered.help = option->get_description();
        offered.group = option->get_group();
        offered.values = values_of(offered.name, offered.placeholder);
        command.options.push_back(std::move(offered));
    }
    return command;
}

}  // namespace

offered_program offered_by(const CLI::App& program) {
    offered_program offered{command_of(program), {}};
    for (const CLI::App* sub : program.get_subcommands([](const CLI::App*) { return true; })) {
        if (!sub->get_group().empty()) {
            offered.commands.push_back(command_of(*sub));
        }
    }
    return offered;
}

}  // namespace stratbench
