#pragma once

#include <fmt/format.h>

#include <concepts>
#include <string>
#include <string_view>

namespace stratbench {

/// "1 round", "15 rounds".
std::string counted(std::integral auto n, std::string_view what) {
    return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
}

}  // namespace stratbench
