#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>

namespace stratbench {

inline std::string_view fuzzed_text(const std::uint8_t* data, std::size_t size) {
    // The fuzzer hands out bytes, the readers take characters.
    return {reinterpret_cast<const char*>(data), size};
}

/// What is wrong with a text, as `read` says; empty where it is accepted. Anything but a
/// std::runtime_error of one line is a bug, and ends the process.
template <class Read>
std::string refusal_of(Read read) {
    try {
        read();
    } catch (const std::runtime_error& error) {
        const std::string message = error.what();
        if (message.empty() || message.find('\n') != std::string::npos) {
            std::fprintf(stderr, "not one line: %s\n", message.c_str());
            std::abort();
        }
        return message;
    }
    return {};
}

}  // namespace stratbench
