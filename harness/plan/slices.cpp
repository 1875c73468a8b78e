#include "harness/plan/slices.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <mutex>
#include <string>

#include "harness/base/spec.hpp"
#include "workloads/task_template.hpp"

namespace stratbench {
namespace {

/// A batch takes so long on all its workers, with so many tasks for each at least; the window of an
/// open load has so many tasks in it at least.
constexpr std::int64_t batch_slice_ns = 20'000'000;
constexpr double batch_tasks_a_worker = 16;
constexpr double window_tasks = 32;
/// A queue forgets how it began in a time of this kind; see relaxation_ns.
constexpr double relaxations = 3;
constexpr std::int64_t shortest_lead_in_ns = 5'000'000;

/// Two clock readings cost 20 ns: 2 % of a task of this length.
constexpr double always_stamped_ns = 1000;
/// p99 needs 2,000 tasks and p99.9 20,000 over all trials; sampling is by hash, so somewhat more
/// than 10,000 are aimed at.
constexpr double least_stamped = 11'000;

/// How long a queue of M/M/c takes to forget its beginning: 1 / (c mu (1 - sqrt(rho))^2)
/// nanoseconds, endless where it does not keep up. Source: the spectral gap of M/M/1 (Morse, 1958),
/// for c servers taken as one that is c times as fast.
double relaxation_ns(double rate_per_s, double task_ns, int servers) {
    const double rho = rate_per_s * 1e-9 * task_ns / servers;
    if (rho >= 1) {
        return std::numeric_limits<double>::infinity();
    }
    const double gap = 1 - std::sqrt(rho);
    return task_ns / servers / (gap * gap);
}

/// Resolved once: a spec may name a large file, and a deadline is asked for with every slice.
const task_template& template_of(const std::string& workload) {
    static std::mutex mutex;
    static std::map<std::string, task_template> known;
    const std::lock_guard lock(mutex);
    auto found = known.find(workload);
    if (found == known.end()) {
        found = known.emplace(workload, resolve_workload(parse_spec(workload, "workload"))).first;
    }
    return found->second;
}

}  // namespace

std::int64_t slice_length_ns(const load_plan& load, const load_basis& basis) {
    using shape = load_plan::shape;
    if (load.kind == shape::batch) {
        const int at_once = std::min(basis.workers, basis.cpus);
        const double tasks = batch_tasks_a_worker * basis.workers;
        return std::max<std::int64_t>(batch_slice_ns * at_once,
                                      std::llround(tasks * basis.sync_ns));
    }
    if (load.rate_per_s <= 0 || load.kind == shape::trace) {
        return window_slice_ns;
    }
    return std::max<std::int64_t>(window_slice_ns,
                                  std::llround(window_tasks * 1e9 / load.rate_per_s));
}

std::int64_t lead_in_ns(const cell& c, const load_basis& basis) {
    if (!c.load.ends_with_window() || c.load.tells_a_story()) {
        return 0;
    }
    double lead_ns = 2 * basis.sync_ns;
    if (c.load.has_rate()) {
        lead_ns += relaxations * relaxation_ns(c.load.rate_per_s, basis.sync_ns,
                                               std::min(basis.workers, basis.cpus));
    }
    const auto least = static_cast<double>(std::min(shortest_lead_in_ns, c.window_ns));
    return std::llround(std::clamp(lead_ns, least, static_cast<double>(c.window_ns)));
}

double expected_tasks(const cell& c, const load_basis& basis) {
    const auto window = static_cast<double>(c.window_ns);
    if (!c.load.ends_with_window()) {
        return static_cast<double>(c.load.tasks);
    }
    if (c.load.rate_per_s > 0) {
        return c.load.rate_per_s * window / 1e9;
    }
    return window / basis.sync_ns;
}

std::uint32_t stamp_one_in(const cell& c, double tasks, bool all) {
    if (all || c.serial_ns >= always_stamped_ns) {
        return 1;
    }
    std::uint32_t one_in = 1;
    while (tasks / (2.0 * one_in) >= least_stamped) {
        one_in *= 2;
    }
    return one_in;
}

double expected_slice_ns(const cell& c) {
    const auto tasks = static_cast<double>(c.load.tasks);
    const auto window = static_cast<double>(c.window_ns);
    if (c.load.ends_with_window()) {
        return static_cast<double>(c.lead_in_ns) + 2 * window;  // it takes at most as long to drain
    }
    const task_template& t = template_of(c.workload);
    const auto n = static_cast<double>(std::max<std::int64_t>(1, t.first.args[0]));
    // With a step the mean task is larger than the first, whose cost is known.
    const double growth = 1 + static_cast<double>(t.step) * std::max(0.0, tasks - 1) / 2 / n;
    const double work = tasks * (c.serial_ns * std::max(0.0, growth) + t.first.wait_us * 1e3);
    return c.load.every_ns > 0 ? std::max(window, work) : work;
}

}  // namespace stratbench
