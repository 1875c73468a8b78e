#include "harness/json/json_scanner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <system_error>

#include "harness/base/utf8.hpp"
#include "harness/json/json_archive.hpp"

namespace stratbench {
namespace {

/// Longer numbers than any that a program writes.
constexpr std::size_t most_number_bytes = 400;

/// Whether a character of a text stands for itself.
constexpr std::array<bool, 256> plain = [] {
    std::array<bool, 256> table{};
    for (std::size_t c = 0x20; c < table.size(); ++c) {
        table[c] = c != '"' && c != '\\';
    }
    return table;
}();

constexpr bool is_space(char c) {
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

void append_utf8(std::string& to, unsigned code) {
    const auto put = [&](unsigned byte) { to += static_cast<char>(byte); };
    if (code < 0x80) {
        put(code);
    } else if (code < 0x800) {
        put(0xc0 | code >> 6);
        put(0x80 | (code & 0x3f));
    } else if (code < 0x10000) {
        put(0xe0 | code >> 12);
        put(0x80 | (code >> 6 & 0x3f));
        put(0x80 | (code & 0x3f));
    } else {
        put(0xf0 | code >> 18);
        put(0x80 | (code >> 12 & 0x3f));
        put(0x80 | (code >> 6 & 0x3f));
        put(0x80 | (code & 0x3f));
    }
}

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        const std::size_t length = decode_utf8(text).length;
        if (length == 0) {
            return false;
        }
        text.remove_prefix(length);
    }
    return true;
}

}  // namespace

std::uint64_t json_scanner::here() const {
    return block_begins_ + static_cast<std::uint64_t>(at_ - begin_);
}

void json_scanner::go_to(std::uint64_t position) {
    const std::string_view block = source_.block_at(position);
    block_begins_ = position;
    begin_ = at_ = block.data();
    last_ = begin_ + block.size();
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    if (position == 0 && block.starts_with(byte_order_mark)) {
        at_ += byte_order_mark.size();
    }
}

bool json_scanner::refill() {
    go_to(here());
    return at_ != last_;
}

void json_scanner::reserve(std::size_t characters) {
    if (static_cast<std::size_t>(last_ - at_) < characters) {
        refill();
    }
}

char json_scanner::ahead() {
    do {
        while (at_ != last_ && is_space(*at_)) {
            ++at_;
        }
    } while (at_ == last_ && refill());
    return at_ == last_ ? '\0' : *at_;
}

std::uint64_t json_scanner::position() {
    ahead();
    return here();
}

void json_scanner::unexpected() {
    if (at_ == last_ && !refill()) {
        throw not_json(fmt::format("not JSON: it ends too early, after {} bytes", here()));
    }
    const auto byte = static_cast<unsigned char>(*at_);
    throw not_json(byte > 0x20 && byte < 0x7f
                       ? fmt::format("not JSON: unexpected '{}' at byte {}", *at_, here() + 1)
                       : fmt::format("not JSON: unexpected 0x{:02x} at byte {}", byte, here() + 1));
}

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
            return kind::null;
        default:
            if (c != '-' && !is_digit(c)) {
                unexpected();
            }
            return kind::number;
    }
}

void json_scanner::enter(char opening, const char* otherwise) {
    next();
    if (*at_ != opening) {
        throw json_error("", otherwise);
    }
    if (++depth_ > most_depth) {
        throw not_json(
            fmt::format("nested deeper than {} levels at byte {}", most_depth, here() + 1));
    }
    ++at_;
}

bool json_scanner::left(char closing) {
    if (ahead() != closing) {
        return false;
    }
    ++at_;
    return true;
}

bool json_scanner::more(char closing) {
    const char c = ahead();
    if (c != ',' && c != closing) {
        unexpected();
    }
    ++at_;
    return c == ',';
}

void json_scanner::expect(char wanted) {
    if (ahead() != wanted) {
        unexpected();
    }
    ++at_;
}

void json_scanner::key() {
    if (ahead() != '"') {
        unexpected();
    }
    scratch_.clear();
    read_text(&scratch_);
    expect(':');
}

/// The text whose opening quote comes next; appended to `into` unless that is null.
void json_scanner::read_text(std::string* into) {
    const std::uint64_t started = here();
    ++at_;
    while (true) {
        const char* const from = at_;
        while (at_ != last_ && plain[static_cast<unsigned char>(*at_)]) {
            ++at_;
        }
        if (into != nullptr) {
            into->append(from, at_);
            if (into->size() > most_text_bytes) {
                throw json_error("", fmt::format("is a text of more than {} bytes at byte {}",
                                                 most_text_bytes, started + 1));
            }
        }
        if (at_ == last_) {
            if (!refill()) {
                unexpected();
            }
        } else if (*at_ == '"') {
            ++at_;
            break;
        } else if (*at_ == '\\') {
            read_escape(into);
        } else {
            unexpected();
        }
    }
    if (into != nullptr && !is_utf8(*into)) {
        throw not_json(fmt::format("not JSON: the text at byte {} is not UTF-8", started + 1));
    }
}

void json_scanner::read_escape(std::string* into) {
    constexpr std::string_view escapes = "\"\\/bfnrt";
    constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
    // A pair of surrogates, the longest, and what follows it.
    reserve(13);
    if (++at_ == last_) {
        unexpected();
    }
    if (*at_ != 'u') {
        const std::size_t found = escapes.find(*at_);
        if (found == std::string_view::npos) {
            unexpected();
        }
        if (into != nullptr) {
            *into += meanings[found];
        }
        ++at_;
        return;
    }
    ++at_;
    unsigned code = hexadecimal();
    if (code >= 0xd800 && code < 0xdc00) {
        if (at_ == last_ || *at_ != '\\') {
            unexpected();
        }
        if (++at_ == last_ || *at_ != 'u') {
            unexpected();
        }
        ++at_;
        const unsigned low = hexadecimal();
        if (low < 0xdc00 || low > 0xdfff) {
            unexpected();
        }
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    } else if (code >= 0xdc00 && code <= 0xdfff) {
        unexpected();
    }
    if (into != nullptr) {
        append_utf8(*into, code);
    }
}

unsigned json_scanner::hexadecimal() {
    constexpr std::ptrdiff_t digits = 4;
    unsigned value = 0;
    const char* const end = at_ + std::min(digits, last_ - at_);
    const auto read = std::from_chars(at_, end, value, 16);
    at_ = read.ptr;
    if (read.ec != std::errc{} || read.ptr != end || end == last_) {
        unexpected();
    }
    return value;
}

/// The number that comes next, taken; valid until something else is.
std::string_view json_scanner::number_token() {
    reserve(most_number_bytes);
    const char* const from = at_;
    const auto digits = [&] {
        if (at_ == last_ || !is_digit(*at_)) {
            unexpected();
        }
        while (at_ != last_ && is_digit(*at_)) {
            ++at_;
        }
    };
    if (*at_ == '-') {
        ++at_;
    }
    if (at_ != last_ && *at_ == '0') {
        ++at_;
    } else {
        digits();
    }
    if (at_ != last_ && *at_ == '.') {
        ++at_;
        digits();
    }
    if (at_ != last_ && (*at_ == 'e' || *at_ == 'E')) {
        ++at_;
        if (at_ != last_ && (*at_ == '+' || *at_ == '-')) {
            ++at_;
        }
        digits();
    }
    const std::string_view token(from, static_cast<std::size_t>(at_ - from));
    if (token.size() >= most_number_bytes) {
        throw not_json(fmt::format("the number at byte {} is too long", here() - token.size() + 1));
    }
    return token;
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
    const std::string_view token = number_token();
    double value = 0;
    const auto read = std::from_chars(token.begin(), token.end(), value);
    if (read.ec != std::errc{}) {
        throw json_error("", "is out of a number's range");
    }
    return value;
}

template <std::integral T>
T json_scanner::whole() {
    constexpr const char* refused = "must be a whole number in its range";
    if (next() != kind::number) {
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

void json_scanner::literal(std::string_view word) {
    reserve(word.size());
    for (const char c : word) {
        if (at_ == last_ || *at_ != c) {
            unexpected();
        }
        ++at_;
    }
}

bool json_scanner::boolean() {
    if (next() != kind::boolean) {
        throw json_error("", "must be true or false");
    }
    const bool value = *at_ == 't';
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
            number_token();
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
        const std::string_view block = source_.block_at(from + result.size());
        if (block.empty()) {
            unexpected();
        }
        result += block.substr(0, static_cast<std::size_t>(to - from) - result.size());
    }
    go_to(to);
    return result;
}

void json_scanner::end() {
    if (ahead() != '\0' || at_ != last_) {
        unexpected();
    }
}

}  // namespace stratbench
