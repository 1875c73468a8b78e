#include "harness/measure/energy_meter.hpp"

#include <fstream>

namespace stratbench {
namespace {

template <class T>
std::optional<T> first_of(const std::filesystem::path& file) {
    T value{};
    if (std::ifstream in(file); in >> value) {
        return value;
    }
    return std::nullopt;
}

}  // namespace

energy_meter::energy_meter(const std::string& root) {
    std::error_code none;
    bool unreadable = false;
    for (const auto& zone :
         std::filesystem::directory_iterator(root + "/sys/class/powercap", none)) {
        // Zones below a package (cores, memory) are parts of it, or beside it (psys) the whole.
        const auto name = first_of<std::string>(zone.path() / "name");
        if (!zone.path().filename().string().starts_with("intel-rapl:") || !name ||
            !name->starts_with("package")) {
            continue;
        }
        const auto began = first_of<std::uint64_t>(zone.path() / "energy_uj");
        const auto range = first_of<std::uint64_t>(zone.path() / "max_energy_range_uj");
        if (began && range) {
            packages_.push_back({zone.path() / "energy_uj", *began, *range});
        } else {
            unreadable = true;
        }
    }
    // Some of several would be a part that looks like the whole.
    if (unreadable) {
        packages_.clear();
        reason_ = "the energy meter (/sys/class/powercap) may only be read by root";
    } else if (packages_.empty()) {
        reason_ = "this machine shows no energy meter (RAPL), as most virtual machines";
    }
}

std::optional<double> energy_meter::joules() const {
    if (packages_.empty()) {
        return std::nullopt;
    }
    std::uint64_t used = 0;
    for (const package& each : packages_) {
        const auto now = first_of<std::uint64_t>(each.counter);
        if (!now) {
            return std::nullopt;
        }
        used += *now >= each.began ? *now - each.began : each.range - each.began + *now;
    }
    return static_cast<double>(used) * 1e-6;
}

}  // namespace stratbench
