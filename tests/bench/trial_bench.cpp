#include "tests/bench/trial_bench.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "harness/plan/request.hpp"
#include "harness/study/calibration.hpp"
#include "harness/study/environment.hpp"
#include "harness/study/study.hpp"
#include "harness/trial/launcher.hpp"
#include "tests/bench/ballast.hpp"
#include "tests/bench/subject.hpp"

namespace stratbench {
namespace {

/// How a trial process is told of its ballast: a request has no place for it, because it is
/// nothing that a study could ask for.
constexpr const char* ballast_variable = "STRATBENCH_BALLAST_BYTES";

}  // namespace

trial_bench::trial_bench(const std::atomic<bool>& stop_) : stop(stop_) {
    environment machine;
    machine.wake_up_error_ns = measure_wake_up_error_ns();
    pacing_spin_ns = stratbench::pacing_spin_ns(machine);
}

std::string trial_bench::resolve(const std::string& workload) {
    return resolve_workload(parse_spec(workload, "workload")).text();
}

trial_record trial_bench::run(const trial_wish& wish, int round) try {
    run_request asked;
    asked.combinations = {{{wish.strategy}, {wish.workload}, {wish.load}, {wish.workers}, {}}};
    asked.trial_length_ns = wish.length_ns;
    const study_plan plan = build_plan(
        asked,
        [this](const task_template& t) {
            const auto [known, fresh] = costs.try_emplace(t.text());
            if (fresh) known->second = serial_cost_ns(t);
            return known->second;
        },
        [&wish](const cell&) { return capacity{.per_s = wish.own_per_s}; });
    trial_request request;
    request.what = plan.cells.front();
    request.round = round;
    request.pacing_spin_ns = pacing_spin_ns;
    request.warm_up_ns = plan.warm_up_ns;
    if (!request.what.skip_reason.empty()) throw cannot_measure(request.what.skip_reason);

    ::setenv(ballast_variable, std::to_string(wish.ballast_bytes).c_str(), 1);
    trial_record record =
        launch_trial(request, trial_deadline_ns(request.what, request.warm_up_ns), stop);
    if (stop) throw interrupted();
    if (record.what != status::ok) throw cannot_measure(record.reason);
    if (record.outcomes.ok == 0) throw cannot_measure("no task ended well");
    return record;
} catch (const usage_error& error) {
    throw cannot_measure(error.what());
}

int trial_with_ballast_main() {
    const char* bytes = std::getenv(ballast_variable);
    const ballast held(bytes == nullptr ? 0 : std::strtoull(bytes, nullptr, 10));
    ::unsetenv(ballast_variable);
    return trial_main(3);
}

}  // namespace stratbench
