#pragma once

#include "harness/json/json_archive.hpp"
#include "harness/model/results.hpp"

namespace stratbench {

template <>
inline constexpr std::array<std::string_view, 5> names_of<study_end>{
    "rounds", "precision", "budget", "interruption", "decided"};

template <>
inline constexpr std::array<std::string_view, 2> names_of<study_arm>{"base", "new"};

void fields(auto& archive, like<study_info> auto& study) {
    archive("id", study.id);
    archive("arm", study.arm);
    archive("seed", study.seed);
    archive("command", study.command);
    archive("started_utc", study.started_utc);
    archive("measuring_s", study.measuring_s);
    archive("ended_by", study.ended_by);
    archive("confirmation_from_round", study.confirmation_from_round);
}

void fields(auto& archive, like<environment> auto& machine) {
    archive("host", machine.host);
    archive("cpu_model", machine.cpu_model);
    archive("online_cpus", machine.online_cpus);
    archive("usable_cpus", machine.usable_cpus);
    archive("cgroup_cpu_limit", machine.cgroup_cpu_limit);
    archive("cgroup_memory_limit_bytes", machine.cgroup_memory_limit_bytes);
    archive("governor", machine.governor);
    archive("kernel", machine.kernel);
    archive("compiler", machine.compiler);
    archive("compiler_flags", machine.compiler_flags);
    archive("build_type", machine.build_type);
    archive("git_revision", machine.git_revision);
    archive("library_version", machine.library_version);
    archive("clock_ns", machine.clock_ns);
    archive("stamp_ns", machine.stamp_ns);
    archive("hand_over_ns", machine.hand_over_ns);
    archive("wake_up_error_ns", machine.wake_up_error_ns);
    archive("hardware_absent", machine.hardware_absent);
    archive("migrations_absent", machine.migrations_absent);
    archive("energy_absent", machine.energy_absent);
}

void fields(auto& archive, like<warning> auto& w) {
    archive("code", w.code);
    archive("message", w.message);
    archive("advice", w.advice);
}

}  // namespace stratbench
