#pragma once

#include <fcntl.h>
#include <unistd.h>

#include "harness/base/descriptor.hpp"

namespace stratbench {

struct pipe_ends {
    descriptor read;
    descriptor write;
};

/// Both ends close on exec. Throws std::system_error, which names `what` was tried.
inline pipe_ends make_pipe(const char* what = "cannot make a pipe") {
    int ends[2];
    checked(::pipe2(ends, O_CLOEXEC), what);
    return {descriptor(ends[0]), descriptor(ends[1])};
}

}  // namespace stratbench
