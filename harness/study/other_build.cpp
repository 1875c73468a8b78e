#include "harness/study/other_build.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "harness/base/descriptor.hpp"
#include "harness/base/this_build.hpp"
#include "harness/launch/launcher.hpp"
#include "harness/launch/protocol.hpp"
#include "harness/launch/subordinate.hpp"
#include "harness/results/json.hpp"
#include "harness/study/environment.hpp"
#include "strategies/contract/strategy_info.hpp"
#include "strategies/engines/worker/worker_executable.hpp"
#include "strategies/registry.hpp"
#include "workloads/workload.hpp"

namespace stratbench {
namespace {

namespace fs = std::filesystem;

/// It calibrates itself in less than a second, on a machine that has time for it.
constexpr std::int64_t describing_deadline_ns = 30'000'000'000;

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
    throw usage_error(fmt::format("'{}' cannot be measured beside this stratbench: {}", path, why));
}

fs::path program_at(const std::string& path) {
    std::error_code failed;
    fs::path program = fs::canonical(path, failed);
    if (failed) {
        refuse(path, failed.message());
    }
    if (fs::is_directory(program, failed)) {
        refuse(path, "it is a directory");
    }
    if (::access(program.c_str(), X_OK) != 0) {
        refuse(path, "it is not executable");
    }
    return program;
}

std::string how_it_failed(const subordinate_result& result) {
    if (result.ended != subordinate::heard::ended) {
        return "it would not come to an end";
    }
    if (WIFSIGNALED(result.wait_status)) {
        return how_it_ended(result.wait_status);
    }
    return fmt::format("it ended with exit code {}", WEXITSTATUS(result.wait_status));
}

}  // namespace

build_description describe_this_build(const std::string& executable) {
    build_description description;
    description.machine = examine_environment(executable);
    for (const workload* w : workloads()) {
        description.workloads.push_back({std::string(w->name), w->version});
    }
    for (const strategy_info* s : strategies()) {
        description.strategies.emplace_back(s->name);
    }
    return description;
}

int describe_main(const std::string& executable, int answer_fd) {
    const descriptor answer(answer_fd);
    write_all(answer, description_text(describe_this_build(executable)) + "\n",
              "cannot write the description");
    return 0;
}

other_build examine_build(const std::string& path, const std::atomic<bool>& stop) {
    const fs::path program = program_at(path);
    // An older stratbench, or another program altogether, says what it thinks of the question.
    const descriptor nowhere(checked(::open("/dev/null", O_WRONLY | O_CLOEXEC), "/dev/null"));
    const subordinate_result result =
        run_subordinate({program.string(), "describe"},
                        {{nowhere.get(), STDOUT_FILENO}, {nowhere.get(), STDERR_FILENO}},
                        describing_deadline_ns, stop);
    if (result.ended == subordinate::heard::stopped) {
        throw interrupted();
    }
    if (const std::string why = refusal_in(result.answer); !why.empty()) {
        refuse(path, why);
    }
    if (result.answer.empty()) {
        refuse(path, fmt::format("asked to describe itself, {}, without an answer (is it a "
                                 "stratbench, and no older than this option?)",
                                 how_it_failed(result)));
    }
    other_build build{program.string(), {}};
    try {
        build.is = parse_description(result.answer);
    } catch (const std::exception& error) {
        refuse(path, std::string("its description of itself is not understood: ") + error.what());
    }
    if (worker_of(program).empty()) {
        refuse(path, fmt::format("there is no {}_worker beside it", this_build.program));
    }
    return build;
}

study_plan planned_for(const other_build& build, study_plan plan) {
    for (cell& c : plan.cells) {
        const std::string work = parse_spec(c.workload, "workload").name;
        const auto& known = build.is.workloads;
        const auto match =
            std::find_if(known.begin(), known.end(),
                         [&](const described_workload& w) { return w.name == work; });
        if (match == known.end()) {
            refuse(build.program, fmt::format("it has no workload '{}'", work));
        }
        c.workload_version = match->version;
        const std::string strategy = parse_spec(c.strategy, "strategy").name;
        const auto& names = build.is.strategies;
        if (std::find(names.begin(), names.end(), strategy) == names.end()) {
            refuse(build.program, fmt::format("it has no strategy '{}'", strategy));
        }
    }
    return plan;
}

}  // namespace stratbench
