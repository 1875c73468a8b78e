#include "strategies/engines/worker/worker_loop.hpp"

#include <sys/eventfd.h>

#include <exception>

#include "harness/base/clock.hpp"
#include "harness/base/idle_spin.hpp"
#include "harness/base/sleep.hpp"
#include "strategies/engines/channel/span_size.hpp"
#include "workloads/task_deadline.hpp"
#include "workloads/workload.hpp"

namespace stratbench {

void execute_into(const execution& given, reply& answer, task_witness& witness,
                  std::int64_t (*clock)() noexcept) noexcept {
    const task& t = given.work;
    const std::int64_t timeout_ns = given.timeout_ns;
    const bool prints = workloads()[t.workload]->prints;
    if (prints) {
        witness.begins(t);
    }
    const bool stamped = t.stamped != 0;
    const bool timed = stamped || timeout_ns != 0;
    const std::int64_t started_ns = timed ? clock() : 0;
    answer.started_ns = stamped ? started_ns : 0;
    // Touched only where it is needed: a fresh process would have to map its page.
    if (timeout_ns != 0) {
        task_deadline_ns = started_ns + timeout_ns;
    }
    try {
        answer.value = execute(t, given.payload);
        write_reply(t, given.reply_room);
        answer.outcome = task_outcome::ok;
    } catch (const std::exception& error) {
        answer.outcome = task_outcome::error;
        witness.failed(t, error.what());
    } catch (...) {
        answer.outcome = task_outcome::error;
        witness.failed(t, "it threw what is no std::exception");
    }
    if (timeout_ns != 0) {
        task_deadline_ns = 0;
    }
    if (t.wait_us != 0) {
        sleep_until(clock() + std::int64_t{t.wait_us} * 1000);
    }
    const std::int64_t finished_ns = timed ? clock() : 0;
    answer.finished_ns = stamped ? finished_ns : 0;
    if (timed_out(finished_ns - started_ns, timeout_ns)) {
        answer.outcome = task_outcome::timed_out;
    }
    if (prints) {
        witness.ended(t);
    }
}

void announce_ready(channel_worker& end, int wake_fd) noexcept {
    end.shared().answers->ready.store(1);
    eventfd_write(wake_fd, 1);
}

void work(channel_worker& end, int wake_fd, task_witness& witness) noexcept {
    announce_ready(end, wake_fd);
    idle_spin spin;
    span_size batch;
    const std::int64_t timeout_ns = end.shared().requests->shape.task_timeout_ns;
    for (;;) {
        const auto claimed = end.claim(static_cast<std::uint32_t>(batch.value()));
        if (claimed != 0) {
            spin.found();
            const std::int64_t began = now_ns();
            for (std::uint32_t i = 0; i < claimed; ++i) {
                const std::uint32_t ticket = end.first() + i;
                execute_into({.work = end.at(ticket),
                              .payload = end.payload(ticket),
                              .reply_room = end.reply_room(ticket),
                              .timeout_ns = timeout_ns},
                             end.answer(ticket), witness);
                const bool owner_sleeps =
                    i + 1 == claimed ? end.finish_last(ticket) : end.finish(ticket);
                if (owner_sleeps) {
                    eventfd_write(wake_fd, 1);
                }
            }
            batch.learn(claimed, now_ns() - began);
            continue;
        }
        if (end.quitting()) {
            return;
        }
        if (spin.again()) {
            continue;
        }
        end.flag().set_asleep();
        if (!end.has_work() && !end.quitting()) {
            end.flag().sleep();
        }
        end.flag().set_awake();
    }
}

}  // namespace stratbench
