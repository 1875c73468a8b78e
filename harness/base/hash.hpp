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

/// The 64-bit FNV-1a hash of a text that may come in pieces, wherever these end: `hash` is that of
/// what came before. Source: Fowler, Noll and Vo.
inline constexpr std::uint64_t fnv1a_of_nothing = 0xcbf29ce484222325ULL;
constexpr std::uint64_t fnv1a(std::uint64_t hash, std::string_view text) noexcept {
    for (const char c : text) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    }
    return hash;
}

/// The FNV-1a hash of a whole text, finished by mix64. The same on every machine and compiler.
constexpr std::uint64_t hash_text(std::string_view text) noexcept {
    return mix64(fnv1a(fnv1a_of_nothing, text));
}

}  // namespace stratbench
