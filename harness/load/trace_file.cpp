#include "harness/load/trace_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>

#include "harness/base/file.hpp"
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

/// Not a sign or a digit: a due time with a mistake in it must not pass for a column's name.
bool may_begin_a_name(std::string_view text) {
    const char c = text.empty() ? ' ' : text.front();
    return c == '"' || c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

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
    trace_file trace;
    trace.hash = fmt::format("{:016x}", hash_text(content));

    std::string_view rest = content;
    if (rest.starts_with("\xef\xbb\xbf")) {
        rest.remove_prefix(3);  // the mark of some editors
    }
    double before = 0;
    bool may_be_names = true;
    for (std::uint64_t line = 1; !rest.empty(); ++line) {
        const auto end = std::min(rest.find('\n'), rest.size());
        const std::string_view text = trimmed(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (text.empty() || text.front() == '#') {
            continue;
        }

        const std::string_view first = trimmed(text.substr(0, text.find(',')));
        const std::optional<double> value = read_number(first);
        const bool names = may_be_names && !value && may_begin_a_name(first);
        may_be_names = false;
        if (names) {
            continue;
        }
        const auto refuse = [&](std::string_view why) {
            throw usage_error(fmt::format("trace '{}': line {}: {}", path, line, why));
        };
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
        before = *value;
        trace.due_ns.push_back(std::llround(*value * 1e9 / speed));
    }
    if (trace.due_ns.empty()) {
        throw usage_error(fmt::format("trace '{}': has no due time in it", path));
    }
    return trace;
}

}  // namespace stratbench
