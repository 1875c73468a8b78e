#include "harness/base/process/children.hpp"

#include <dirent.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <memory>

#include "harness/base/process/proc_text.hpp"
#include "harness/base/spec.hpp"

namespace stratbench {
namespace {

struct closes {
    void operator()(DIR* directory) const { ::closedir(directory); }
};

/// Calls f(number) for every entry of a directory that is one.
template <class F>
void for_each_number(const std::string& directory, F f) {
    const std::unique_ptr<DIR, closes> entries(::opendir(directory.c_str()));
    if (!entries) {
        return;
    }
    while (const dirent* const entry = ::readdir(entries.get())) {
        if (const long number = std::strtol(entry->d_name, nullptr, 10); number > 0) {
            f(static_cast<pid_t>(number));
        }
    }
}

bool kernel_lists_children() {
    static const bool lists = ::access("/proc/thread-self/children", R_OK) == 0;
    return lists;
}

/// 0 where there is no such process.
pid_t parent_of(const std::string& process) {
    const std::string stat = proc_text(process + "/stat");
    // The second field, the name, may hold blanks and brackets of its own.
    const std::size_t name_end = stat.rfind(')');
    pid_t parent = 0;
    if (name_end != std::string::npos) {
        std::sscanf(stat.c_str() + name_end, ") %*c %d", &parent);
    }
    return parent;
}

}  // namespace

std::vector<pid_t> children_of(pid_t process) {
    if (!kernel_lists_children()) {
        return children_by_parent(process);
    }
    std::vector<pid_t> children;
    const std::string threads = "/proc/" + std::to_string(process) + "/task";
    for_each_number(threads, [&](pid_t thread) {
        const std::string list = proc_text(threads + "/" + std::to_string(thread) + "/children");
        char* rest = nullptr;
        for (const char* at = list.c_str(); const long child = std::strtol(at, &rest, 10);
             at = rest) {
            children.push_back(static_cast<pid_t>(child));
        }
    });
    return children;
}

std::vector<pid_t> children_by_parent(pid_t process, const std::string& proc) {
    std::vector<pid_t> children;
    for_each_number(proc, [&](pid_t each) {
        if (parent_of(proc + "/" + std::to_string(each)) == process) {
            children.push_back(each);
        }
    });
    return children;
}

void require_proc(const std::string& proc) {
    char self[32];
    const ssize_t length = ::readlink((proc + "/self").c_str(), self, sizeof self);
    if (length <= 0 ||
        std::string(self, static_cast<std::size_t>(length)) != std::to_string(::getpid())) {
        throw usage_error(proc +
                          " does not show this process: a study needs it mounted, and in this "
                          "process's own PID namespace");
    }
}

}  // namespace stratbench
