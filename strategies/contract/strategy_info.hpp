#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/spec.hpp"
#include "workloads/api.hpp"
#include "workloads/workload.hpp"

namespace stratbench {

class strategy;

/// What users choose between, as data.
struct strategy_properties {
    /// A task that crashes takes at most its worker with it.
    bool isolates_crashes = false;
    /// The front end goes on accepting tasks while others are executed.
    bool front_end_stays_free = false;
    /// A payload is written into memory that another process reads.
    bool payload_crosses_process = false;
    /// Results exist only when the whole batch is back.
    bool returns_in_batches = false;
    /// Executes on the caller's thread: exists once, with one worker.
    bool in_caller = false;
    /// Shown to be avoided; left out of the default study.
    bool antipattern = false;
    /// It is a program of its own, which keeps none of the limits of `containment`; left out of the
    /// default study.
    bool own_program = false;
    /// What a task costs beside its work on any machine of today, however many workers there are;
    /// nanoseconds. 0 where it is too little to matter: only a process for each task makes batches
    /// senseless that others do in a second.
    std::int64_t least_task_ns = 0;
};

struct strategy_info {
    /// What it was compiled against; not to be set.
    int api = STRATBENCH_API;
    /// Without spaces and `:,=()`; no other strategy has it.
    std::string_view name;
    /// One line for `list` and the reports.
    std::string_view summary;
    std::span<const parameter> parameters;
    strategy_properties properties;
    /// `s` has this strategy's name and only known keys. Throws usage_error on a bad value.
    std::unique_ptr<strategy> (*make)(const spec& s) = nullptr;
    /// Why this machine cannot run it, in a few words; empty where it can. Null = every machine
    /// can.
    std::string (*unavailable)(const spec& s) = nullptr;
    /// Of a strategy in another language: the one in C++ that has its architecture. Its parameter
    /// `kernel` chooses whose code executes a task: `own`, or `native` for that of C++.
    std::string_view twin = {};

    /// The files that a program of its own is made of: nothing may be written to them.
    std::vector<std::string> (*files)(const spec& s) = nullptr;

    /// The workloads for which a program of its own has code; empty = all that are not commands.
    std::span<const std::string_view> kernels = {};

    /// Whether it can execute tasks of this workload.
    [[nodiscard]] bool executes(const workload& w) const {
        if (!properties.own_program) {
            return true;
        }
        return kernels.empty() ? !w.works_elsewhere
                               : std::ranges::find(kernels, w.name) != kernels.end();
    }

    /// Why this machine cannot run it as `s` asks; empty where it can.
    [[nodiscard]] std::string why_unavailable(const spec& s) const {
        return unavailable == nullptr ? "" : unavailable(s);
    }

    /// Whether a study has it without being asked to.
    [[nodiscard]] bool in_default_study() const {
        return !properties.antipattern && !properties.own_program;
    }
};

}  // namespace stratbench
