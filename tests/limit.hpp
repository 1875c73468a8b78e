#pragma once

#include <sys/resource.h>

namespace stratbench::test {

/// Limits this process, softly and hard.
inline void limit(__rlimit_resource which, rlim_t most) {
    const rlimit value{most, most};
    ::setrlimit(which, &value);
}

}  // namespace stratbench::test
