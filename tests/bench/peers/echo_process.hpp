#pragma once

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <new>
#include <stdexcept>

#include "harness/base/descriptor.hpp"

namespace stratbench {

/// Memory that this process shares with those that it forks. T needs no destructor.
template <class T>
class shared_with_child {
  public:
    shared_with_child()
        : memory_(::mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE,
                         MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0)) {
        if (memory_ == MAP_FAILED) {
            throw std::bad_alloc();
        }
        object_ = new (memory_) T;
    }
    shared_with_child(const shared_with_child&) = delete;
    shared_with_child& operator=(const shared_with_child&) = delete;
    ~shared_with_child() { ::munmap(memory_, sizeof(T)); }

    T& operator*() const noexcept { return *object_; }
    T* operator->() const noexcept { return object_; }

  private:
    void* memory_;
    T* object_ = nullptr;
};

/// Forks; the child runs `body`, ends, and dies with this process.
template <class Body>
pid_t fork_child(const Body& body) {
    const pid_t child = checked(::fork(), "cannot fork");
    if (child != 0) {
        return child;
    }
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    body();
    ::_exit(0);
}

inline void reap(pid_t child) {
    int status = 0;
    checked(::waitpid(child, &status, 0), "cannot wait for a child");
    if (status != 0) {
        throw std::runtime_error("a child failed");
    }
}

}  // namespace stratbench
