// What `--load trace:FILE` reads.

#include <sys/mman.h>
#include <unistd.h>

#include "harness/base/descriptor.hpp"
#include "harness/load/trace_file.hpp"
#include "tests/fuzz/fuzzed.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace stratbench;
    const descriptor file(checked(::memfd_create("trace", MFD_CLOEXEC), "memfd_create"));
    write_all(file, fuzzed_text(data, size), "write");
    refusal_of([&] { read_trace("/proc/self/fd/" + std::to_string(file.get()), 1); });
    return 0;
}
