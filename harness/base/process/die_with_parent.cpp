#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>

#include "harness/base/process/child_process.hpp"

namespace stratbench {

void die_with_parent(pid_t parent) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) {
        ::_exit(1);
    }
}

}  // namespace stratbench
