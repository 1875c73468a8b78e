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

/// What is wrong with a text, as `read` says; empty where it is accepted. A message of more than
/// one line is a bug and ends the process, as does an exception that no input may cause.
template <class Read>
std::string refusal_of(Read read) {
    try {
        read();
    } catch (const std::logic_error& error) {
        std::fprintf(stderr, "not for input: %s\n", error.what());
        std::abort();
    } catch (const std::exception& error) {
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
