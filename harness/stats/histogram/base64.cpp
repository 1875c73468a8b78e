#include "harness/stats/histogram/base64.hpp"

#include <cstdint>
#include <stdexcept>

namespace stratbench {

namespace {
constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
}

std::string base64_encode(std::span<const unsigned char> bytes) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const auto byte = [&](std::size_t k) {
            return i + k < bytes.size() ? std::uint32_t{bytes[i + k]} : 0U;
        };
        const std::uint32_t group = byte(0) << 16 | byte(1) << 8 | byte(2);
        for (unsigned k = 0; k < 4; ++k) {
            text += i + k <= bytes.size() ? alphabet[group >> (18 - 6 * k) & 63] : '=';
        }
    }
    return text;
}

std::vector<unsigned char> base64_decode(std::string_view text) {
    if (text.size() % 4 != 0) {
        throw std::runtime_error("not base64: its length");
    }
    std::vector<unsigned char> bytes;
    bytes.reserve(text.size() / 4 * 3);
    std::size_t padding = 0;
    while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') {
        ++padding;
    }
    const std::size_t digits = text.size() - padding;
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < digits; ++i) {
        const auto digit = alphabet.find(text[i]);
        if (digit == std::string_view::npos) {
            throw std::runtime_error("not base64: a character");
        }
        group = group << 6 | static_cast<std::uint32_t>(digit);
        // A byte is complete with every digit but the first of each four.
        if (i % 4 != 0) {
            bytes.push_back(static_cast<unsigned char>(group >> (6 - 2 * (i % 4))));
        }
    }
    return bytes;
}

}  // namespace stratbench
