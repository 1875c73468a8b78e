#include "harness/measure/processor.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <string_view>
#include <vector>

namespace stratbench {
namespace {

/// What kernels call the name of a processor: x86 and some ARM; POWER; MIPS; RISC-V; SPARC, s390.
constexpr std::array<std::string_view, 7> keys_of_name = {
    "model name", "cpu model", "cpu", "uarch", "isa", "Processor", "vendor_id"};

/// One core's lines.
using core = std::map<std::string, std::string, std::less<>>;

std::string_view trimmed(std::string_view text) {
    const std::size_t from = text.find_first_not_of(" \t");
    return from == std::string_view::npos
               ? std::string_view{}
               : text.substr(from, text.find_last_not_of(" \t") - from + 1);
}

std::vector<core> read_cores(const std::string& path) {
    std::vector<core> cores(1);
    std::ifstream in(path);
    for (std::string line; std::getline(in, line);) {
        const std::size_t colon = line.find(':');
        if (colon == std::string::npos) {
            cores.emplace_back();
            continue;
        }
        const std::string_view text = line;
        cores.back().emplace(trimmed(text.substr(0, colon)), trimmed(text.substr(colon + 1)));
    }
    return cores;
}

std::string value(const core& of, std::string_view key) {
    const auto found = of.find(key);
    return found == of.end() ? "" : found->second;
}

}  // namespace

std::string processor_name(const std::string& root) {
    std::vector<std::string> parts;
    const auto add = [&](std::string part) {
        if (!part.empty() && std::ranges::find(parts, part) == parts.end()) {
            parts.push_back(std::move(part));
        }
    };
    const std::vector<core> cores = read_cores(root + "/proc/cpuinfo");
    for (const std::string_view key : keys_of_name) {
        for (const core& each : cores) {
            if (parts.empty()) {
                add(value(each, key));
            }
        }
    }
    for (const core& each : cores) {
        if (const std::string implementer = value(each, "CPU implementer"); !implementer.empty()) {
            add(fmt::format("cpu {}/{}/{}", implementer, value(each, "CPU part"),
                            value(each, "CPU variant")));
        }
    }
    return fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace stratbench
