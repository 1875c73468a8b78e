#include "harness/base/utf8.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace stratbench {
namespace {

/// The bytes of a code point by the rule of RFC 3629, section 3, surrogates included.
std::string encoded(char32_t point) {
    const auto byte = [](char32_t value) { return static_cast<char>(value); };
    if (point < 0x80) {
        return {byte(point)};
    }
    if (point < 0x800) {
        return {byte(0xc0 | point >> 6), byte(0x80 | (point & 0x3f))};
    }
    if (point < 0x10000) {
        return {byte(0xe0 | point >> 12), byte(0x80 | (point >> 6 & 0x3f)),
                byte(0x80 | (point & 0x3f))};
    }
    return {byte(0xf0 | point >> 18), byte(0x80 | (point >> 12 & 0x3f)),
            byte(0x80 | (point >> 6 & 0x3f)), byte(0x80 | (point & 0x3f))};
}

TEST(utf8, every_code_point_but_surrogates_is_read_back) {
    std::vector<char32_t> wrong;
    for (char32_t point = 0; point <= 0x10ffff; ++point) {
        const std::string text = encoded(point) + "x";
        const utf8_character read = decode_utf8(text);
        const bool surrogate = point >= 0xd800 && point < 0xe000;
        const std::size_t length = surrogate ? 0 : text.size() - 1;
        if (read.length != length || read.point != (surrogate ? 0 : point)) {
            wrong.push_back(point);
        }
    }
    EXPECT_EQ(wrong, std::vector<char32_t>{});
}

TEST(utf8, what_is_cut_short_is_no_character) {
    for (const char32_t point : {0x80U, 0x7ffU, 0x800U, 0xffffU, 0x10000U, 0x10ffffU}) {
        const std::string whole = encoded(point);
        for (std::size_t length = 1; length < whole.size(); ++length) {
            EXPECT_EQ(decode_utf8(whole.substr(0, length)).length, 0U) << std::uint32_t{point};
            EXPECT_EQ(decode_utf8(whole.substr(0, length) + "xxx").length, 0U)
                << std::uint32_t{point};
        }
    }
}

TEST(utf8, a_longer_form_than_need_be_is_no_character) {
    for (const char* text : {"\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xe0\x9f\xbf",
                             "\xf0\x80\x80\x80", "\xf0\x8f\xbf\xbf"}) {
        EXPECT_EQ(decode_utf8(text).length, 0U) << testing::PrintToString(text);
    }
}

TEST(utf8, what_is_beyond_the_last_code_point_is_no_character) {
    EXPECT_EQ(decode_utf8("\xf4\x8f\xbf\xbf").point, char32_t{0x10ffff});
    for (const char* text : {"\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xf8\x88\x80\x80\x80", "\xff",
                             "\xfe", "\x80", "\xbf"}) {
        EXPECT_EQ(decode_utf8(text).length, 0U) << testing::PrintToString(text);
    }
}

}  // namespace
}  // namespace stratbench
