#include "harness/plan/scenario.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <stdexcept>
#include <utility>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/base/files/file.hpp"
#include "harness/json/json_lines.hpp"
#include "harness/json/json_text.hpp"
#include "harness/plan/option_table.hpp"

namespace stratbench {
namespace {

/// The keys that a part of `cells` may have; of the scenario itself, all that there are.
std::vector<std::string_view> keys_of_combination() {
    std::vector<std::string_view> keys;
    for (const study_option& option : study_options()) {
        if (option.of_combination) {
            keys.push_back(option.key);
        }
    }
    return keys;
}

std::vector<std::string_view> top_keys() {
    std::vector<std::string_view> keys = {"description"};
    for (const study_option& option : study_options()) {
        if (!option.key.empty()) {
            keys.push_back(option.key);
        }
    }
    keys.insert(keys.end(), {"cells", "show"});
    return keys;
}

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

    [[nodiscard]] bool has(std::string_view key) const { return object.contains(key); }

    // What follows is of a key that is there.

    [[nodiscard]] std::string text(std::string_view key) const {
        const json& value = object.at(std::string(key));
        if (!value.is_string()) {
            refuse_value(key, "a text");
        }
        return value.get<std::string>();
    }

    [[nodiscard]] std::int64_t integer(std::string_view key, std::int64_t lowest,
                                       std::int64_t highest) const {
        const json& value = object.at(std::string(key));
        if (!within(value, lowest, highest)) {
            refuse_value(key, fmt::format("a whole number from {} to {}", lowest, highest));
        }
        return value.get<std::int64_t>();
    }

    [[nodiscard]] bool truth(std::string_view key) const {
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

    /// An empty list is refused.
    [[nodiscard]] json list(std::string_view key, std::string_view accepted) const {
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

/// Reads the value of one option into a request; what a text cannot be is refused with its line.
class held_value {
  public:
    held_value(const place& at, std::string_view key, run_request& into)
        : at_(at), key_(key), request_(into) {}

    void operator()(const flag_value& flag) const { flag.set(request_, at_.truth(key_)); }
    void operator()(const whole_value& number) const {
        number.set(request_, at_.integer(key_, number.lowest, number.highest));
    }
    void operator()(const wholes_value& numbers) const {
        numbers.set(request_, at_.integers(key_, numbers.lowest, numbers.highest));
    }
    void operator()(const text_value& text) const { text.set(request_, at_.text(key_)); }
    void operator()(const texts_value& texts) const { texts.set(request_, at_.texts(key_)); }
    void operator()(const auto& quantity) const {
        const std::string text = at_.text(key_);
        try {
            quantity.set(request_, quantity.parse(text, key_));
        } catch (const usage_error& error) {
            at_.refuse(key_, error.what());
        }
    }

  private:
    const place& at_;
    std::string_view key_;
    run_request& request_;
};

/// Reads each option that stands in an object.
void read_options(const place& at, run_request& into) {
    for (const study_option& option : study_options()) {
        if (!option.key.empty() && at.has(option.key)) {
            std::visit(held_value(at, option.key, into), option.value);
        }
    }
}

/// Reads the parts of a scenario that is no full product.
std::vector<combination> read_cells(const place& top) {
    const std::vector<std::string_view> accepted = keys_of_combination();
    for (const std::string_view key : accepted) {
        if (top.has(key)) {
            top.refuse(key,
                       fmt::format("'{}' stands beside 'cells'; write it in each of them", key));
        }
    }
    std::vector<combination> parts;
    const json cells = top.list("cells", "a list of objects");
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (!cells[i].is_object()) {
            top.refuse_value("cells", "a list of objects");
        }
        const place at{cells[i], fmt::format("/cells/{}", i), top.lines, top.origin};
        at.require_known_keys(accepted);
        run_request part;
        part.combinations.resize(1);
        read_options(at, part);
        parts.push_back(std::move(part.combinations.front()));
    }
    return parts;
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

bool is_path(const std::string& text) {
    return text.find('/') != std::string::npos || text.ends_with(".json");
}

}  // namespace

scenario parse_scenario(std::string_view text, const std::string& origin) {
    const auto lines = json_key_lines(text, origin);
    json document;
    try {
        document = parse_json(text);
    } catch (const std::runtime_error& error) {
        throw usage_error(fmt::format("{}: {}", origin, error.what()));
    }
    if (!document.is_object()) {
        throw usage_error(fmt::format("{}: line 1: a scenario is an object {{...}}", origin));
    }
    const place top{document, "", lines, origin};
    top.require_known_keys(top_keys());

    scenario out;
    run_request& request = out.request;
    request.combinations.resize(1);
    read_options(top, request);
    if (top.has("cells")) {
        request.combinations = read_cells(top);
    }
    if (top.has("description")) {
        out.description = top.text("description");
    }
    if (top.has("show")) {
        request.detail = read_show(top);
    }
    request.scenario = origin;
    return out;
}

std::vector<std::string> files_of_scenario(const std::string& name_or_path) {
    const auto built_in = std::ranges::find(scenarios(), name_or_path, &scenario_file::name);
    return built_in == scenarios().end() && is_path(name_or_path) ? std::vector{name_or_path}
                                                                  : std::vector<std::string>();
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
