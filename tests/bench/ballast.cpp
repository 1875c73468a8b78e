#include "tests/bench/ballast.hpp"

#include <sys/mman.h>

#include <cstdlib>
#include <new>
#include <string>

namespace stratbench {
namespace {

constexpr const char* variable = "STRATBENCH_BALLAST_BYTES";

}  // namespace

ballast::ballast(std::size_t bytes) : bytes_(bytes) {
    if (bytes_ == 0) {
        return;
    }
    memory_ = ::mmap(nullptr, bytes_, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (memory_ == MAP_FAILED) {
        throw std::bad_alloc();
    }
}

ballast::~ballast() {
    if (bytes_ != 0) {
        ::munmap(memory_, bytes_);
    }
}

ballast_of_children::ballast_of_children(std::size_t bytes) {
    ::setenv(variable, std::to_string(bytes).c_str(), 1);
}

ballast_of_children::~ballast_of_children() {
    ::unsetenv(variable);
}

std::size_t ballast_of_children::asked_of_this_process() {
    const char* bytes = std::getenv(variable);
    const std::size_t asked = bytes == nullptr ? 0 : std::strtoull(bytes, nullptr, 10);
    ::unsetenv(variable);
    return asked;
}

}  // namespace stratbench
