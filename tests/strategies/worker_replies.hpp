#pragma once

#include <fcntl.h>
#include <sys/types.h>

#include <string>

#include "harness/base/descriptor.hpp"
#include "harness/base/shared_memory.hpp"
#include "strategies/engines/worker/worker_executable.hpp"

namespace stratbench::test {

/// The memory that a worker process writes its replies to.
inline shared_memory replies_of(pid_t worker) {
    const std::string path =
        "/proc/" + std::to_string(worker) + "/fd/" + std::to_string(worker_fd::replies);
    return {descriptor(::open(path.c_str(), O_RDWR | O_CLOEXEC)), true};
}

}  // namespace stratbench::test
