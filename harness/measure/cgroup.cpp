#include "harness/measure/cgroup.hpp"

#include <fstream>
#include <sstream>
#include <string_view>

namespace stratbench {
namespace {

/// Version 1 writes "no limit" as the largest multiple of the page size.
constexpr std::uint64_t no_memory_limit = 1ULL << 60;

std::optional<std::string> first_word(const std::string& path) {
    std::string word;
    if (std::ifstream in(path); in >> word) {
        return word;
    }
    return std::nullopt;
}

std::optional<double> as_number(const std::optional<std::string>& word) {
    double value = 0;
    if (!word || !(std::istringstream(*word) >> value)) {
        return std::nullopt;
    }
    return value;
}

template <class T>
void tighten(std::optional<T>& limit, const std::optional<T>& other) {
    if (other && (!limit || *other < *limit)) {
        limit = other;
    }
}

std::optional<double> quota(const std::string& directory) {
    if (std::ifstream in(directory + "/cpu.max"); in) {
        std::string most;
        double period = 0;
        if (in >> most >> period && most != "max" && period > 0) {
            return as_number(most).value_or(0) / period;
        }
        return std::nullopt;
    }
    const auto most = as_number(first_word(directory + "/cpu.cfs_quota_us"));
    const auto period = as_number(first_word(directory + "/cpu.cfs_period_us"));
    if (!most || !period || *most <= 0 || *period <= 0) {
        return std::nullopt;
    }
    return *most / *period;
}

std::optional<std::uint64_t> autocorrelation(const std::string& directory) {
    auto word = first_word(directory + "/memory.max");
    if (!word) {
        word = first_word(directory + "/memory.limit_in_bytes");
    }
    std::uint64_t bytes = 0;
    if (!word || !(std::istringstream(*word) >> bytes) || bytes >= no_memory_limit) {
        return std::nullopt;
    }
    return bytes;
}

/// Calls `visit` with the directory of the group `path` and with those of its ancestors up to the
/// mount. In a container the path may not exist below the mount; then its root still counts.
template <class Visit>
void up_to_mount(const std::string& mount, std::string path, Visit visit) {
    while (!path.empty() && path != "/") {
        visit(mount + path);
        path.resize(path.rfind('/') == std::string::npos ? 0 : path.rfind('/'));
    }
    visit(mount);
}

bool contains(std::string_view list, std::string_view item) {
    std::istringstream in{std::string(list)};
    for (std::string part; std::getline(in, part, ',');) {
        if (part == item) {
            return true;
        }
    }
    return false;
}

/// Calls `visit` with each directory that rules over this process for `controller`, from its group
/// up to the mount, of whichever version is mounted.
template <class Visit>
void for_each_group(const cgroup_location& where, const std::string& controller, Visit visit) {
    std::ifstream self(where.self);
    for (std::string line; std::getline(self, line);) {
        // hierarchy:controllers:path, the controllers empty for version 2
        const auto first = line.find(':');
        const auto second = line.find(':', first + 1);
        if (first == std::string::npos || second == std::string::npos) {
            continue;
        }
        const std::string controllers = line.substr(first + 1, second - first - 1);
        if (!controllers.empty() && !contains(controllers, controller)) {
            continue;
        }
        up_to_mount(controllers.empty() ? where.mount : where.mount + "/" + controller,
                    line.substr(second + 1), visit);
    }
}

}  // namespace

cgroup_limits read_cgroup_limits(const cgroup_location& where) {
    cgroup_limits limits;
    for_each_group(where, "cpu", [&](const auto& group) { tighten(limits.cpus, quota(group)); });
    for_each_group(where, "memory", [&](const auto& group) {
        tighten(limits.memory_bytes, autocorrelation(group));
    });
    return limits;
}

cgroup_throttling read_cgroup_throttling(const cgroup_location& where) {
    cgroup_throttling sum;
    for_each_group(where, "cpu", [&](const auto& group) {
        std::ifstream stat(group + "/cpu.stat");
        std::string name;
        for (std::uint64_t value = 0; stat >> name >> value;) {
            if (name == "nr_throttled") {
                sum.periods += value;
            }
            if (name == "throttled_usec") {
                sum.stopped_s += static_cast<double>(value) * 1e-6;
            }
            if (name == "throttled_time") {
                sum.stopped_s += static_cast<double>(value) * 1e-9;
            }
        }
    });
    return sum;
}

}  // namespace stratbench
