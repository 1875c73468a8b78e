#include "harness/launch/own_worker.hpp"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string_view>
#include <utility>

#include "harness/base/process/child_process.hpp"
#include "harness/base/shared_memory.hpp"
#include "harness/base/spec.hpp"
#include "harness/base/this_build.hpp"
#include "harness/launch/subordinate.hpp"
#include "strategies/engines/worker/worker_executable.hpp"

namespace stratbench {

void require_own_worker() {
    const std::string worker = worker_executable();
    // Files that nobody has to empty, however much another program, or its loader, has to say.
    const shared_memory said(4096);
    const shared_memory complained(4096);
    const std::pair<int, int> output[] = {{said.fd(), STDOUT_FILENO},
                                          {complained.fd(), STDERR_FILENO}};
    const int status = child_process({worker, worker_role::build}, output, session::own).wait();
    const std::string_view text(reinterpret_cast<const char*>(said.data()), said.size());
    if (text.starts_with(build_text() + "\n")) {
        return;
    }
    if (WIFSIGNALED(status) || WEXITSTATUS(status) == exit_code_not_loaded) {
        throw usage_error(fmt::format("'{}': {}", worker, how_it_ended(status)));
    }
    throw usage_error(
        fmt::format("'{}' is of another build than {}; the two are built and installed together",
                    worker, this_build.program));
}

}  // namespace stratbench
