#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace stratbench {

/// A finding about the machine or the study, from a closed list, with what to do about it.
struct warning {
    std::string code;
    std::string message;
    std::string advice;

    bool operator==(const warning&) const = default;
};

struct environment {
    std::string host, cpu_model, kernel, governor, compiler, compiler_flags, build_type,
        git_revision, library_version;
    int online_cpus = 0;
    int usable_cpus = 0;
    std::optional<double> cgroup_cpu_limit;
    std::optional<std::uint64_t> cgroup_memory_limit_bytes;
    /// Cost of one reading of the clock, and of one stamped task more than an unstamped one.
    double clock_ns = 0;
    double stamp_ns = 0;
    /// What the harness itself costs a task beside its stamps: handing it out, recording its end.
    double hand_over_ns = 0;
    /// 90th percentile by which a sleep of milliseconds ended late.
    std::int64_t wake_up_error_ns = 0;
    /// Why there are no hardware counters, no migrations, no energy; empty where there are.
    std::string hardware_absent, migrations_absent, energy_absent;
    /// Google Benchmark's context object, as JSON text.
    std::string benchmark_context;

    bool operator==(const environment&) const = default;
};

}  // namespace stratbench
