#include "harness/plan/written_options.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cassert>
#include <span>
#include <variant>

#include "harness/base/spec.hpp"
#include "harness/load/load_spec.hpp"
#include "harness/plan/default_study.hpp"
#include "harness/plan/option_table.hpp"
#include "harness/plan/scenario.hpp"

namespace stratbench {
namespace {

const study_option& option_named(std::string_view name) {
    const auto found = std::ranges::find(study_options(), name, &study_option::name);
    assert(found != study_options().end());
    return *found;
}

/// Reads the texts of one option into a request.
class written_value {
  public:
    written_value(std::string_view name, const std::vector<std::string>& texts, run_request& into)
        : name_(name), texts_(texts), request_(into) {}

    void operator()(const flag_value& flag) const { flag.set(request_, true); }
    void operator()(const whole_value& number) const {
        number.set(request_, parse_integer(texts_.front(), name_, number.lowest, number.highest));
    }
    void operator()(const wholes_value& numbers) const {
        std::vector<int> values;
        for (const std::string& text : texts_) {
            values.push_back(
                static_cast<int>(parse_integer(text, name_, numbers.lowest, numbers.highest)));
        }
        numbers.set(request_, values);
    }
    void operator()(const text_value& text) const { text.set(request_, texts_.front()); }
    void operator()(const texts_value& texts) const { texts.set(request_, texts_); }
    void operator()(const auto& quantity) const {
        quantity.set(request_, quantity.parse(texts_.front(), name_));
    }

  private:
    std::string_view name_;
    const std::vector<std::string>& texts_;
    run_request& request_;
};

void set_all(const written_options& written, run_request& into) {
    for (const auto& [name, texts] : written) {
        std::visit(written_value(name, texts, into), option_named(name).value);
    }
}

}  // namespace

run_request request_alone(const written_options& written) {
    run_request request;
    request.combinations.resize(1);
    set_all(written, request);
    return request;
}

run_request make_request(const written_options& written) {
    const run_request alone = request_alone(written);
    run_request request;
    if (!alone.scenario.empty()) {
        request = load_scenario(alone.scenario).request;
    } else if (const combination& c = alone.combinations.front();
               c.strategies.empty() && c.workloads.empty() && c.loads.empty()) {
        // It has reference lines, which belong to its own workloads.
        request.combinations = default_study();
    } else {
        request.combinations.resize(1);
    }
    if (alone.stopping.given()) {
        request.stopping = {};
    }
    set_all(written, request);
    const std::vector<std::string>& loads = alone.combinations.front().loads;
    if (!alone.trial_length_ns && !loads.empty() &&
        std::ranges::none_of(
            loads, [](const std::string& load) { return takes_trial_length(parse_load(load)); })) {
        request.trial_length_ns.reset();  // it was for the scenario's own loads
    }
    if (!alone.tie && alone.combinations.front().strategies.size() == 1) {
        request.tie.reset();  // it was for the scenario's own strategies
    }
    return request;
}

void refuse_beside_plan(const written_options& written) {
    if (std::ranges::all_of(
            written, [](const auto& given) { return option_named(given.first).beside_plan; })) {
        return;
    }
    std::vector<std::string_view> accepted;
    for (const study_option& option : study_options()) {
        if (option.beside_plan) {
            accepted.push_back(option.name);
        }
    }
    const std::string_view last = accepted.back();
    accepted.pop_back();
    throw usage_error(
        fmt::format("--plan brings its own cells; only {} and {} may be given beside it",
                    fmt::join(accepted, ", "), last));
}

}  // namespace stratbench
