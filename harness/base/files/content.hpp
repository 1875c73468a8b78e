#pragma once

#include <string>
#include <string_view>

namespace stratbench {

/// What a file is whose content begins like that, where it is surely not the text that was expected
/// (`wanted`: "JSON"), with what to do: "not JSON: this is gzip; unpack it first". Empty where
/// nobody can say; the first 512 bytes are enough to know.
std::string other_content(std::string_view beginning, std::string_view wanted);

}  // namespace stratbench
