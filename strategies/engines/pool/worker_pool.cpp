#include "strategies/engines/pool/worker_pool.hpp"

#include <algorithm>
#include <cerrno>
#include <new>
#include <stdexcept>

#include "harness/base/refusal.hpp"

namespace stratbench {
namespace {

/// Work that a worker should have in hand: about twice what waking the owner takes, so that it
/// never waits for the owner and yet hoards little that others could do.
constexpr double in_hand_ns = 100'000;

/// Unstarted work worth moving to an idle worker.
constexpr double worth_moving_ns = 20'000;

pool_result result_without_value(const task& t, owner_data kept, task_outcome outcome) {
    return {{.id = t.id, .outcome = outcome}, kept.tag};
}

// Queues of tasks as worker_pool::distribute takes them.

/// Tasks that were queued before.
template <class Tasks>
class pending_queue {
  public:
    explicit pending_queue(Tasks& tasks) : tasks_(tasks) {}
    [[nodiscard]] std::size_t size() const { return tasks_.size(); }
    [[nodiscard]] const task& front() const { return tasks_.front().work; }
    [[nodiscard]] owner_data kept() const { return tasks_.front().kept; }
    void pop() { tasks_.pop_front(); }

  private:
    Tasks& tasks_;
};

/// Tasks without tags that are just being submitted.
class fresh_tasks {
  public:
    explicit fresh_tasks(std::span<const task> tasks) : tasks_(tasks) {}
    [[nodiscard]] std::size_t size() const { return tasks_.size(); }
    [[nodiscard]] const task& front() const { return tasks_.front(); }
    [[nodiscard]] static owner_data kept() { return {}; }
    void pop() { tasks_ = tasks_.subspan(1); }
    [[nodiscard]] std::span<const task> rest() const { return tasks_; }

  private:
    std::span<const task> tasks_;
};

}  // namespace

worker_pool::worker_pool(const pool_options& options) try : options_(options), seats_(options) {
} catch (const std::bad_alloc&) {
    throw_refused(ENOMEM, "cannot make a pool of workers");
}

// --- Workers that are replaced ---

void worker_pool::replace(std::size_t at, task_outcome outcome_of_begun) {
    seats_.remove(at);
    std::vector<queued> untouched;
    seats_[at].line->abandon([&](const task& t, owner_data kept, bool begun) {
        --handed_over_;
        if (!begun) {
            untouched.push_back({t, kept});
        } else if (outcome_of_begun != task_outcome::crashed || !try_again(t, kept)) {
            late_results_.push_back(result_without_value(t, kept, outcome_of_begun));
        }
    });
    pending_.insert(pending_.begin(), untouched.begin(), untouched.end());
    seats_.rehire(at);
    look_if_vacant(at);
    dispatch();
}

void worker_pool::recycle(std::size_t at) {
    seats_.remove(at);
    seats_.rehire(at);
    look_if_vacant(at);
}

void worker_pool::collect_rest(std::size_t at) {
    collect_from(at, [this](const pool_result& each) { late_results_.push_back(each); });
}

void worker_pool::on_worker_death(std::size_t at) {
    try {
        collect_rest(at);
    } catch (const corrupt_channel&) {
        // Replaced for its death as well as for that.
    }
    replace(at, task_outcome::crashed);
}

void worker_pool::look_for_deaths() {
    for (const std::size_t at : seats_.alarm().ended()) {
        on_worker_death(at);
    }
}

bool worker_pool::try_again(const task& t, owner_data kept) {
    if (kept.failed_attempts >= static_cast<std::uint32_t>(options_.start.limits.retries)) {
        return false;
    }
    pending_.push_back({t, {kept.tag, kept.failed_attempts + 1}});
    if (options_.start.counts != nullptr) {
        ++options_.start.counts->retries;
    }
    return true;
}

void worker_pool::look_at_seats() {
    const std::int64_t now = now_ns();
    if (now < next_look_ns_) {
        return;
    }
    next_look_ns_ = never_ns;
    for (std::size_t at = 0; at < seats_.size(); ++at) {
        seat& s = seats_[at];
        if (!s.line && now >= seats_.next_attempt_ns(at)) {
            seats_.try_to_hire(at);
        }
        look_if_vacant(at);
        if (options_.can_interrupt_tasks() && s.outstanding() != 0) {
            look_at_deadline(at, now);
        }
    }
    dispatch();
}

void worker_pool::look_if_vacant(std::size_t at) {
    if (!seats_[at].line) {
        look_by(seats_.next_attempt_ns(at));
    }
}

void worker_pool::look_at_deadline(std::size_t at, std::int64_t now) {
    // What the worker wrote decides only which of its own tasks is beyond its time.
    seat& s = seats_[at];
    const std::int64_t limit_ns = options_.start.limits.task_timeout_ns;
    const auto overdue = [&] { return s.deadline.has_passed(s.line->executing(), now, limit_ns); };
    try {
        if (overdue()) {
            collect_rest(at);
            if (overdue()) {
                replace(at, task_outcome::timed_out);
                return;
            }
        }
        look_by(s.deadline.look(s.line->executing(), now, limit_ns));
    } catch (const corrupt_channel&) {
        replace(at, task_outcome::crashed);
    }
}

// --- Tasks ---

std::uint32_t worker_pool::enough_for_one() const noexcept {
    if (options_.kind == worker_kind::process_per_task) {
        return 2 * static_cast<std::uint32_t>(options_.start.workers);
    }
    if (options_.chunk != 0) {
        return 2 * options_.chunk;
    }
    if (service_ns_ <= 0) {
        return 2;
    }
    return 1 + static_cast<std::uint32_t>(std::clamp(in_hand_ns / service_ns_, 1.0, 4095.0));
}

std::uint32_t worker_pool::room_for(const seat& s, std::uint32_t enough) const noexcept {
    const std::uint32_t in_hand = s.outstanding();
    if (!s.line || in_hand >= enough) {
        return 0;
    }
    const std::uint64_t most = options_.start.limits.max_tasks_per_worker;
    if (most == 0 || options_.kind != worker_kind::process) {
        return enough - in_hand;
    }
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(enough - in_hand, most - s.given));
}

template <class Queue>
void worker_pool::distribute(Queue& from) {
    const std::uint32_t enough = enough_for_one();
    while (from.size() != 0) {
        const auto emptiest =
            std::max_element(seats_.begin(), seats_.end(), [&](const seat& a, const seat& b) {
                return room_for(a, enough) < room_for(b, enough);
            });
        std::size_t share = std::max<std::size_t>(1, from.size() / seats_.size());
        if (options_.chunk != 0) {
            share = options_.chunk;
        }
        share = std::min<std::size_t>({share, room_for(*emptiest, enough), from.size()});
        std::size_t given = 0;
        while (given < share && emptiest->line->has_room(from.front())) {
            emptiest->line->stage(from.front(), from.kept());
            from.pop();
            ++given;
        }
        if (given == 0) {
            break;
        }
        handed_over_ += given;
        emptiest->given += given;
        emptiest->staged = true;
    }
    for (auto& each : seats_) {
        if (!each.staged) {
            continue;
        }
        each.line->publish();
        each.staged = false;
        if (options_.can_interrupt_tasks() && next_look_ns_ == never_ns) {
            look_by(now_ns());
        }
    }
}

void worker_pool::dispatch() {
    if (pending_.empty()) {
        return;
    }
    pending_queue from(pending_);
    distribute(from);
}

void worker_pool::submit(std::span<const task> tasks) {
    fresh_tasks from(tasks);
    if (pending_.empty()) {
        distribute(from);
    }
    for (const task& t : from.rest()) {
        submit(t);
    }
}

void worker_pool::learn_service_time(std::int64_t latest_ns) noexcept {
    const auto latest = static_cast<double>(latest_ns);
    service_ns_ = service_ns_ > 0 ? service_ns_ + (latest - service_ns_) / 8 : latest;
}

void worker_pool::refill() {
    if (options_.start.limits.max_tasks_per_worker != 0 && options_.kind == worker_kind::process) {
        for (std::size_t at = 0; at < seats_.size(); ++at) {
            if (seats_[at].given >= options_.start.limits.max_tasks_per_worker &&
                seats_[at].outstanding() == 0) {
                recycle(at);
            }
        }
    }
    rebalance();
    dispatch();
}

void worker_pool::rebalance() {
    if (!pending_.empty() || seats_.size() < 2) {
        return;
    }
    const auto idle = std::find_if(seats_.begin(), seats_.end(), [this](const seat& s) {
        return s.outstanding() == 0 && room_for(s, enough_for_one()) != 0;
    });
    if (idle == seats_.end()) {
        return;
    }
    auto most = std::max_element(seats_.begin(), seats_.end(), [](const seat& a, const seat& b) {
        return a.outstanding() < b.outstanding();
    });
    if (most->outstanding() < 2) {
        return;
    }
    try {
        const std::uint32_t unclaimed = most->line->unclaimed();
        if (unclaimed * service_ns_ < worth_moving_ns) {
            return;
        }
        const std::size_t moved =
            most->line->revoke((unclaimed + 1) / 2, [this](const task& t, owner_data kept) {
                pending_.push_front({t, kept});
            });
        handed_over_ -= moved;
        most->given -= moved;
    } catch (const corrupt_channel&) {
        replace(static_cast<std::size_t>(most - seats_.begin()), task_outcome::crashed);
    }
}

void worker_pool::cancel_unstarted(std::vector<pool_result>& into) {
    const auto give_up = [&into](const task& t, owner_data kept) {
        into.push_back(result_without_value(t, kept, task_outcome::cancelled));
    };
    for (std::size_t at = 0; at < seats_.size(); ++at) {
        if (!seats_[at].line) {
            continue;
        }
        try {
            handed_over_ -= seats_[at].line->revoke(seats_[at].outstanding(), give_up);
        } catch (const corrupt_channel&) {
            replace(at, task_outcome::crashed);
        }
    }
    for (const queued& each : pending_) {
        give_up(each.work, each.kept);
    }
    pending_.clear();
}

// --- Waiting ---

bool worker_pool::arm() {
    for (auto& each : seats_) {
        if (each.line) {
            each.line->owner_flag().set_asleep();
        }
    }
    const bool nothing =
        late_results_.empty() && std::none_of(seats_.begin(), seats_.end(), [](const seat& s) {
            return s.line && s.line->has_replies();
        });
    // An owner that slept because of a worker whose indices are impossible would do so for ever.
    if (!nothing || replace_corrupt()) {
        disarm();
        return false;
    }
    return true;
}

bool worker_pool::replace_corrupt() {
    bool any = false;
    for (std::size_t at = 0; at < seats_.size(); ++at) {
        if (seats_[at].outstanding() == 0) {
            continue;
        }
        try {
            static_cast<void>(seats_[at].line->unclaimed());
        } catch (const corrupt_channel&) {
            replace(at, task_outcome::crashed);
            any = true;
        }
    }
    return any;
}

void worker_pool::disarm() {
    for (auto& each : seats_) {
        if (each.line) {
            each.line->owner_flag().set_awake();
        }
    }
    look_for_deaths();
}

void worker_pool::wait() {
    if (!arm()) {
        return;
    }
    doze(look_again_ns());
    disarm();
}

}  // namespace stratbench
