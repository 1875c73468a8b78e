#include "harness/load/trace_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "harness/base/files/csv.hpp"
#include "harness/base/spec.hpp"

namespace stratbench {
namespace {

bool is_whole(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// What is wrong with the name of the first column where there are `columns`; empty = nothing.
std::string complaint_about_name(std::string_view name, std::size_t columns) {
    if (names_another_unit_of_time(name)) {
        return fmt::format("the first column is {}; accepted are seconds", in_quotes(name));
    }
    constexpr std::array<std::string_view, 13> counts{
        "id", "index", "idx", "no", "nr", "row", "line", "number", "num", "n", "seq", "i", "count"};
    const std::vector<std::string> words = words_of_name(name);
    if (columns > 1 && std::ranges::find_first_of(words, counts) != words.end()) {
        return fmt::format("the first column is {}; accepted are due times in it, in seconds",
                           in_quotes(name));
    }
    return "";
}

/// What lines without names above them may be other than due times and further columns.
class doubt_about_columns {
  public:
    void see(const std::vector<std::string_view>& columns) {
        single_ |= columns.size() == 1;
        decimal_commas_ &= columns.size() > 1 && is_whole(columns[0]) && is_whole(columns[1]);
        const auto number = read_number(columns[0]);
        if (rows_ == 0) {
            first_ = number.value_or(-1);
        }
        counting_ &= number == first_ + static_cast<double>(rows_);
        ++rows_;
    }

    /// Empty = none.
    [[nodiscard]] std::string text() const {
        constexpr const char* advice = "name the columns in a first line, as in time,size";
        if (rows_ == 0 || single_) {
            return "";
        }
        if (decimal_commas_) {
            return fmt::format(
                "its commas may be decimal commas; accepted are seconds as in 0.25, or {}", advice);
        }
        constexpr std::uint64_t enough_to_count = 3;
        if (counting_ && rows_ >= enough_to_count && (first_ == 0 || first_ == 1)) {
            return fmt::format(
                "its first column may number the lines; accepted are due times in "
                "it, or {}",
                advice);
        }
        return "";
    }

  private:
    bool single_ = false, decimal_commas_ = true, counting_ = true;
    double first_ = -1;
    std::uint64_t rows_ = 0;
};

/// What is wrong with a due time of `value` seconds after one of `before`; empty = nothing.
std::string complaint(std::optional<double> value, std::string_view text, double before) {
    constexpr const char* accepted = "accepted are seconds from the start, as in 0.25";
    if (!value) {
        return fmt::format("{} is not a number; {}", in_quotes(text), accepted);
    }
    if (!std::isfinite(*value) || *value < 0) {
        return fmt::format("{} is no due time; {}", in_quotes(text), accepted);
    }
    if (*value < before) {
        return fmt::format("{} s comes after {} s; sort the file", *value, before);
    }
    return "";
}

}  // namespace

trace_file read_trace(const std::string& path, double speed) {
    csv_file file(path, "trace", "due times");
    trace_file trace;
    trace.hash = file.hash();

    double before = 0;
    bool named = false;
    doubt_about_columns doubt;
    while (const std::optional<csv_line> line = file.next()) {
        const std::string_view first = line->columns.front();
        if (line->names) {
            named = true;
            const auto wrong = complaint_about_name(unquoted(first), line->columns.size());
            if (!wrong.empty()) {
                file.refuse_line(wrong);
            }
            continue;
        }
        const std::optional<double> value = read_number(first);
        if (const auto wrong = complaint(value, first, before); !wrong.empty()) {
            file.refuse_line(wrong);
        }
        if (*value / speed > longest_trace_s) {
            file.refuse_line(fmt::format("{} s is too late; accepted is at most {} s at this speed",
                                         *value, longest_trace_s * speed));
        }
        if (trace.due_ns.size() == most_recorded_tasks) {
            file.refuse_line(
                fmt::format("more than {} tasks, the most that are accepted", most_recorded_tasks));
        }
        if (!named) {
            doubt.see(line->columns);
        }
        before = *value;
        trace.due_ns.push_back(std::llround(*value * 1e9 / speed));
    }
    if (trace.due_ns.empty()) {
        file.refuse("has no due time in it");
    }
    if (const std::string other = doubt.text(); !other.empty()) {
        file.refuse(other);
    }
    return trace;
}

}  // namespace stratbench
