#pragma once

#include <cstddef>
#include <string_view>

namespace stratbench {

/// A character that begins a text in UTF-8.
struct utf8_character {
    /// Bytes that it takes; 0 where the text begins with none.
    std::size_t length = 0;
    /// Its code point.
    char32_t point = 0;
};

/// decode_utf8 of a text that begins with a byte of 0x80 or above.
utf8_character decode_long_utf8(std::string_view text) noexcept;

/// Decodes the character that begins `text`, which is not empty. Only the well-formed sequences of
/// RFC 3629 (Unicode 15, table 3-7) are characters: no longer form than need be, no half of a
/// surrogate pair, nothing beyond U+10FFFF, nothing cut short.
inline utf8_character decode_utf8(std::string_view text) noexcept {
    const auto first = static_cast<unsigned char>(text.front());
    return first < 0x80 ? utf8_character{1, first} : decode_long_utf8(text);
}

}  // namespace stratbench
