#pragma once

#include <concepts>

namespace stratbench {

/// Hides from the compiler what `x` holds, at no cost: an empty assembly statement that may have
/// changed it. An accumulator passed through here once per step cannot become a formula (Clang
/// turns a sum of i or of i*i into one), nor several steps into one.
template <std::unsigned_integral T>
inline void keep_opaque(T& x) noexcept {
    asm volatile("" : "+r"(x));
}

}  // namespace stratbench
