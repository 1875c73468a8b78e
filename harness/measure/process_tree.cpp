#include "harness/measure/process_tree.hpp"

#include <sys/resource.h>
#include <sys/types.h>
#include <unistd.h>

#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <thread>

#include "workloads/clock.hpp"

namespace stratbench {
namespace {

/// 0 for a process that has just gone: its usage is about to be entered in the ledger.
std::int64_t process_cpu_ns(pid_t pid) {
    clockid_t clock{};
    timespec used{};
    if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &used) != 0) return 0;
    return nanoseconds(used);
}

/// The part of a process's CPU time that was spent in the kernel, by its ticks.
double system_share(pid_t pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string text((std::istreambuf_iterator<char>(file)), {});
    const std::size_t name_end = text.rfind(')');
    if (name_end == std::string::npos) return 0;
    std::istringstream fields(text.substr(name_end + 2));
    std::string skipped;
    for (int field = 3; field < 14; ++field) fields >> skipped;
    double user = 0;
    double system = 0;
    fields >> user >> system;
    return user + system > 0 ? system / (user + system) : 0;
}

std::uint64_t pss_bytes(const std::string& process) {
    std::ifstream file("/proc/" + process + "/smaps_rollup");
    std::string line;
    while (std::getline(file, line)) {
        if (line.starts_with("Pss:")) return std::stoull(line.substr(4)) * 1024;
    }
    return 0;
}

int entries(const char* directory) {
    std::error_code ignored;
    const std::filesystem::directory_iterator all(directory, ignored);
    return static_cast<int>(std::distance(begin(all), end(all)));
}

}  // namespace

cpu_usage tree_cpu(const process_ledger& ledger) {
    const process_ledger::state tree = ledger.read();
    cpu_usage total = tree.gone;
    rusage own{};
    ::getrusage(RUSAGE_SELF, &own);
    total += {nanoseconds(own.ru_utime), nanoseconds(own.ru_stime)};
    for (const pid_t pid : tree.living) {
        const auto used = static_cast<double>(process_cpu_ns(pid));
        const double system = used * system_share(pid);
        total += {static_cast<std::int64_t>(used - system), static_cast<std::int64_t>(system)};
    }
    return total;
}

std::int64_t tree_cpu_ns(const process_ledger& ledger) {
    const process_ledger::state tree = ledger.read();
    timespec own{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &own);
    std::int64_t total = nanoseconds(own) + tree.gone.user_ns + tree.gone.system_ns;
    for (const pid_t pid : tree.living) total += process_cpu_ns(pid);
    return total;
}

std::uint64_t tree_memory_bytes(const process_ledger& ledger) {
    std::uint64_t total = pss_bytes("self");
    for (const pid_t pid : ledger.read().living) total += pss_bytes(std::to_string(pid));
    return total;
}

int thread_count() {
    return entries("/proc/self/task");
}

void make_first_thread() {
    pid_t id = 0;
    std::thread([&id] { id = ::gettid(); }).join();
    while (std::filesystem::exists("/proc/self/task/" + std::to_string(id))) {
        std::this_thread::yield();
    }
}

int descriptor_count() {
    return entries("/proc/self/fd") - 1;
}

machine_cpu read_machine_cpu() {
    std::ifstream file("/proc/stat");
    std::string label;
    std::int64_t user = 0, nice = 0, system = 0, idle = 0, io_wait = 0, irq = 0, soft_irq = 0,
                 steal = 0;
    file >> label >> user >> nice >> system >> idle >> io_wait >> irq >> soft_irq >> steal;
    const std::int64_t tick_ns = 1'000'000'000 / sysconf(_SC_CLK_TCK);
    return {(user + nice + system + irq + soft_irq) * tick_ns, steal * tick_ns};
}

}  // namespace stratbench
