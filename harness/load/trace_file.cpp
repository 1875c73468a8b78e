#include "harness/load/trace_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "harness/base/counted.hpp"
#include "harness/base/files/csv.hpp"
#include "harness/base/spec.hpp"

namespace stratbench {
namespace {

bool is_whole(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool has_any(const std::vector<std::string>& words, std::span<const std::string_view> of) {
    return std::ranges::find_first_of(words, of) != words.end();
}

/// Whether these are the words of a name for times at which something is due, not for how long
/// something takes.
bool names_due_times(const std::vector<std::string>& words) {
    constexpr std::array<std::string_view, 34> of_due_times{
        "time",       "times",    "timestamp", "timestamps", "ts",        "t",      "due",
        "arrival",    "arrivals", "arrive",    "arrived",    "at",        "start",  "starts",
        "started",    "begin",    "when",      "seconds",    "second",    "sec",    "secs",
        "s",          "offset",   "elapsed",   "date",       "release",   "submit", "submitted",
        "submission", "sent",     "issued",    "requested",  "scheduled", "clock"};
    constexpr std::array<std::string_view, 17> of_others{
        "service",  "duration", "durations", "processing", "run",       "runtime",
        "response", "size",     "task",      "work",       "execution", "cpu",
        "cost",     "latency",  "end",       "finish",     "wait"};
    return has_any(words, of_due_times) && !has_any(words, of_others);
}

/// What is wrong with the name of the first of these columns; empty = nothing.
std::string complaint_about_names(const std::vector<std::string_view>& columns) {
    const std::string_view name = unquoted(columns.front());
    if (names_another_unit_of_time(name)) {
        return fmt::format("the first column is {}; accepted are seconds", in_quotes(name));
    }
    constexpr std::array<std::string_view, 14> gaps{
        "gap",   "gaps",   "iat",      "inter",     "interarrival", "interarrivals", "dt",
        "delta", "deltas", "interval", "intervals", "diff",         "diffs",         "between"};
    constexpr std::array<std::string_view, 13> counts{
        "id", "index", "idx", "no", "nr", "row", "line", "number", "num", "n", "seq", "i", "count"};
    const std::vector<std::string> words = words_of_name(name);
    if (has_any(words, gaps)) {
        return fmt::format(
            "the first column is {}; accepted are due times in it, in seconds from the start, not "
            "from one to the next",
            in_quotes(name));
    }
    const bool another_is_due =
        !names_due_times(words) &&
        std::any_of(columns.begin() + 1, columns.end(), [](std::string_view other) {
            return names_due_times(words_of_name(unquoted(other)));
        });
    if (another_is_due || (columns.size() > 1 && has_any(words, counts))) {
        return fmt::format("the first column is {}; accepted are due times in it, in seconds",
                           in_quotes(name));
    }
    return "";
}

/// What lines without names above them may be other than due times and further columns.
class doubt_about_columns {
  public:
    /// What is wrong with the line at once; empty = nothing.
    std::string see(const std::vector<std::string_view>& columns) {
        if (rows_ == 0) {
            columns_ = columns.size();
        }
        if (columns.size() != columns_) {
            return fmt::format(
                "has {} where lines before have {}; accepted are points in numbers, as in 0.25, "
                "and as many columns in every line",
                counted(columns.size(), "column"), columns_);
        }
        decimal_commas_ &= columns.size() > 1 && is_whole(columns[0]) && is_whole(columns[1]);
        const auto number = read_number(columns[0]);
        if (rows_ == 0) {
            first_ = number.value_or(-1);
        }
        counting_ &= number == first_ + static_cast<double>(rows_);
        ++rows_;
        return "";
    }

    /// What is doubtful of all lines together; empty = nothing.
    [[nodiscard]] std::string text() const {
        constexpr const char* advice = "name the columns in a first line, as in time,size";
        if (columns_ < 2) {
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
    std::size_t columns_ = 0;
    bool decimal_commas_ = true, counting_ = true;
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
            if (const auto wrong = complaint_about_names(line->columns); !wrong.empty()) {
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
            if (const auto wrong = doubt.see(line->columns); !wrong.empty()) {
                file.refuse_line(wrong);
            }
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
