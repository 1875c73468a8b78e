#include "harness/base/process/orphans.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>

#include "harness/base/descriptor.hpp"
#include "harness/base/process/children.hpp"

namespace stratbench {

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
        bool killed = false;
        for (const pid_t child : children_of(::getpid())) {
            killed = ::kill(child, SIGKILL) == 0 || killed;
        }
        if (!killed) {
            return;  // nobody tells which they are, or they are not ours to kill
        }
        ::waitpid(-1, nullptr, 0);
    }
}

namespace {

template <class Condition>
void end_children_if(Condition condition) {
    for (bool found = true; found;) {
        found = false;
        for (const pid_t child : children_of(::getpid())) {
            if (condition(child) && ::kill(child, SIGKILL) == 0) {
                found = true;
                ::waitpid(child, nullptr, 0);
            }
        }
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
