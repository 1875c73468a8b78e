#include "harness/base/files/content.hpp"

#include <algorithm>
#include <array>

namespace stratbench {
namespace {

using namespace std::string_view_literals;

struct signature {
    std::string_view begins;
    std::string_view what;
    std::string_view advice;
};

constexpr std::string_view unpack = "; unpack it first";
constexpr std::string_view convert = "; convert it to UTF-8";

/// Longer ones before those with which they begin.
constexpr std::array signatures{
    signature{"\x1f\x8b"sv, "gzip", unpack},
    signature{"PK\x03\x04"sv, "a zip archive", unpack},
    signature{"PK\x05\x06"sv, "a zip archive", unpack},
    signature{"BZh"sv, "bzip2", unpack},
    signature{"\xfd"
              "7zXZ\0"sv,
              "xz", unpack},
    signature{"\x28\xb5\x2f\xfd"sv, "zstd", unpack},
    signature{"7z\xbc\xaf"sv, "a 7-zip archive", unpack},
    signature{"\xff\xfe\0\0"sv, "UTF-32", convert},
    signature{"\0\0\xfe\xff"sv, "UTF-32", convert},
    signature{"\xff\xfe"sv, "UTF-16", convert},
    signature{"\xfe\xff"sv, "UTF-16", convert},
    signature{"\x7f"
              "ELF"sv,
              "a program", ""},
    signature{"%PDF"sv, "PDF", ""},
    signature{"#!"sv, "a script", ""},
    signature{"version https://git-lfs"sv, "a pointer of Git LFS", "; fetch the file itself"}};

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

std::string_view without_mark_and_space(std::string_view text) {
    if (text.starts_with("\xef\xbb\xbf")) {
        text.remove_prefix(3);
    }
    while (!text.empty() && is_space(text.front())) {
        text.remove_prefix(1);
    }
    return text;
}

/// Text whose every second byte is 0, as letters are in UTF-16.
bool looks_like_utf16(std::string_view text) {
    constexpr std::size_t enough = 4;
    if (text.size() < enough) {
        return false;
    }
    const auto zero = [&](std::size_t i) { return text[i] == '\0'; };
    return (!zero(0) && zero(1) && !zero(2) && zero(3)) ||
           (zero(0) && !zero(1) && zero(2) && !zero(3));
}

std::string said(std::string_view wanted, std::string_view what, std::string_view advice) {
    return std::string("not ").append(wanted).append(": this is ").append(what).append(advice);
}

}  // namespace

std::string other_content(std::string_view beginning, std::string_view wanted) {
    beginning = beginning.substr(0, 512);
    for (const signature& each : signatures) {
        if (beginning.starts_with(each.begins)) {
            return said(wanted, each.what, each.advice);
        }
    }
    if (looks_like_utf16(beginning)) {
        return said(wanted, "UTF-16", convert);
    }
    const std::string_view text = without_mark_and_space(beginning);
    if (text.empty() && beginning.size() < 512) {
        return said(wanted, "an empty file", "");
    }
    if (beginning.find('\0') != std::string_view::npos) {
        return said(wanted, "binary", "");
    }
    if (text.starts_with('<')) {
        std::string head(text.substr(0, 14));
        std::ranges::transform(head, head.begin(), [](char c) {
            return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        });
        const bool html = head.starts_with("<!doctype html") || head.starts_with("<html");
        return said(wanted, html ? "HTML" : "XML or HTML", "");
    }
    return "";
}

}  // namespace stratbench
