#include "harness/measure/process_tree.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <thread>
#include <unordered_set>

#include "harness/base/process/children.hpp"
#include "harness/base/process/thread.hpp"
#include "harness/measure/proc_files.hpp"

namespace stratbench {
namespace {

process_usage usage_of_kernel(int whose) {
    rusage usage{};
    ::getrusage(whose, &usage);
    return usage_of(usage);
}

/// A state whose lists can be searched.
process_ledger::state read_sorted(const process_ledger& ledger) {
    process_ledger::state state = ledger.read();
    std::sort(state.living.begin(), state.living.end());
    std::sort(state.helpers.begin(), state.helpers.end());
    return state;
}

bool contains(const std::vector<pid_t>& sorted, pid_t pid) {
    return std::binary_search(sorted.begin(), sorted.end(), pid);
}

/// What a process has used itself.
process_usage own_usage(pid_t pid, const process_stat& stat) {
    process_usage used;
    const std::int64_t cpu = process_cpu_ns(pid);
    const std::int64_t ticks = stat.user_ticks + stat.system_ticks;
    used.system_ns = ticks == 0 ? 0 : cpu / ticks * stat.system_ticks;
    used.user_ns = cpu - used.system_ns;
    const thread_switches switches = read_switches(pid);
    used.voluntary_switches = switches.voluntary;
    used.involuntary_switches = switches.involuntary;
    used.minor_faults = stat.minor_faults;
    used.major_faults = stat.major_faults;
    return used;
}

/// What the children that it has reaped used.
process_usage reaped_usage(const process_stat& stat) {
    process_usage used;
    used.user_ns = stat.reaped_user_ticks * tick_ns();
    used.system_ns = stat.reaped_system_ticks * tick_ns();
    used.minor_faults = stat.reaped_minor_faults;
    used.major_faults = stat.reaped_major_faults;
    return used;
}

}  // namespace

// A parent is read before the children that it may reap: a process that ends in between is missed
// and not counted twice.

process_usage process_tree::walk() {
    process_usage total = usage_of_kernel(RUSAGE_CHILDREN);
    const process_ledger::state entered = read_sorted(ledger_);
    total += entered.gone;
    total += usage_of_kernel(RUSAGE_SELF);

    members_.clear();
    std::vector<pid_t> found = children_of(::getpid());
    found.insert(found.end(), entered.living.begin(), entered.living.end());
    std::unordered_set<pid_t> visited;
    for (std::size_t i = 0; i < found.size(); ++i) {
        const pid_t pid = found[i];
        if (!visited.insert(pid).second) {
            continue;
        }
        const auto stat = read_stat(pid);
        if (!stat) {
            continue;
        }
        member each{pid, stat->threads, contains(entered.living, pid), 0};
        if (!contains(entered.helpers, pid)) {
            const process_usage reaped = reaped_usage(*stat);
            each.reaped_ns = reaped.cpu_ns();
            total += reaped;
        }
        const std::vector<pid_t> children = children_of(pid);
        total += own_usage(pid, *stat);
        members_.push_back(each);
        found.insert(found.end(), children.begin(), children.end());
    }
    return total;
}

std::int64_t process_tree::cpu_ns() {
    std::int64_t total = usage_of_kernel(RUSAGE_CHILDREN).cpu_ns();
    const process_ledger::state entered = read_sorted(ledger_);
    total += entered.gone.cpu_ns() + process_cpu_ns(::getpid());
    for (const pid_t pid : entered.living) {
        total += process_cpu_ns(pid);
    }
    for (const member& each : members_) {
        if (contains(entered.living, each.pid)) {
            total += each.reaped_ns;
        } else if (!each.entered) {
            const std::int64_t used = process_cpu_ns(each.pid);
            if (used == 0) {
                return walk().cpu_ns();
            }
            total += used + each.reaped_ns;
        }
    }
    return total;
}

process_tree::extent process_tree::measure() {
    walk();
    extent now{1, thread_count(), descriptor_count(), proportional_memory(::getpid())};
    for (const member& each : members_) {
        ++now.processes;
        now.threads += each.threads;
        now.descriptors += open_descriptors(each.pid);
        now.memory_bytes += proportional_memory(each.pid);
    }
    return now;
}

int thread_count() {
    const auto stat = read_stat(::getpid());
    return stat ? stat->threads : 0;
}

void make_first_thread() {
    pid_t id = 0;
    start_thread("cannot start a thread", [&id] { id = ::gettid(); }).join();
    while (std::filesystem::exists("/proc/self/task/" + std::to_string(id))) {
        std::this_thread::yield();
    }
}

int descriptor_count() {
    return open_descriptors(::getpid());
}

}  // namespace stratbench
