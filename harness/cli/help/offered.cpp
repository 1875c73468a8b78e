#include "harness/cli/help/offered.hpp"

#include <algorithm>
#include <functional>
#include <string_view>

#include "harness/load/load_spec.hpp"
#include "harness/plan/scenario.hpp"
#include "strategies/registry.hpp"
#include "workloads/workload.hpp"

namespace stratbench {
namespace {

template <class Table, class Name>
std::vector<std::string> names_of(const Table& table, Name name) {
    std::vector<std::string> names;
    for (const auto& each : table) {
        names.emplace_back(std::invoke(name, each));
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
        values.words = names_of(strategies(), &strategy_info::name);
    } else if (option == "--workload") {
        values.words = names_of(workloads(), &workload::name);
    } else if (option == "--load") {
        values.words = names_of(loads(), &load_info::name);
    } else if (option == "--scenario") {
        values.words = names_of(scenarios(), &scenario_file::name);
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
