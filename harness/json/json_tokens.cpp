#include "harness/json/json_tokens.hpp"

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

not_json ends_too_early(std::uint64_t bytes) {
    return not_json(fmt::format("not JSON: it ends too early, after {} bytes", bytes));
}

not_json unexpected_at(char c, std::uint64_t position) {
    const auto byte = static_cast<unsigned char>(c);
    return not_json(byte > 0x20 && byte < 0x7f
                        ? fmt::format("not JSON: unexpected '{}' at byte {}", c, position)
                        : fmt::format("not JSON: unexpected 0x{:02x} at byte {}", byte, position));
}

not_json out_of_range_at(std::string_view number, std::uint64_t position) {
    constexpr std::size_t enough = 30;
    return not_json(fmt::format("the number {}{} at byte {} is out of range",
                                number.substr(0, enough), number.size() > enough ? "..." : "",
                                position));
}

std::uint64_t json_tokens::here() const {
    return block_begins_ + static_cast<std::uint64_t>(at_ - begin_);
}

void json_tokens::go_to(std::uint64_t position) {
    const std::string_view block = source_.block_at(position);
    block_begins_ = position;
    begin_ = at_ = block.data();
    last_ = begin_ + block.size();
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    if (position == 0 && block.starts_with(byte_order_mark)) {
        at_ += byte_order_mark.size();
    }
}

bool json_tokens::refill() {
    go_to(here());
    return at_ != last_;
}

void json_tokens::reserve(std::size_t characters) {
    if (static_cast<std::size_t>(last_ - at_) < characters) {
        refill();
    }
}

char json_tokens::ahead() {
    do {
        while (at_ != last_ && is_space(*at_)) {
            ++at_;
        }
    } while (at_ == last_ && refill());
    return at_ == last_ ? '\0' : *at_;
}

std::uint64_t json_tokens::position() {
    ahead();
    return here();
}

void json_tokens::unexpected() {
    if (at_ == last_ && !refill()) {
        throw ends_too_early(here());
    }
    throw unexpected_at(*at_, here() + 1);
}

void json_tokens::expect(char wanted) {
    if (ahead() != wanted) {
        unexpected();
    }
    ++at_;
}

void json_tokens::read_text(std::string* into) {
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

void json_tokens::read_escape(std::string* into) {
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

unsigned json_tokens::hexadecimal() {
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

std::string_view json_tokens::number_token() {
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

bool json_tokens::comes(std::string_view word) {
    reserve(word.size());
    return std::string_view(at_, static_cast<std::size_t>(last_ - at_)).starts_with(word);
}

bool json_tokens::take_non_number() {
    // None begins with another one.
    constexpr std::array<std::string_view, 10> words{"NaN",  "nan",  "Infinity",  "inf",  "Inf",
                                                     "-NaN", "-nan", "-Infinity", "-inf", "-Inf"};
    const auto found = std::ranges::find_if(words, [&](std::string_view w) { return comes(w); });
    if (found == words.end()) {
        return false;
    }
    at_ += found->size();
    return true;
}

void json_tokens::literal(std::string_view word) {
    reserve(word.size());
    for (const char c : word) {
        if (at_ == last_ || *at_ != c) {
            unexpected();
        }
        ++at_;
    }
}

}  // namespace stratbench
