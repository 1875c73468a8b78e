#include "harness/base/shared_memory.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <utility>

namespace stratbench {
namespace {

/// Seal that forbids new writable mappings (Linux 5.1); older headers lack it.
#ifndef F_SEAL_FUTURE_WRITE
constexpr int F_SEAL_FUTURE_WRITE = 0x0010;
#endif

std::span<std::byte> map(int fd, std::size_t bytes, bool writable) {
    void* const at =
        ::mmap(nullptr, bytes, writable ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED, fd, 0);
    if (at == MAP_FAILED) {
        throw_refused(errno, "cannot map shared memory");
    }
    return {static_cast<std::byte*>(at), bytes};
}

}  // namespace

shared_memory::shared_memory(std::size_t bytes)
    : file_(checked(::memfd_create("stratbench", MFD_CLOEXEC | MFD_ALLOW_SEALING),
                    "cannot make shared memory")) {
    // The kernel's own choice is 0777; through /proc others would have what the mode allows.
    checked(::fchmod(file_.get(), S_IRUSR | S_IWUSR), "cannot protect shared memory");
    checked(::ftruncate(file_.get(), static_cast<off_t>(bytes)), "cannot size shared memory");
    checked(::fcntl(file_.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW),
            "cannot seal shared memory");
    memory_ = map(file_.get(), bytes, true);
}

shared_memory::shared_memory(descriptor file, bool writable) : file_(std::move(file)) {
    struct stat info {};
    checked(::fstat(file_.get(), &info), "cannot look at shared memory");
    memory_ = map(file_.get(), static_cast<std::size_t>(info.st_size), writable);
}

shared_memory::shared_memory(shared_memory&& other) noexcept
    : file_(std::move(other.file_)), memory_(std::exchange(other.memory_, {})) {}

shared_memory& shared_memory::operator=(shared_memory&& other) noexcept {
    std::swap(file_, other.file_);
    std::swap(memory_, other.memory_);
    return *this;
}

shared_memory::~shared_memory() {
    if (!memory_.empty()) {
        ::munmap(memory_.data(), memory_.size());
    }
}

void shared_memory::seal_against_writing() {
    checked(::fcntl(file_.get(), F_ADD_SEALS, F_SEAL_FUTURE_WRITE), "cannot seal shared memory");
}

void shared_memory::keep_from_children() {
    checked(::madvise(memory_.data(), memory_.size(), MADV_DONTFORK),
            "cannot keep memory from children");
}

}  // namespace stratbench
