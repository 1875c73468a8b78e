#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "harness/base/spec.hpp"
#include "harness/plan/request.hpp"

namespace stratbench {

// The types of an option's value: which values are accepted, and where in a request one goes. A
// setter replaces what the request has, and the order in which setters are called does not count.

/// A flag is on where it was given; a scenario says `true` or `false`.
struct flag_value {
    void (*set)(run_request&, bool);
};

/// A whole number within [lowest, highest].
struct whole_value {
    std::int64_t lowest, highest;
    void (*set)(run_request&, std::int64_t);
};

/// Whole numbers within [lowest, highest]: the option is repeated, a scenario has a list.
struct wholes_value {
    int lowest, highest;
    void (*set)(run_request&, const std::vector<int>&);
};

/// A text is checked when the plan is made, or where it is used.
struct text_value {
    void (*set)(run_request&, const std::string&);
};

/// Texts: the option is repeated, a scenario has a list.
struct texts_value {
    void (*set)(run_request&, const std::vector<std::string>&);
};

/// A duration within (0, highest] with its unit; nanoseconds.
struct duration_value {
    std::int64_t highest;
    void (*set)(run_request&, std::int64_t);
    [[nodiscard]] std::int64_t parse(std::string_view text, std::string_view what) const {
        return parse_duration_ns(text, what, 1, highest);
    }
};

/// A percentage within (0, 100], as a part.
struct percent_value {
    void (*set)(run_request&, double);
    static double parse(std::string_view text, std::string_view what) {
        return parse_percent(text, what);
    }
};

/// A size within (0, largest_size_bytes] with its unit; bytes.
struct bytes_value {
    void (*set)(run_request&, std::uint64_t);
    static std::uint64_t parse(std::string_view text, std::string_view what) {
        return parse_bytes(text, what);
    }
};

using option_value = std::variant<flag_value, whole_value, wholes_value, text_value, texts_value,
                                  duration_value, percent_value, bytes_value>;

/// Seeds stay exact in every reader of JSON.
inline constexpr std::int64_t largest_seed = (1LL << 53) - 1;

/// An option that says what is measured, and for how long: data from which the command line, the
/// keys of a scenario, the help, and what may stand beside `--plan` are made.
struct study_option {
    /// `--task-timeout`
    std::string_view name;
    /// What a scenario calls it (`task_timeout`); empty where a scenario cannot hold it.
    std::string_view key;
    /// What stands for its value in the help; empty for a flag.
    std::string_view placeholder;
    std::string_view help;
    option_value value;
    /// Whether it belongs to a combination, and so may stand in each of a scenario's `cells`.
    bool of_combination = false;
    /// Gives the files that one of its texts names, which are read or executed. Null for an option
    /// that never does.
    std::vector<std::string> (*files_named)(const std::string& text) = nullptr;
    /// Whether it leaves the cells of a plan as they are, and so may stand beside `--plan`.
    bool beside_plan = false;
};

/// All of them, in the order of the help.
std::span<const study_option> study_options();

}  // namespace stratbench
