#include "harness/base/orphans.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <memory>
#include <string>

#include "harness/base/descriptor.hpp"

namespace stratbench {
namespace {

/// Calls f(pid) for every child that the main thread of this process has made or adopted.
template <class F>
void for_each_child(F&& f) {
    const std::string path = "/proc/self/task/" + std::to_string(::getpid()) + "/children";
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> list(std::fopen(path.c_str(), "re"),
                                                               &std::fclose);
    if (!list) {
        return;
    }
    for (pid_t child = 0; std::fscanf(list.get(), "%d", &child) == 1;) {
        f(child);
    }
}

}  // namespace

void adopt_orphans() {
    checked(::prctl(PR_SET_CHILD_SUBREAPER, 1), "cannot become the reaper of orphans");
}

void end_all_children() {
    for (;;) {
        const pid_t ended = ::waitpid(-1, nullptr, WNOHANG);
        if (ended > 0 || (ended < 0 && errno == EINTR)) {
            continue;
        }
        if (ended < 0) {
            return;  // no child is left
        }
        for_each_child([](pid_t child) { ::kill(child, SIGKILL); });
        ::waitpid(-1, nullptr, 0);
    }
}

namespace {

template <class Condition>
void end_children_if(Condition condition) {
    for (bool found = true; found;) {
        found = false;
        for_each_child([&](pid_t child) {
            if (!condition(child)) {
                return;
            }
            found = true;
            ::kill(child, SIGKILL);
            ::waitpid(child, nullptr, 0);
        });
    }
}

}  // namespace

void end_children_but(std::span<const pid_t> spared) {
    if (spared.empty()) {
        return end_all_children();
    }
    end_children_if([&](pid_t child) { return std::ranges::find(spared, child) == spared.end(); });
}

void end_children_of_session(pid_t session) {
    end_children_if([session](pid_t child) { return ::getsid(child) == session; });
}

}  // namespace stratbench
