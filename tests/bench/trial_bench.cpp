#include "tests/bench/trial_bench.hpp"

#include <fmt/format.h>

#include "harness/launch/launcher.hpp"
#include "harness/launch/trial_process.hpp"
#include "harness/load/load_spec.hpp"
#include "harness/plan/build_plan.hpp"
#include "harness/plan/request.hpp"
#include "harness/study/environment.hpp"
#include "harness/study/study.hpp"
#include "harness/trial/calibration.hpp"
#include "tests/bench/ballast.hpp"
#include "tests/bench/subject.hpp"

namespace stratbench {

trial_bench::trial_bench(const std::atomic<bool>& stop) : stop_(stop) {
    environment machine;
    machine.wake_up_error_ns = measure_wake_up_error_ns();
    pacing_spin_ns_ = stratbench::pacing_spin_ns(machine);
}

std::string trial_bench::resolve(const std::string& workload) {
    return resolve_workload(parse_spec(workload, "workload")).text();
}

trial_record trial_bench::run(const trial_wish& wish, int round) try {
    run_request asked;
    asked.combinations = {{{wish.strategy}, {wish.workload}, {wish.load}, {wish.workers}, {}}};
    if (takes_trial_length(parse_load(wish.load))) {
        asked.trial_length_ns = wish.length_ns;
    }
    const study_plan plan = build_plan(
        asked,
        [this](const task_template& t) {
            const auto [known, fresh] = costs_.try_emplace(t.text());
            if (fresh) {
                known->second = serial_cost_ns(t);
            }
            return known->second;
        },
        [&wish](const cell&) { return capacity{.per_s = wish.own_per_s}; });
    trial_request request;
    request.planned = plan.cells.front();
    request.round = round;
    request.pacing_spin_ns = pacing_spin_ns_;
    request.warm_up_ns = plan.warm_up_ns;
    if (!request.planned.skip_reason.empty()) {
        throw cannot_measure(request.planned.skip_reason);
    }

    const ballast_of_children progress(wish.ballast_bytes);
    trial_record record =
        launch_trial(request, trial_deadline_ns(request.planned, request.warm_up_ns), stop_);
    if (stop_) {
        throw interrupted();
    }
    if (record.state != status::ok) {
        throw cannot_measure(record.reason);
    }
    if (record.outcomes.ok == 0) {
        throw cannot_measure("no task ended well");
    }
    return record;
} catch (const usage_error& error) {
    throw cannot_measure(error.what());
}

sample throughput_sample(const trial_record& r) {
    const auto tasks = static_cast<double>(r.outcomes.ok);
    return {.tasks = tasks,
            .seconds = static_cast<double>(r.elapsed_ns) * 1e-9,
            .ns_per_task = 1e9 / r.throughput_per_s,
            .cpu_ns_per_task = (r.cpu.user_s + r.cpu.system_s) * 1e9 / tasks};
}

int trial_with_ballast_main() {
    const ballast held(ballast_of_children::asked_of_this_process());
    return trial_main(3);
}

}  // namespace stratbench
