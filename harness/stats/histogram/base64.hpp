#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace stratbench {

/// RFC 4648, with padding.
std::string base64_encode(std::span<const unsigned char> bytes);
/// Throws std::runtime_error on any other character, a wrong length or misplaced padding.
std::vector<unsigned char> base64_decode(std::string_view text);

}  // namespace stratbench
