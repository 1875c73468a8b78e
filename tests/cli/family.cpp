#include "tests/cli/family.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <utility>

#include "harness/base/clock.hpp"
#include "harness/base/sleep.hpp"

namespace stratbench::test {
namespace {

namespace fs = std::filesystem;

/// What stands behind `name` in the status of a process.
std::string status_of(pid_t process, const std::string& name) {
    std::ifstream file("/proc/" + std::to_string(process) + "/status");
    for (std::string word; file >> word;) {
        if (word == name && file >> word) {
            return word;
        }
    }
    return "";
}

bool is_in(const std::string& mask, int signal) {
    return !mask.empty() && ((std::stoull(mask, nullptr, 16) >> (signal - 1)) & 1) != 0;
}

}  // namespace

std::string role_of(pid_t process) {
    std::ifstream file("/proc/" + std::to_string(process) + "/cmdline");
    std::string program;
    std::string role;
    std::getline(file, program, '\0');
    std::getline(file, role, '\0');
    return role;
}

std::vector<pid_t> everybody_inside(const fs::path& folder) {
    std::vector<pid_t> found;
    for (const auto& entry : fs::directory_iterator("/proc")) {
        std::error_code gone;
        if (fs::read_symlink(entry.path() / "cwd", gone) == folder) {
            found.push_back(static_cast<pid_t>(std::stol(entry.path().filename())));
        }
    }
    return found;
}

bool ignores(pid_t process, int signal) {
    return is_in(status_of(process, "SigIgn:"), signal);
}

bool blocks(pid_t process, int signal) {
    return is_in(status_of(process, "SigBlk:"), signal);
}

void wait_until_heard(pid_t process, int signal) {
    while (is_in(status_of(process, "ShdPnd:"), signal) || status_of(process, "State:") == "R") {
        sleep_until(now_ns() + 1'000'000);
    }
}

void wait_until_asleep(pid_t process) {
    for (std::string state; state != "S" && state != "Z"; state = status_of(process, "State:")) {
        sleep_until(now_ns() + 1'000'000);
    }
}

bool is_stopped(pid_t process) {
    return status_of(process, "State:") == "T";
}

family::family(fs::path folder, const std::string& role) : folder_(std::move(folder)) {
    while (first(role) == members_.end()) {
        sleep_until(now_ns() + 1'000'000);
        members_ = everybody_inside(folder_);
    }
}

std::vector<pid_t>::const_iterator family::first(const std::string& role) const {
    return std::ranges::find(members_, role, role_of);
}

pid_t family::of(const std::string& role) const {
    const auto found = first(role);
    if (found == members_.end()) {
        throw std::runtime_error("there is no " + role + " any more");
    }
    return *found;
}

}  // namespace stratbench::test
