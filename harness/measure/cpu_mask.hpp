#pragma once

#include <sched.h>

#include <cstddef>
#include <vector>

namespace stratbench {

/// The CPUs that a thread may use, on a machine of any size.
class cpu_mask {
  public:
    /// The kernel's, or a fake in tests; as sched_getaffinity.
    using reader = int (*)(pid_t, std::size_t, cpu_set_t*);

    /// The mask of the calling thread, which those that it makes inherit. Throws std::system_error.
    static cpu_mask of_this_thread(reader read = ::sched_getaffinity);

    [[nodiscard]] int count() const;
    /// The lowest `count` of them.
    [[nodiscard]] cpu_mask lowest(int count) const;
    /// The one with this number among them, from 0 in rising order; below count().
    [[nodiscard]] cpu_mask single(int number) const;
    /// Confines the calling thread to them. Throws std::system_error.
    void confine_this_thread() const;

  private:
    /// `count` of them, after the `skipped` lowest.
    [[nodiscard]] cpu_mask some(int skipped, int count) const;

    explicit cpu_mask(std::size_t sets) : sets_(sets) {}
    [[nodiscard]] std::size_t bytes() const { return sets_.size() * sizeof(cpu_set_t); }

    /// One bit for each CPU: as many of the C library's fixed sets of 1,024 as it takes.
    std::vector<cpu_set_t> sets_;
};

/// While it lives the calling thread may be confined; afterwards it may use what it could before.
class kept_affinity {
  public:
    kept_affinity() = default;
    kept_affinity(const kept_affinity&) = delete;
    kept_affinity& operator=(const kept_affinity&) = delete;
    ~kept_affinity();

    const cpu_mask all = cpu_mask::of_this_thread();
};

}  // namespace stratbench
