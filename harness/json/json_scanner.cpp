#include "harness/json/json_scanner.hpp"

#include <fmt/format.h>

#include <charconv>
#include <system_error>

#include "harness/json/json_archive.hpp"

namespace stratbench {

json_scanner::kind json_scanner::next() {
    switch (const char c = ahead()) {
        case '{':
            return kind::object;
        case '[':
            return kind::array;
        case '"':
            return kind::text;
        case 't':
        case 'f':
            return kind::boolean;
        case 'n':
            return comes("nan") ? kind::number : kind::null;
        default:
            if (c != '-' && !is_digit(c) && !begins_a_non_number(c)) {
                unexpected();
            }
            return kind::number;
    }
}

void json_scanner::enter(char opening, const char* otherwise) {
    next();
    if (ahead() != opening) {
        throw json_error("", otherwise);
    }
    if (++depth_ > most_depth) {
        throw not_json(
            fmt::format("nested deeper than {} levels at byte {}", most_depth, here() + 1));
    }
    take();
}

bool json_scanner::left(char closing) {
    if (ahead() != closing) {
        return false;
    }
    take();
    return true;
}

bool json_scanner::more(char closing) {
    const char c = ahead();
    if (c != ',' && c != closing) {
        unexpected();
    }
    take();
    return c == ',';
}

void json_scanner::key() {
    if (ahead() != '"') {
        unexpected();
    }
    scratch_.clear();
    read_text(&scratch_);
    expect(':');
}

std::string json_scanner::text() {
    if (next() != kind::text) {
        throw json_error("", "must be a text");
    }
    std::string result;
    read_text(&result);
    return result;
}

double json_scanner::number() {
    if (next() != kind::number) {
        throw json_error("", "must be a number");
    }
    if (take_non_number()) {
        throw json_error("", "must be a finite number");
    }
    const std::string_view token = number_token();
    double value = 0;
    const auto read = std::from_chars(token.begin(), token.end(), value);
    if (read.ec != std::errc{}) {
        throw json_error("", "is out of a number's range");
    }
    return value;
}

std::optional<double> json_scanner::number_if_finite() {
    if (next() == kind::null) {
        literal("null");
        return std::nullopt;
    }
    if (next() != kind::number) {
        throw json_error("", "must be a number");
    }
    if (take_non_number()) {
        return std::nullopt;
    }
    const std::string_view token = number_token();
    double value = 0;
    const auto read = std::from_chars(token.begin(), token.end(), value);
    return read.ec == std::errc{} ? std::optional(value) : std::nullopt;
}

template <std::integral T>
T json_scanner::whole() {
    constexpr const char* refused = "must be a whole number in its range";
    if (next() != kind::number || take_non_number()) {
        throw json_error("", refused);
    }
    const std::string_view token = number_token();
    T value = 0;
    const auto read = std::from_chars(token.begin(), token.end(), value);
    if (read.ec != std::errc{} || read.ptr != token.end()) {
        throw json_error("", refused);
    }
    return value;
}
template int json_scanner::whole<int>();
template std::int64_t json_scanner::whole<std::int64_t>();
template std::uint64_t json_scanner::whole<std::uint64_t>();

bool json_scanner::boolean() {
    if (next() != kind::boolean) {
        throw json_error("", "must be true or false");
    }
    const bool value = ahead() == 't';
    literal(value ? "true" : "false");
    return value;
}

void json_scanner::skip() {
    switch (next()) {
        case kind::object:
            return skip_members();
        case kind::array:
            return array([this](std::size_t) { skip(); });
        case kind::text:
            return read_text(nullptr);
        case kind::number:
            if (!take_non_number()) {
                number_token();
            }
            return;
        case kind::boolean:
            boolean();
            return;
        case kind::null:
            return literal("null");
    }
}

/// As object(), but the keys are not wanted.
void json_scanner::skip_members() {
    enter('{', "");
    if (!left('}')) {
        do {
            if (ahead() != '"') {
                unexpected();
            }
            read_text(nullptr);
            expect(':');
            skip();
        } while (more('}'));
    }
    --depth_;
}

std::string json_scanner::raw() {
    const std::uint64_t from = position();
    skip();
    const std::uint64_t to = here();
    if (to - from > most_raw_bytes) {
        throw json_error("", fmt::format("is longer than {} MiB", most_raw_bytes >> 20));
    }
    std::string result;
    while (result.size() < to - from) {
        const std::string_view block = block_at(from + result.size());
        if (block.empty()) {
            unexpected();
        }
        result += block.substr(0, static_cast<std::size_t>(to - from) - result.size());
    }
    go_to(to);
    return result;
}

void json_scanner::end() {
    if (ahead() != '\0' || !at_end()) {
        unexpected();
    }
}

}  // namespace stratbench
