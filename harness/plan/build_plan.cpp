#include "harness/plan/build_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <regex>
#include <set>

#include "harness/base/counted.hpp"
#include "harness/load/load_spec.hpp"
#include "harness/measure/usable_cpus.hpp"
#include "strategies/contract/strategy.hpp"
#include "strategies/registry.hpp"

namespace stratbench {
namespace {

/// How much is measured when nothing else was asked.
constexpr std::int64_t usual_budget_ns = 60'000'000'000;
constexpr int usual_generations = 8;
/// How precise something is known is asked from ten generations on.
constexpr int precise_generations = 20;
constexpr int quick_rounds = 8;
constexpr int quick_generations = 4;
/// Once for each trial; every slice has a lead-in as well.
constexpr std::int64_t warm_up_ns = 20'000'000;

/// How long a slice is where nobody has said how long a trial should be: short, so that slices that
/// are compared stand close together in time, and long enough for what is counted in them. A batch
/// takes so long on all its workers, with so many tasks for each at least; the window of an open
/// load is so long, with so many tasks in it; and a closed load is in between.
constexpr std::int64_t batch_slice_ns = 20'000'000;
constexpr double batch_tasks_a_worker = 16;
constexpr std::int64_t window_slice_ns = 25'000'000;
constexpr double window_tasks = 32;
/// A queue forgets how it began in a time of this kind; see relaxation_ns.
constexpr double relaxations = 3;
constexpr std::int64_t shortest_lead_in_ns = 5'000'000;

const std::vector<std::string> default_workloads = {"sqrt_log:n=100000", "sqrt_log:n=6000"};
const std::vector<std::string> default_loads = {"batch", "poisson:80%sync"};

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

/// A trial that makes processes for longer than this at the very least would be killed at its
/// deadline before it is done.
constexpr double longest_making_ns = 10e9;

std::vector<std::string> default_strategies() {
    std::vector<std::string> names;
    for (const strategy_info* s : strategies()) {
        if (!s->properties.antipattern) {
            names.emplace_back(s->name);
        }
    }
    return names;
}

void check_workers(int workers) {
    const worker_limit limit = most_workers();
    if (workers < 1 || workers > limit.workers) {
        throw usage_error(fmt::format("workers {}: accepted are 1 to {} ({})", workers,
                                      limit.workers, limit.name));
    }
}

/// The canonical spec with the size written out even where it is the default: a cell's name must
/// not change its meaning when a default does.
std::string sized_text(const task_template& t) {
    const workload& w = *workloads()[t.first.workload];
    spec s = parse_spec(t.text(), "workload");
    if (w.has_size && !s.find(w.parameters.front().name)) {
        s.items.emplace(s.items.begin(), w.parameters.front().name,
                        std::to_string(t.first.args[0]));
    }
    return s.text();
}

/// Resolves each text once: `duration=1ms` must give one n per study, and timing takes a while.
class resolver {
  public:
    explicit resolver(const cost_meter& meter) : meter_(meter) {}

    const task_template& workload(const std::string& text) {
        const auto known = templates_.find(text);
        if (known != templates_.end()) {
            return known->second;
        }
        return templates_.emplace(text, resolve_workload(parse_spec(text, "workload")))
            .first->second;
    }

    double serial_ns(const task_template& t) {
        const std::string text = sized_text(t);
        const auto known = costs_.find(text);
        if (known != costs_.end()) {
            return known->second;
        }
        // A reading of 0 would make rates and sizes infinite.
        return costs_[text] = std::max(0.1, meter_(t));
    }

  private:
    const cost_meter& meter_;
    std::map<std::string, task_template> templates_;
    std::map<std::string, double> costs_;
};

/// How many tasks a cell will have, or, where that depends on its strategy, would have if that were
/// as quick as sync.
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

/// Why nothing would stop the tasks of a cell from filling the machine's memory; empty where they
/// do not try, or a worker's limit stops them.
std::string unbounded_memory(const task& t, const strategy_properties& p, const containment& c) {
    const workload& w = *workloads()[t.workload];
    const std::uint64_t takes = w.memory_bytes == nullptr ? 0 : w.memory_bytes(t);
    if (takes == 0) {
        return "";
    }
    if (!p.isolates_crashes) {
        return "its tasks would fill the memory of the trial process: it has no worker processes";
    }
    if (c.worker_memory_bytes != 0 && c.worker_memory_bytes < takes) {
        return "";
    }
    return fmt::format("its tasks fill memory up to {}; give it a --worker-memory below that",
                       bytes_text(takes));
}

/// Why a cell makes no sense; empty where it does.
std::string senseless(const cell& c, const task& first) {
    const strategy_properties& p =
        find_strategy(parse_spec(c.strategy, "strategy").name).properties;
    if (std::string why = unbounded_memory(first, p, c.limits); !why.empty()) {
        return why;
    }
    const double least_ns =
        static_cast<double>(p.least_task_ns) * static_cast<double>(c.load.tasks);
    if (c.load.ends_with_window() || least_ns <= longest_making_ns) {
        return "";
    }
    return fmt::format(
        "{} tasks would keep it making processes for more than {:.0f} s; give it "
        "larger or fewer ones, as in batch:1000",
        c.load.tasks, least_ns * 1e-9);
}

/// What a combination and the defaults come to, checked.
struct product {
    std::vector<spec> strategies;
    std::vector<std::string> workloads;
    std::vector<load_request> loads;
    std::vector<int> workers;
    std::string reference_for;
};

product checked(const combination& c, int cpus, resolver& resolve) {
    product out;
    const auto or_default = [](const auto& given, const auto& otherwise) {
        return given.empty() ? otherwise : given;
    };
    for (const auto& text : or_default(c.strategies, default_strategies())) {
        out.strategies.push_back(parse_spec(text, "strategy"));
        make_strategy(out.strategies.back());  // checks the values of its parameters
    }
    out.workloads = or_default(c.workloads, default_workloads);
    for (const auto& text : out.workloads) {
        resolve.workload(text);
    }
    for (const auto& text : or_default(c.loads, default_loads)) {
        out.loads.push_back(parse_load(text));
    }
    out.workers = or_default(c.workers, std::vector{cpus});
    for (const int w : out.workers) {
        check_workers(w);
    }
    out.reference_for = c.reference_for;
    return out;
}

/// Keeps the cells whose names match; see run_request::filter.
void apply_filter(std::vector<cell>& cells, const std::string& filter) {
    if (filter.empty() || filter == "all") {
        return;
    }
    const bool negated = filter.front() == '-';
    std::regex expression;
    try {
        expression = std::regex(filter.substr(negated ? 1 : 0), std::regex::extended);
    } catch (const std::regex_error&) {
        throw usage_error(fmt::format("filter '{}' is not a regular expression", filter));
    }
    std::erase_if(
        cells, [&](const cell& c) { return std::regex_search(c.name(), expression) == negated; });
    if (cells.empty()) {
        throw usage_error(
            fmt::format("filter '{}' leaves no cell; --benchmark_list_tests without "
                        "it shows the names",
                        filter));
    }
}

/// Turns checked products into cells.
class expansion {
  public:
    expansion(resolver& resolve, const run_request& asked, int cpus)
        : resolve_(resolve),
          detail_(asked.detail),
          limits_(asked.limits),
          cancel_pending_(asked.cancel_pending),
          cpus_(cpus),
          trial_length_ns_(asked.trial_length_ns) {}

    void add(const product& p) {
        for (const auto& workload : p.workloads) {
            for (const auto& load : p.loads) {
                for (const int workers : p.workers) {
                    for (const spec& s : p.strategies) {
                        add_cell(s, workload, load, workers, p.reference_for);
                    }
                }
            }
        }
    }

    /// Gives a cell its load, once its strategy's capacity is known where that matters.
    void resolve_arrivals(cell& c, const load_request& load, double own_per_s = 0) {
        // A reference does the same tasks under the same load as the group that it is shown in.
        const task_template& paced_by =
            resolve_.workload(c.group_workload.empty() ? c.workload : c.group_workload);
        load_basis basis = {.sync_ns = resolve_.serial_ns(paced_by) + paced_by.first.wait_us * 1e3,
                            .trial_length_ns = trial_length_ns_.value_or(window_slice_ns),
                            .workers = c.group_workers == 0 ? c.workers : c.group_workers,
                            .cpus = c.cpus,
                            .serial_ns = c.serial_ns,
                            .own_per_s = own_per_s};
        c.load = resolve_load(load, basis);
        if (!trial_length_ns_) {
            basis.trial_length_ns = slice_length_ns(c.load, basis);
            c.load = resolve_load(load, basis);
        }
        c.window_ns = window_ns(load, basis);
        c.lead_in_ns = lead_in_ns(c, basis);
        if (c.load.kind == load_plan::shape::closed) {
            basis.trial_length_ns += c.lead_in_ns;
            c.load = resolve_load(load, basis);
        }
        if (c.load.has_rate() && static_cast<double>(c.window_ns) < basis.sync_ns &&
            c.load.kind != load_plan::shape::trace) {
            throw usage_error(fmt::format(
                "a window of {} is shorter than a task of {}, which takes {:.3g} ms: give a "
                "--trial-length of several tasks",
                duration_text(c.window_ns), c.workload, basis.sync_ns * 1e-6));
        }
        c.stamp_one_in = stamp_one_in(c, expected_tasks(c, basis), detail_.tasks);
        c.skip_reason = senseless(c, resolve_.workload(c.workload).first);
    }

    std::vector<cell> cells;

  private:
    static std::int64_t slice_length_ns(const load_plan& load, const load_basis& basis) {
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

    static std::int64_t lead_in_ns(const cell& c, const load_basis& basis) {
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

    void add_cell(const spec& s, const std::string& workload, const load_request& load, int workers,
                  const std::string& reference_for) {
        const bool in_caller = find_strategy(s.name).properties.in_caller;
        const task_template& work = resolve_.workload(workload);

        cell c;
        c.strategy = s.text();
        c.workload = sized_text(work);
        c.workload_version = workloads()[work.first.workload]->version;
        c.workers = in_caller ? 1 : workers;
        if (in_caller && workers != 1) {
            c.group_workers = workers;
        }
        c.cpus = cpus_;
        c.serial_ns = resolve_.serial_ns(work);
        if (!reference_for.empty()) {
            c.reference = true;
            c.group_workload = sized_text(resolve_.workload(reference_for));
        }
        c.limits = limits_;
        c.cancel_pending = cancel_pending_ && load.plan.ends_with_window();
        resolve_arrivals(c, load);

        if (!seen_.insert(c.name() + c.group()).second) {
            return;  // asked for twice
        }
        c.repeated = !names_.insert(c.name()).second;
        cells.push_back(std::move(c));
    }

    resolver& resolve_;
    detail_plan detail_;
    containment limits_;
    bool cancel_pending_;
    int cpus_;
    std::optional<std::int64_t> trial_length_ns_;
    std::set<std::string> seen_, names_;
};

/// Gives rates to the cells whose rate is a part of what their own strategy can do.
void resolve_own_rates(expansion& of, const capacity_meter& meter) {
    std::map<std::string, capacity> known;
    for (cell& c : of.cells) {
        if (!c.load.has_rate() || c.load.rate_per_s > 0) {
            continue;
        }
        const auto key = fmt::format("{}/{}/{}", c.strategy, c.workload, c.workers);
        const auto [found, fresh] = known.try_emplace(key);
        if (fresh) {
            found->second = meter(c);
        }
        if (const capacity& own = found->second; own.reason.empty()) {
            of.resolve_arrivals(c, parse_load(c.load.text), own.per_s);
        } else {
            c.skip_reason = fmt::format("what it can do was not measured: {}", own.reason);
        }
    }
}

/// Throws usage_error where a budget is over before one round can be.
void require_a_round(const study_plan& plan) {
    double round_ns = 0;
    for (const cell& c : plan.cells) {
        if (c.skip_reason.empty()) {
            round_ns += expected_slice_ns(c) / 2;
        }
    }
    if (round_ns <= static_cast<double>(plan.budget_ns)) {
        return;
    }
    throw usage_error(fmt::format(
        "a budget of {} cannot hold one round of {}, which takes about {}: use --budget {:.0f}s",
        duration_text(plan.budget_ns), counted(plan.cells.size(), "cell"),
        duration_text(std::llround(round_ns)), std::ceil(10 * round_ns * 1e-9)));
}

}  // namespace

std::vector<combination> default_study() {
    std::vector<combination> study(1);
    for (const std::string& w : default_workloads) {
        const std::string vectorised = "sqrt_log_simd" + w.substr(w.find(':'));
        study.push_back({{"sync"}, {vectorised}, {"batch"}, {}, w});
    }
    return study;
}

void settle(study_plan& plan, const stopping_request& asked, bool quick) {
    plan.precision = asked.precision;
    plan.budget_ns = asked.budget_ns;
    const bool open_end = asked.precision > 0 || asked.budget_ns > 0;
    if (asked.rounds) {
        plan.rounds = *asked.rounds;
    } else {
        plan.rounds = quick && !open_end ? quick_rounds : most_rounds;
    }
    if (plan.rounds == most_rounds && !open_end) {
        plan.budget_ns = usual_budget_ns;
    }
    if (asked.generations && *asked.generations > plan.rounds) {
        throw usage_error(fmt::format("{} generations of {} rounds: use --rounds {}",
                                      *asked.generations, plan.rounds, *asked.generations));
    }
    int usual = quick && !asked.rounds ? quick_generations : usual_generations;
    if (asked.precision > 0) {
        usual = precise_generations;
    }
    if (plan.rounds != most_rounds) {
        usual = std::max(usual, (plan.rounds - 1) / most_rounds_of_generation + 1);
    }
    plan.generations = asked.generations.value_or(std::min(usual, plan.rounds));
}

study_plan build_plan(const run_request& asked, const cost_meter& cost, const capacity_meter& own) {
    const int usable = usable_cpus();
    const int cpus = asked.cpus.value_or(usable);
    if (cpus < 1 || cpus > usable) {
        throw usage_error(
            fmt::format("cpus {}: accepted are 1 to {} (CPUs usable here)", cpus, usable));
    }
    study_plan plan;
    settle(plan, asked.stopping, asked.quick);
    plan.tie = asked.tie.value_or(plan.tie);
    plan.seed = asked.seed.value_or(0);
    plan.warm_up_ns = warm_up_ns;
    plan.detail = asked.detail;
    plan.scenario = asked.scenario;

    resolver resolve(cost);
    std::vector<product> products;
    for (const auto& c : asked.combinations.empty() ? default_study() : asked.combinations) {
        products.push_back(checked(c, cpus, resolve));
    }
    expansion cells(resolve, asked, cpus);
    for (const product& p : products) {
        cells.add(p);
    }
    apply_filter(cells.cells, asked.filter);
    if (own) {
        resolve_own_rates(cells, own);
    }
    plan.cells = std::move(cells.cells);
    for (std::size_t i = 0; i < plan.cells.size(); ++i) {
        plan.cells[i].index = static_cast<int>(i);
    }
    if (asked.stopping.budget_ns > 0) {
        require_a_round(plan);
    }
    return plan;
}

double expected_slice_ns(const cell& c) {
    const auto tasks = static_cast<double>(c.load.tasks);
    const auto window = static_cast<double>(c.window_ns);
    if (c.load.ends_with_window()) {
        return static_cast<double>(c.lead_in_ns) + 2 * window;  // it takes at most as long to drain
    }
    const task_template t = resolve_workload(parse_spec(c.workload, "workload"));
    const auto n = static_cast<double>(std::max<std::int64_t>(1, t.first.args[0]));
    // With a step the mean task is larger than the first, whose cost is known.
    const double growth = 1 + static_cast<double>(t.step) * std::max(0.0, tasks - 1) / 2 / n;
    const double work = tasks * (c.serial_ns * std::max(0.0, growth) + t.first.wait_us * 1e3);
    return c.load.every_ns > 0 ? std::max(window, work) : work;
}

}  // namespace stratbench
