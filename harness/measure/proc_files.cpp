#include "harness/measure/proc_files.hpp"

#include <dirent.h>
#include <unistd.h>

#include <charconv>
#include <ctime>
#include <memory>
#include <string>
#include <string_view>

#include "harness/base/clock.hpp"
#include "harness/base/process/proc_text.hpp"

namespace stratbench {
namespace {

/// The next number of a text that begins with blanks and it; 0 where there is none.
template <class T>
T take_number(std::string_view& text) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
    T value = 0;
    const auto end = std::from_chars(text.data(), text.data() + text.size(), value).ptr;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return value;
}

/// The number that follows `name` at the beginning of a line.
std::int64_t number_after(std::string_view text, std::string_view name) {
    for (std::size_t at = text.find(name); at != text.npos; at = text.find(name, at + 1)) {
        if (at != 0 && text[at - 1] != '\n') {
            continue;
        }
        text.remove_prefix(at + name.size());
        return take_number<std::int64_t>(text);
    }
    return 0;
}

std::string directory_of(pid_t pid) {
    return "/proc/" + std::to_string(pid);
}

/// Calls `visit` with the path of each entry, in a directory that may vanish meanwhile.
template <class Visit>
void for_each_entry(const std::string& directory, Visit visit) {
    // The iterator of the standard library ends the program where there is no memory for it.
    const std::unique_ptr<DIR, int (*)(DIR*)> opened(::opendir(directory.c_str()), &::closedir);
    while (const dirent* const entry = opened ? ::readdir(opened.get()) : nullptr) {
        if (entry->d_name[0] != '.') {
            visit(directory + "/" + entry->d_name);
        }
    }
}

}  // namespace

std::int64_t tick_ns() {
    static const std::int64_t length = 1'000'000'000 / sysconf(_SC_CLK_TCK);
    return length;
}

std::optional<process_stat> read_stat(pid_t pid) {
    const std::string text = proc_text(directory_of(pid) + "/stat");
    // The second field, the name, may hold blanks and brackets of its own.
    const std::size_t name_end = text.rfind(')');
    if (name_end == std::string::npos || text.size() < name_end + 4) {
        return std::nullopt;
    }
    std::string_view rest = std::string_view(text).substr(name_end + 3);  // behind field 3
    for (int field = 4; field < 10; ++field) {
        take_number<std::int64_t>(rest);
    }
    process_stat stat;
    stat.minor_faults = take_number<std::int64_t>(rest);
    stat.reaped_minor_faults = take_number<std::int64_t>(rest);
    stat.major_faults = take_number<std::int64_t>(rest);
    stat.reaped_major_faults = take_number<std::int64_t>(rest);
    stat.user_ticks = take_number<std::int64_t>(rest);
    stat.system_ticks = take_number<std::int64_t>(rest);
    stat.reaped_user_ticks = take_number<std::int64_t>(rest);
    stat.reaped_system_ticks = take_number<std::int64_t>(rest);
    take_number<std::int64_t>(rest);  // priority
    take_number<std::int64_t>(rest);  // nice
    stat.threads = take_number<int>(rest);
    return stat;
}

thread_switches read_switches(pid_t pid) {
    thread_switches sum;
    for_each_entry(directory_of(pid) + "/task", [&](const std::string& thread) {
        const std::string text = proc_text(thread + "/status");
        sum.voluntary += number_after(text, "voluntary_ctxt_switches:");
        sum.involuntary += number_after(text, "nonvoluntary_ctxt_switches:");
    });
    return sum;
}

std::uint64_t proportional_memory(pid_t pid) {
    const std::string text = proc_text(directory_of(pid) + "/smaps_rollup");
    return static_cast<std::uint64_t>(number_after(text, "Pss:")) * 1024;
}

int open_descriptors(pid_t pid) {
    int count = 0;
    for_each_entry(directory_of(pid) + "/fd", [&](const std::string&) { ++count; });
    // The directory itself is open while a process counts its own.
    return pid == ::getpid() ? count - 1 : count;
}

std::int64_t process_cpu_ns(pid_t pid) {
    clockid_t clock{};
    timespec used{};
    if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &used) != 0) {
        return 0;
    }
    return nanoseconds(used);
}

}  // namespace stratbench
