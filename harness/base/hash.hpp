#pragma once

#include <cstdint>
#include <string_view>

namespace stratbench {

/// The finaliser of SplitMix64: a bijection on 64 bits whose every output bit depends on every
/// input bit. Source: Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators" (2014),
/// variant 13 of Stafford.
constexpr std::uint64_t mix64(std::uint64_t x) noexcept {
    x += 0x9e3779b97f4a7c15ULL;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
}

/// Combines a hash with one more value; the order matters.
constexpr std::uint64_t mix64(std::uint64_t hash, std::uint64_t value) noexcept {
    return mix64(hash ^ mix64(value));
}

/// 64-bit FNV-1a of a text, finished by mix64. The same on every machine and compiler.
constexpr std::uint64_t hash_text(std::string_view text) noexcept {
    std::uint64_t hash = 0xcbf29ce484222325ULL;
    for (const char c : text) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    }
    return mix64(hash);
}

}  // namespace stratbench
