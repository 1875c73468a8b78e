#include "harness/measure/event_counters.hpp"

#include <fmt/format.h>
#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <system_error>

namespace stratbench {
namespace {

/// In user and kernel mode. `error` is set where the kernel refuses.
descriptor open_counter(std::uint32_t type, std::uint64_t event, int& error) {
    perf_event_attr wanted{};
    wanted.size = sizeof wanted;
    wanted.type = type;
    wanted.config = event;
    wanted.inherit = 1;
    wanted.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
    descriptor counter(
        static_cast<int>(::syscall(SYS_perf_event_open, &wanted, 0, -1, -1, PERF_FLAG_FD_CLOEXEC)));
    if (!counter) {
        error = errno;
    }
    return counter;
}

std::string explanation(int error) {
    switch (error) {
        case ENOENT:
        case ENODEV:
        case EOPNOTSUPP:
            return "this machine offers none, as most virtual machines";
        case EACCES:
        case EPERM: {
            int paranoid = 0;
            if (std::ifstream("/proc/sys/kernel/perf_event_paranoid") >> paranoid) {
                return fmt::format(
                    "not permitted: kernel.perf_event_paranoid is {}, 1 or less permits it",
                    paranoid);
            }
            return "not permitted here";
        }
        case ENOSYS:
            return "the kernel was built without them";
        default:
            return std::generic_category().message(error);
    }
}

/// The counter's value, scaled by how much of the time it was on a CPU's meter.
std::optional<std::uint64_t> value_of(const descriptor& counter) {
    struct {
        std::uint64_t value, enabled_ns, running_ns;
    } got{};
    if (!counter || ::read(counter.get(), &got, sizeof got) != sizeof got) {
        return std::nullopt;
    }
    if (got.running_ns == got.enabled_ns) {
        return got.value;
    }
    if (got.running_ns == 0) {
        return std::nullopt;
    }
    return static_cast<std::uint64_t>(static_cast<double>(got.value) *
                                      static_cast<double>(got.enabled_ns) /
                                      static_cast<double>(got.running_ns));
}

}  // namespace

event_counters::event_counters() {
    int error = 0;
    migrations_ = open_counter(PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CPU_MIGRATIONS, error);
    if (!migrations_) {
        no_migrations_ = explanation(error);
    }
    const auto hardware = [&](std::uint64_t event) {
        return open_counter(PERF_TYPE_HARDWARE, event, error);
    };
    cycles_ = hardware(PERF_COUNT_HW_CPU_CYCLES);
    if (cycles_) {
        instructions_ = hardware(PERF_COUNT_HW_INSTRUCTIONS);
    }
    if (cycles_) {
        cache_misses_ = hardware(PERF_COUNT_HW_CACHE_MISSES);
    }
    if (cycles_) {
        branch_misses_ = hardware(PERF_COUNT_HW_BRANCH_MISSES);
    }
    if (!cycles_) {
        no_hardware_ = explanation(error);
    }
}

event_counters::reading event_counters::read() const {
    return {value_of(migrations_),
            {value_of(cycles_), value_of(instructions_), value_of(cache_misses_),
             value_of(branch_misses_)}};
}

int event_counters::descriptors() const {
    return static_cast<int>(!!migrations_) + static_cast<int>(!!cycles_) +
           static_cast<int>(!!instructions_) + static_cast<int>(!!cache_misses_) +
           static_cast<int>(!!branch_misses_);
}

event_counters::reading operator-(const event_counters::reading& after,
                                  const event_counters::reading& before) {
    using count = std::optional<std::uint64_t>;
    const auto since = [](const count& now, const count& then) -> count {
        if (!now || !then) {
            return std::nullopt;
        }
        return *now - std::min(*now, *then);  // a scaled figure may come out a little lower
    };
    const hardware_counts& now = after.hardware;
    const hardware_counts& then = before.hardware;
    return {
        since(after.migrations, before.migrations),
        {since(now.cycles, then.cycles), since(now.instructions, then.instructions),
         since(now.cache_misses, then.cache_misses), since(now.branch_misses, then.branch_misses)}};
}

}  // namespace stratbench
