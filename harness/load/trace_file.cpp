#include "harness/load/trace_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>
#include <vector>

#include "harness/base/counted.hpp"
#include "harness/base/files/content.hpp"
#include "harness/base/files/file.hpp"
#include "harness/base/hash.hpp"
#include "harness/base/spec.hpp"

namespace stratbench {
namespace {

/// The most tasks, at 50 characters a line.
constexpr std::uintmax_t most_bytes = most_recorded_tasks * 50;

std::string content_of(const std::string& path) {
    const auto refuse = [&](std::string_view why) {
        throw usage_error(fmt::format("trace '{}': {}", path, why));
    };
    std::error_code failed;
    // A trial reads it again, which a pipe does not allow.
    const auto kind = std::filesystem::status(path, failed).type();
    if (kind == std::filesystem::file_type::not_found) {
        refuse("there is no such file");
    }
    if (kind != std::filesystem::file_type::regular) {
        refuse("is not a regular file");
    }
    if (std::filesystem::file_size(path, failed) > most_bytes) {
        refuse(fmt::format("is too large; accepted are at most {} MB", most_bytes / 1'000'000));
    }
    return read_file(path);
}

std::string_view trimmed(std::string_view text) {
    const auto from = text.find_first_not_of(" \t\r");
    if (from == std::string_view::npos) {
        return {};
    }
    return text.substr(from, text.find_last_not_of(" \t\r") - from + 1);
}

std::vector<std::string_view> columns_of(std::string_view line) {
    std::vector<std::string_view> columns;
    for (bool more = true; more;) {
        const std::size_t comma = line.find(',');
        more = comma != std::string_view::npos;
        columns.push_back(trimmed(line.substr(0, comma)));
        line.remove_prefix(more ? comma + 1 : line.size());
    }
    return columns;
}

std::string_view unquoted(std::string_view text) {
    const bool quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
    return quoted ? text.substr(1, text.size() - 2) : text;
}

bool is_whole(std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// Not a sign or a digit: a due time with a mistake in it must not pass for a column's name. The
/// first name may be missing, as tools leave it out above a column of line numbers.
bool may_begin_a_name(std::string_view text) {
    const char c = text.empty() ? ' ' : text.front();
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// The words of a column's name in small letters: `timeMs`, `time_ms` and `time [ms]` have two.
std::vector<std::string> words_of(std::string_view name) {
    std::vector<std::string> words(1);
    bool after_small = false;
    for (const char c : name) {
        const bool small = c >= 'a' && c <= 'z', large = c >= 'A' && c <= 'Z';
        if ((!small && !large) || (large && after_small)) {
            words.emplace_back();
        }
        if (small || large) {
            words.back() += static_cast<char>(large ? c - 'A' + 'a' : c);
        }
        after_small = small;
    }
    std::erase(words, "");
    return words;
}

/// What is wrong with the name of the first column where there are `columns`; empty = nothing.
std::string complaint_about_name(std::string_view name, std::size_t columns) {
    constexpr std::array<std::string_view, 15> units{
        "ms",           "us",          "ns",      "msec",  "usec",
        "nsec",         "millis",      "micros",  "nanos", "milliseconds",
        "microseconds", "nanoseconds", "minutes", "hours", "min"};
    constexpr std::array<std::string_view, 13> counts{
        "id", "index", "idx", "no", "nr", "row", "line", "number", "num", "n", "seq", "i", "count"};
    const auto is_one_of = [](std::string_view word, const auto& list) {
        return std::ranges::find(list, word) != list.end();
    };
    for (const std::string& word : words_of(name)) {
        if (is_one_of(word, units)) {
            return fmt::format("the first column is {}; accepted are seconds", in_quotes(name));
        }
        if (columns > 1 && is_one_of(word, counts)) {
            return fmt::format("the first column is {}; accepted are due times in it, in seconds",
                               in_quotes(name));
        }
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
    const std::string content = content_of(path);
    if (const std::string other = other_content(content, "a CSV file of due times");
        !other.empty()) {
        throw usage_error(fmt::format("trace '{}': {}", path, other));
    }
    trace_file trace;
    trace.hash = fmt::format("{:016x}", hash_text(content));

    std::string_view rest = content;
    if (rest.starts_with("\xef\xbb\xbf")) {
        rest.remove_prefix(3);  // the mark of some editors
    }
    double before = 0;
    bool may_be_names = true;
    /// Columns that have a name.
    std::size_t named = 0;
    doubt_about_columns doubt;
    for (std::uint64_t line = 1; !rest.empty(); ++line) {
        const auto end = std::min(rest.find('\n'), rest.size());
        const std::string_view text = trimmed(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (text.empty() || text.front() == '#') {
            continue;
        }

        const auto refuse = [&](std::string_view why) {
            throw usage_error(fmt::format("trace '{}': line {}: {}", path, line, why));
        };
        if (text.find(';') != std::string_view::npos) {
            refuse("has a semicolon; accepted are commas between columns, and points in numbers");
        }
        const std::vector<std::string_view> columns = columns_of(text);
        const std::string_view first = columns.front();
        const std::optional<double> value = read_number(first);
        if (may_be_names && !value && may_begin_a_name(unquoted(first))) {
            may_be_names = false;
            named = columns.size();
            if (const auto wrong = complaint_about_name(unquoted(first), named); !wrong.empty()) {
                refuse(wrong);
            }
            continue;
        }
        may_be_names = false;
        if (named != 0 && columns.size() > named) {
            refuse(fmt::format("has {} below {}; accepted are points in numbers, as in 0.25",
                               counted(columns.size(), "column"), counted(named, "name")));
        }
        if (const auto wrong = complaint(value, first, before); !wrong.empty()) {
            refuse(wrong);
        }
        if (*value / speed > longest_trace_s) {
            refuse(fmt::format("{} s is too late; accepted is at most {} s at this speed", *value,
                               longest_trace_s * speed));
        }
        if (trace.due_ns.size() == most_recorded_tasks) {
            refuse(
                fmt::format("more than {} tasks, the most that are accepted", most_recorded_tasks));
        }
        if (named == 0) {
            doubt.see(columns);
        }
        before = *value;
        trace.due_ns.push_back(std::llround(*value * 1e9 / speed));
    }
    if (trace.due_ns.empty()) {
        throw usage_error(fmt::format("trace '{}': has no due time in it", path));
    }
    if (const std::string other = doubt.text(); !other.empty()) {
        throw usage_error(fmt::format("trace '{}': {}", path, other));
    }
    return trace;
}

}  // namespace stratbench
