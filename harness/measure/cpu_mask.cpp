#include "harness/measure/cpu_mask.hpp"

#include <cerrno>
#include <system_error>

#include "harness/base/descriptor.hpp"

namespace stratbench {
namespace {

/// A million CPUs: an error that stays is not about the size.
constexpr std::size_t most_sets = 1024;

}  // namespace

cpu_mask cpu_mask::of_this_thread(reader read) {
    for (std::size_t sets = 1;; sets *= 2) {
        cpu_mask mask(sets);
        const int got = read(0, mask.bytes(), mask.sets_.data());
        // The kernel refuses a mask that is shorter than its own.
        if (got < 0 && errno == EINVAL && sets < most_sets) {
            continue;
        }
        checked(got, "cannot read the CPU affinity");
        return mask;
    }
}

int cpu_mask::count() const {
    return CPU_COUNT_S(bytes(), sets_.data());
}

cpu_mask cpu_mask::lowest(int count) const {
    return some(0, count);
}

cpu_mask cpu_mask::single(int number) const {
    return some(number, 1);
}

cpu_mask cpu_mask::some(int skipped, int count) const {
    cpu_mask chosen(sets_.size());
    const std::size_t cpus = 8 * bytes();
    for (std::size_t cpu = 0; cpu < cpus && count > 0; ++cpu) {
        if (!CPU_ISSET_S(cpu, bytes(), sets_.data()) || skipped-- > 0) {
            continue;
        }
        CPU_SET_S(cpu, bytes(), chosen.sets_.data());
        --count;
    }
    return chosen;
}

void cpu_mask::confine_this_thread() const {
    checked(::sched_setaffinity(0, bytes(), sets_.data()), "cannot set the CPU affinity");
}

kept_affinity::~kept_affinity() {
    try {
        all.confine_this_thread();
    } catch (const std::system_error&) {
        // Taken away from us meanwhile: what is left is as good.
    }
}

}  // namespace stratbench
