#include "harness/base/files/csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <system_error>
#include <utility>

#include "harness/base/counted.hpp"
#include "harness/base/files/content.hpp"
#include "harness/base/files/file.hpp"
#include "harness/base/hash.hpp"
#include "harness/base/spec.hpp"

namespace stratbench {
namespace {

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

/// Not a sign or a digit: a number with a mistake in it must not pass for a column's name. The
/// first name may be missing, as tools leave it out above a column of line numbers.
bool may_begin_a_name(std::string_view text) {
    const char c = text.empty() ? ' ' : text.front();
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

}  // namespace

std::string_view unquoted(std::string_view text) {
    const bool quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
    return quoted ? text.substr(1, text.size() - 2) : text;
}

std::vector<std::string> words_of_name(std::string_view name) {
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

bool names_another_unit_of_time(std::string_view name) {
    constexpr std::array<std::string_view, 40> units{"ms",
                                                     "us",
                                                     "ns",
                                                     "msec",
                                                     "usec",
                                                     "nsec",
                                                     "msecs",
                                                     "usecs",
                                                     "nsecs",
                                                     "milli",
                                                     "micro",
                                                     "nano",
                                                     "millis",
                                                     "micros",
                                                     "nanos",
                                                     "millisecond",
                                                     "microsecond",
                                                     "nanosecond",
                                                     "milliseconds",
                                                     "microseconds",
                                                     "nanoseconds",
                                                     "min",
                                                     "mins",
                                                     "minute",
                                                     "minutes",
                                                     "h",
                                                     "hr",
                                                     "hrs",
                                                     "hour",
                                                     "hours",
                                                     "d",
                                                     "day",
                                                     "days",
                                                     "m",
                                                     "tick",
                                                     "ticks",
                                                     "cycle",
                                                     "cycles",
                                                     "jiffies",
                                                     "week"};
    // Neither the micro sign nor the letter is a letter of words_of_name.
    constexpr std::array<std::string_view, 2> micro{"\xc2\xb5s", "\xce\xbcs"};
    const std::vector<std::string> words = words_of_name(name);
    return std::ranges::find_first_of(words, units) != words.end() ||
           std::ranges::any_of(micro, [&](std::string_view unit) {
               return name.find(unit) != std::string_view::npos;
           });
}

csv_file::csv_file(std::string path, std::string_view kind, std::string_view holds)
    : path_(std::move(path)), kind_(kind) {
    std::error_code failed;
    // Others read it again, which a pipe does not allow.
    const auto type = std::filesystem::status(path_, failed).type();
    if (type == std::filesystem::file_type::not_found) {
        refuse("there is no such file");
    }
    if (type != std::filesystem::file_type::regular) {
        refuse("is not a regular file");
    }
    if (std::filesystem::file_size(path_, failed) > most_csv_bytes) {
        refuse(fmt::format("is too large; accepted are at most {} MB", most_csv_bytes / 1'000'000));
    }
    content_ = read_file(path_);
    if (const std::string other = other_content(content_, fmt::format("a CSV file of {}", holds));
        !other.empty()) {
        refuse(other);
    }
    rest_ = content_;
    if (rest_.starts_with("\xef\xbb\xbf")) {
        rest_.remove_prefix(3);  // the mark of some editors
    }
}

std::optional<csv_line> csv_file::next() {
    while (!rest_.empty()) {
        const auto end = std::min(rest_.find('\n'), rest_.size());
        const std::string_view text = trimmed(rest_.substr(0, end));
        rest_.remove_prefix(std::min(end + 1, rest_.size()));
        ++line_;
        if (text.empty() || text.front() == '#') {
            continue;
        }
        if (text.find(';') != std::string_view::npos) {
            refuse_line(
                "has a semicolon; accepted are commas between columns, and points in numbers");
        }
        csv_line line{.columns = columns_of(text)};
        const std::string_view first = line.columns.front();
        line.names = std::exchange(may_be_names_, false) && !read_number(first) &&
                     may_begin_a_name(unquoted(first));
        const std::size_t count = line.columns.size();
        if (line.names) {
            named_ = count;
        } else if (named_ != 0 && count > named_) {
            refuse_line(fmt::format("has {} below {}; accepted are points in numbers, as in 0.25",
                                    counted(count, "column"), counted(named_, "name")));
        }
        return line;
    }
    return {};
}

std::string csv_file::hash() const {
    return fmt::format("{:016x}", hash_text(content_));
}

void csv_file::refuse_line(std::string_view why) const {
    refuse(fmt::format("line {}: {}", line_, why));
}

void csv_file::refuse(std::string_view why) const {
    throw usage_error(fmt::format("{} '{}': {}", kind_, path_, why));
}

}  // namespace stratbench
