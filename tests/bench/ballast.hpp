#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <new>

namespace stratbench {

/// Memory that is resident, as a large program's is: what a fork has to pay for.
class ballast {
  public:
    explicit ballast(std::size_t bytes_) : bytes(bytes_) {
        if (bytes == 0) return;
        memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
        if (memory == MAP_FAILED) throw std::bad_alloc();
    }
    ballast(const ballast&) = delete;
    ballast& operator=(const ballast&) = delete;
    ~ballast() {
        if (bytes != 0) ::munmap(memory, bytes);
    }

  private:
    std::size_t bytes;
    void* memory = nullptr;
};

}  // namespace stratbench
