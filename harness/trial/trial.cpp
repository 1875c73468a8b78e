#include "harness/trial/trial.hpp"

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "harness/base/clock.hpp"
#include "harness/base/descriptor.hpp"
#include "harness/base/files/standard_streams.hpp"
#include "harness/base/hash.hpp"
#include "harness/base/process/orphans.hpp"
#include "harness/base/sleep.hpp"
#include "harness/base/this_build.hpp"
#include "harness/measure/cpu_mask.hpp"
#include "harness/measure/energy_meter.hpp"
#include "harness/measure/event_counters.hpp"
#include "harness/measure/pause_watch.hpp"
#include "harness/measure/proc_files.hpp"
#include "harness/measure/process_tree.hpp"
#include "harness/measure/sampler.hpp"
#include "harness/measure/tree_readings.hpp"
#include "harness/model/labels.hpp"
#include "harness/trial/analysis.hpp"
#include "harness/trial/benchmark_timer.hpp"
#include "harness/trial/event_stream.hpp"
#include "harness/trial/serial_cost.hpp"
#include "harness/trial/slice_sum.hpp"
#include "harness/trial/verification.hpp"
#include "harness/trial/warm_up.hpp"
#include "harness/trial/window.hpp"
#include "strategies/contract/strategy.hpp"
#include "strategies/registry.hpp"

namespace stratbench {
namespace {

/// Steps of a window's time series, and how long a step may be: the kernel brings the clock of a
/// process up to date at its ticks, every 4 ms or so, while the process runs.
constexpr std::int64_t series_steps = 40;
constexpr std::int64_t shortest_step_ns = 20'000'000;
constexpr std::int64_t longest_step_ns = 100'000'000;

/// What comes before a batch, so that workers and caches are as they are in the middle of one.
constexpr std::int64_t batch_lead_in_ns = 2'000'000;

/// How long a window is drained at least before its tasks are given up: a hypervisor may take the
/// CPUs away for so long.
constexpr std::int64_t shortest_drain_ns = 200'000'000;

/// Memory, threads and descriptors are looked at in one slice of this many: that costs the kernel a
/// walk over the page tables, which is as long as the slice of short tasks.
constexpr int slices_per_full_look = 8;

/// A tree that uses more than this part of a CPU while it is not its turn disturbs the others (a
/// hundredth is what the looks themselves take); what one is seen to use in less time than that may
/// be the end of its own slice.
constexpr double most_idle_share = 0.05;
constexpr std::int64_t shortest_idle_ns = 200'000'000;

/// Events are counted for tasks of at least this length: an inherited counter adds about 0.2 us to
/// every context switch, which would show in the figures of shorter ones (a tenth of a noop's).
constexpr double shortest_counted_ns = 100'000;

/// Gives pages to what malloc hands out next: to the end of the heap, of which parts were never
/// written. Else the layout of the heap, which the length of a path decides, costs one side of a
/// gate a page fault in each of its windows, and the other none. Before Linux 5.14 it does nothing.
void touch_free_heap() {
    constexpr std::ptrdiff_t step = 16 << 10, most = 1 << 20, page = 4096;
    char* const top = static_cast<char*>(::sbrk(0));
    char* const end = top - reinterpret_cast<std::uintptr_t>(top) % page;
    for (std::ptrdiff_t done = step; done <= most; done += step) {
        if (::madvise(end - done, step, MADV_POPULATE_WRITE) != 0) {
            return;
        }
    }
}

/// Puts this thread onto a CPU that the round decides, the same for all that are compared in it; it
/// may leave at once. A thread that is never in anybody's way stays where it is for as long as it
/// lives, and of two builds whose one thread sits on a slow CPU and on a fast one, the CPUs would
/// be compared.
void begin_on_cpu_of(int round) {
    const kept_affinity before;
    before.all.single(round % before.all.count()).confine_this_thread();
}

/// What a strategy must not leave behind when it has stopped; empty = nothing was left.
std::string leftovers(int descriptors_before, int threads_before) {
    if (::waitpid(-1, nullptr, WNOHANG) >= 0 || errno != ECHILD) {
        return "left a process behind";
    }
    if (descriptor_count() > descriptors_before) {
        return "left a descriptor open";
    }
    // A joined thread may still be on its way out of the kernel's list.
    for (int look = 0; thread_count() > threads_before; ++look) {
        if (look == 1000) {
            return "left a thread behind";
        }
        sleep_until(now_ns() + 1'000'000);
    }
    return "";
}

}  // namespace

class trial::state {
  public:
    explicit state(const trial_request& request)
        : request_(request),
          model_(resolve_workload(parse_spec(request_.planned.workload, "workload"))),
          subject_(make_strategy(parse_spec(request_.planned.strategy, "strategy"))),
          sum_(request_.planned) {
        const std::uint64_t most = arrivals_of(request_, request_.round)->most();
        if (model_.step != 0) {
            grows_for_ = std::max<std::uint64_t>(1, most);
        }
        if (request_.planned.serial_ns >= shortest_counted_ns) {
            counters_.emplace();
        }
        // The harness's memory, and so before memory_before_ is read.
        if (most <= most_kept) {
            room_.make_room(most, request_.planned.stamp_one_in);
        }
        make_first_thread();
        descriptors_ = descriptor_count();
        threads_ = thread_count();
        touch_free_heap();
        memory_before_ = proportional_memory(::getpid());
        start();
        warm_up_workers(request_.warm_up_ns, request_.round);
    }

    bool measure(int round) {
        if (asleep_since_ns_ != 0) {
            count_idle();
        }
        const bool looks = slices_measured_ % slices_per_full_look == 0;
        ++slices_measured_;
        const std::uint64_t before_record = looks ? proportional_memory(::getpid()) : 0;
        slice current(request_, model_, round, !events_lost_, std::move(room_));
        current.looks_at_everything = looks;
        if (looks) {
            // What a slice needs is the harness's; later ones may find it where it was.
            const std::uint64_t with_record = proportional_memory(::getpid());
            record_bytes_ =
                std::max(record_bytes_, with_record - std::min(with_record, before_record));
        }
        const pause_watch watch;
        run(current);
        current.result.paused = watch.seen();
        analyse(current);
        keep_room(current.measured);
        sum_.add(std::move(current.result));
        if (looks) {
            asleep_since_ns_ = now_ns();
            cpu_asleep_ns_ = process_tree(ledger_).walk().cpu_ns();
        }
        return !sum_.failed();
    }

    trial_record finish() {
        subject_->stop();
        started_.round = request_.round;
        if (sized_ > 0) {
            started_.cpu.serial_task_ns *= sizes_ / sized_;
        }
        trial_record record = sum_.record(started_);
        if (idle_ns_ > shortest_idle_ns &&
            static_cast<double>(idle_cpu_ns_) > most_idle_share * static_cast<double>(idle_ns_)) {
            record.labels.emplace_back(label::idle_cpu);
        }
        if (const std::string left = leftovers(descriptors_, threads_); !left.empty()) {
            record.fail(request_.planned.strategy + " " + left);
        }
        return record;
    }

  private:
    /// The trials of all cells are alive at once, so only what is small is kept; and a window of
    /// many tasks is so long that its pages cost little.
    void keep_room(window& measured) {
        if (measured.endings().size() <= most_kept) {
            room_ = measured.release();
        }
    }

    /// A task costs what its size says, also on average over those that were drawn.
    void count_sizes(const window& measured) {
        if (!model_.sizes) {
            return;
        }
        const auto mean = static_cast<double>(model_.first.args[0]);
        for (std::uint64_t id = 0; id < measured.accepted(); ++id) {
            sizes_ += static_cast<double>(measured.make(id).args[0]) / mean;
            ++sized_;
        }
    }

    /// What the tree has used since the end of the last slice.
    void count_idle() {
        idle_cpu_ns_ += process_tree(ledger_).walk().cpu_ns() - cpu_asleep_ns_;
        idle_ns_ += now_ns() - asleep_since_ns_;
        asleep_since_ns_ = 0;
    }

    static constexpr std::uint64_t most_kept = 1 << 18;

    /// One slice while it is measured.
    struct slice {
        slice(const trial_request& request, const task_template& model, int round, bool events,
              window_record room)
            : completions(request.events_fd < 0 || !events
                              ? nullptr
                              : std::make_unique<event_stream>(request, round)),
              measured(arrivals_of(request, round),
                       {.model = model,
                        .seed = seed_of(request, round),
                        .stamp_one_in = request.planned.stamp_one_in,
                        .pacing_spin_ns = request.pacing_spin_ns,
                        .drain_until_ns = drain_limit_ns(request.planned),
                        .listener = completions.get()},
                       std::move(room)) {
            result.round = round;
        }

        std::unique_ptr<event_stream> completions;
        window measured;
        slice_result result;
        bool looks_at_everything = true;
    };

    static std::uint64_t seed_of(const trial_request& request, int round) {
        return mix64(mix64(request.study_seed, hash_text(request.planned.workload)),
                     static_cast<std::uint64_t>(round));
    }

    /// The lead-in is the beginning of the same arrivals.
    static std::unique_ptr<arrivals> arrivals_of(const trial_request& request, int round) {
        cell longer = request.planned;
        longer.window_ns += longer.lead_in_ns;
        return make_arrivals(longer, request.study_seed, round);
    }

    /// When a window's tasks are given up, counted from its opening: draining lasts at most one
    /// more window, and no time at all where pending tasks are to be cancelled.
    static std::int64_t drain_limit_ns(const cell& c) {
        if (!c.load.ends_with_window()) {
            return never_ns;
        }
        const std::int64_t end = c.lead_in_ns + c.window_ns;
        return c.cancel_pending ? end : end + std::max(c.window_ns, shortest_drain_ns);
    }

    void start() {
        const pause_watch watch;
        const std::int64_t began = now_ns();
        subject_->start({.workers = request_.planned.workers,
                         .max_payload_bytes = model_.longest_payload(grows_for_),
                         .max_reply_bytes = model_.first.reply_bytes,
                         .ledger = &ledger_,
                         .monitor = &monitor_,
                         .limits = request_.planned.limits,
                         .counts = &counts_,
                         .output = &output_});
        started_.startup_ns = now_ns() - began;
        if (!watch.seen().empty()) {
            started_.labels.emplace_back(label::paused);
        }
    }

    void warm_up_workers(std::int64_t length_ns, int round) {
        warm_up warming(model_.tamed(), mix64(seed_of(request_, round)),
                        static_cast<std::uint64_t>(request_.planned.workers), now_ns() + length_ns,
                        grows_for_);
        subject_->run(warming, warming);
        monitor_.beats.clear();
    }

    void run(slice& current) {
        const cell& c = request_.planned;
        begin_on_cpu_of(current.result.round);
        trial_record& record = current.result.figures;
        const std::int64_t expected_ns =
            c.load.ends_with_window()
                ? c.window_ns
                : std::max(
                      static_cast<std::int64_t>(static_cast<double>(c.load.tasks) * c.serial_ns),
                      static_cast<std::int64_t>(c.load.tasks) * c.load.every_ns);
        const std::int64_t step =
            std::clamp(expected_ns / series_steps, shortest_step_ns, longest_step_ns);
        // The window cannot be shorter: all workers are busy all the time.
        const std::int64_t shortest_ns =
            c.load.ends_with_window() ? c.window_ns : expected_ns / std::max(c.workers, c.cpus);
        record.timer_real_s = time_with_google_benchmark(c.name(), [&] {
            sampler watching(ledger_,
                             {step, std::min(step, shortest_ns / 2), current.looks_at_everything});
            if (c.load.kind == load_plan::shape::batch) {
                // After everything that takes memory for the slice, so that the strategy finds the
                // pages again that it has touched here.
                touch_free_heap();
                warm_up_workers(batch_lead_in_ns, current.result.round);
            }
            watching.begin(drain_limit_ns(c));
            const tree_readings before = read_tree(ledger_, counters_, counts_);
            const energy_meter energy;
            if (current.completions) {
                current.completions->begin(current.measured);
            }
            subject_->prepare(current.measured);
            current.measured.open();
            watching.open(current.measured.opened_ns(), [this, &current] {
                current.measured.end();
                subject_->request_stop(stop_mode::cancel);
            });
            subject_->run(current.measured, current.measured);
            current.result.ran_ns = now_ns() - current.measured.opened_ns();
            const tree_readings after = read_tree(ledger_, counters_, counts_);
            record.cpu.energy_j = energy.joules();
            record_difference(before, after, record);
            keep_samples(watching.finish(), current, record);
        });
        current.measured.settle(current.measured.opened_ns() + current.result.ran_ns);
        current.result.opened_ns = current.measured.opened_ns();
        current.result.beats = std::exchange(monitor_.beats, {});
        if (!current.completions) {
            return;
        }
        if (const std::string& why = current.completions->finish(); !why.empty()) {
            record.labels.emplace_back(label::events_lost);
            events_lost_ = true;
            tell(fmt::format("{}: the file of --events cannot be written: {}\n", this_build.program,
                             why));
        }
    }

    void keep_samples(const samples& sampled, const slice& current, trial_record& record) const {
        record.cpu.series = sampled.series;
        if (!current.looks_at_everything) {
            return;
        }
        record.peak_processes = sampled.peak.processes;
        record.peak_threads = sampled.peak.threads - (current.completions ? 1 : 0);
        record.peak_descriptors =
            sampled.peak.descriptors - (counters_ ? counters_->descriptors() : 0);
        const std::uint64_t ours = memory_before_ + record_bytes_;
        record.peak_memory_bytes =
            sampled.peak.memory_bytes - std::min(sampled.peak.memory_bytes, ours);
    }

    void analyse(slice& current) {
        trial_record& record = current.result.figures;
        analyse_window(current.measured, request_.planned,
                       current.measured.opened_ns() + current.result.ran_ns, record,
                       current.result.times);
        verify_values(current.measured, record);
        count_sizes(current.measured);
        record.cpu.pacing_spin_s = static_cast<double>(current.measured.spun_ns()) * 1e-9;
        if (started_.cpu.serial_task_ns == 0) {
            started_.cpu.serial_task_ns = serial_cpu_ns(current.measured);
        }
        if (request_.detail.tasks) {
            record.tasks = trace_tasks(current.measured);
        }
    }

    const trial_request& request_;
    task_template model_;
    /// Tasks of a window; where sizes have no step, every one may be the longest.
    std::uint64_t grows_for_ = ~std::uint64_t{0};
    window_record room_;
    process_ledger ledger_;
    std::optional<event_counters> counters_;  // before everything that it counts
    loop_monitor monitor_;
    containment_counts counts_;
    /// What the harness gave this process as standard error: its own, or a file.
    labelled_output output_{STDERR_FILENO, parse_spec(request_.planned.strategy, "strategy").name};
    std::unique_ptr<strategy> subject_;
    slice_sum sum_;
    /// What is seen of the trial outside its slices.
    trial_record started_;
    /// Sizes of the tasks so far, in means, and how many they are; where sizes are drawn.
    double sizes_ = 0, sized_ = 0;
    bool events_lost_ = false;
    int slices_measured_ = 0;
    /// Since when the tree has had nothing to do, 0 where it is not watched; what it had used until
    /// then.
    std::int64_t asleep_since_ns_ = 0, cpu_asleep_ns_ = 0;
    std::int64_t idle_ns_ = 0, idle_cpu_ns_ = 0;
    int descriptors_ = 0, threads_ = 0;
    std::uint64_t memory_before_ = 0;
    std::uint64_t record_bytes_ = 0;
};

trial::trial(const trial_request& request) {
    ask_for_punctual_sleeps();
    cpu_mask::of_this_thread().lowest(request.planned.cpus).confine_this_thread();
    // Orphans of a strategy become children of this process, where leftovers finds them.
    adopt_orphans();
    in_ = std::make_unique<state>(request);
}

trial::~trial() = default;

bool trial::measure(int round) {
    return in_->measure(round);
}

trial_record trial::finish() {
    return in_->finish();
}

}  // namespace stratbench
