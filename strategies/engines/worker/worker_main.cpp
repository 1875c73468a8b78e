// stratbench_worker: the program of every worker process. Links only the workloads.
//
//     stratbench_worker worker|fork-server PARENT_PID
//     stratbench_worker supervisor PARENT_PID PROGRAM ARGUMENT...
//     stratbench_worker build

#include <fcntl.h>
#include <sys/resource.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <system_error>

#include "harness/base/process/child_process.hpp"
#include "harness/base/process/orphans.hpp"
#include "harness/base/refusal.hpp"
#include "harness/base/this_build.hpp"
#include "strategies/engines/worker/fork_server.hpp"
#include "strategies/engines/worker/output_marks.hpp"
#include "strategies/engines/worker/supervisor.hpp"
#include "strategies/engines/worker/worker_executable.hpp"
#include "strategies/engines/worker/worker_loop.hpp"

namespace {

/// Limits the address space of this process and of its children, each on its own.
void limit_memory(std::uint64_t bytes) {
    const rlimit limit{bytes, bytes};
    stratbench::checked(::setrlimit(RLIMIT_AS, &limit), "cannot limit a worker's memory");
}

}  // namespace

int main(int argc, char** argv) {
    using namespace stratbench;
    if (argc == 2 && std::strcmp(argv[1], worker_role::build) == 0) {
        std::printf("%s\n", build_text().c_str());
        return 0;
    }
    if (argc < 3) {
        std::fputs("stratbench_worker is started by stratbench, not by hand\n", stderr);
        return 2;
    }
    const auto parent = static_cast<pid_t>(std::strtol(argv[2], nullptr, 10));
    if (std::strcmp(argv[1], worker_role::supervisor) == 0) {
        try {
            supervise(parent, argv + 3);
        } catch (const std::exception& error) {
            ::dprintf(supervised_answer_fd, "%s%s\n", refusal_line, why_failed(error).c_str());
            return 1;
        }
    }
    try {
        die_with_parent(parent);
        // Not for what tasks execute.
        for (int fd = worker_fd::requests; fd <= worker_fd::errors; ++fd) {
            ::fcntl(fd, F_SETFD, FD_CLOEXEC);
        }
        print_by_lines();
        shared_memory requests(descriptor(worker_fd::requests), false);
        const shared_memory replies(descriptor(worker_fd::replies), true);
        const channel_shape shape = reinterpret_cast<const request_header*>(requests.data())->shape;
        adopt_orphans();
        if (shape.worker_memory_bytes != 0) {
            limit_memory(shape.worker_memory_bytes);
        }
        channel_worker end(channel_view(requests.data(), replies.data(), shape));
        marking_witness witness;
        if (std::strcmp(argv[1], worker_role::fork_server) == 0) {
            // A task itself goes to its process by value.
            if (shape.arena_bytes == 0) {
                requests.keep_from_children();
            }
            serve_by_forking(end, worker_fd::wake, witness);
        } else {
            work(end, worker_fd::wake, witness);
        }
        end_all_children();
        return 0;
    } catch (const std::system_error& error) {
        // Nothing is refused to one that is ready; its owner says what was, see early_end.
        return error.code().value();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s: %s\n", program_invocation_short_name, error.what());
        return 1;
    }
}
