#include "harness/study/environment.hpp"

#include <fmt/format.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "build_info.hpp"
#include "git_revision.hpp"
#include "harness/base/this_build.hpp"
#include "harness/measure/cgroup.hpp"
#include "harness/measure/energy_meter.hpp"
#include "harness/measure/event_counters.hpp"
#include "harness/measure/processor.hpp"
#include "harness/measure/usable_cpus.hpp"
#include "harness/results/context.hpp"
#include "harness/trial/calibration.hpp"

namespace stratbench {
namespace {

std::string first_line(const char* path) {
    std::string line;
    std::ifstream in(path);
    std::getline(in, line);
    return line;
}

}  // namespace

environment examine_environment(const std::string& executable) {
    environment out;
    utsname system{};
    uname(&system);
    out.host = system.nodename;
    out.cpu_model = processor_name();
    out.kernel = system.release;
    out.governor = first_line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
    out.compiler = STRATBENCH_COMPILER;
    out.compiler_flags = STRATBENCH_FLAGS;
    out.build_type = own_build_type();
    out.git_revision = STRATBENCH_GIT_REVISION;
    out.library_version = STRATBENCH_VERSION;
    out.online_cpus = static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN));
    out.usable_cpus = usable_cpus();
    const cgroup_limits limits = read_cgroup_limits();
    out.cgroup_cpu_limit = limits.cpus;
    out.cgroup_memory_limit_bytes = limits.memory_bytes;
    out.clock_ns = measure_clock_ns();
    out.stamp_ns = measure_stamp_ns();
    out.hand_over_ns = measure_hand_over_ns();
    out.wake_up_error_ns = measure_wake_up_error_ns();
    const event_counters counters;
    out.hardware_absent = counters.hardware_absent();
    out.migrations_absent = counters.migrations_absent();
    out.energy_absent = energy_meter().absent();
    out.benchmark_context = benchmark_context(executable);
    return out;
}

std::int64_t pacing_spin_ns(const environment& machine) {
    return std::min<std::int64_t>(100'000, 2 * machine.wake_up_error_ns);
}

std::string release_text() {
    const bool own = this_build.program == "stratbench";
    return fmt::format("{}stratbench {}", own ? "" : fmt::format("{} with ", this_build.program),
                       STRATBENCH_VERSION);
}

std::string version_text() {
    const std::string_view revision = STRATBENCH_GIT_REVISION;
    return fmt::format("{} (revision {}, build {}, {})", release_text(),
                       revision.empty() ? "unknown" : revision, build_text(), STRATBENCH_COMPILER);
}

}  // namespace stratbench
