#include "strategies/engines/fork_server.hpp"

#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "strategies/engines/child_process.hpp"
#include "strategies/engines/idle_spin.hpp"
#include "strategies/engines/output_marks.hpp"
#include "strategies/engines/worker_loop.hpp"
#include "workloads/clock.hpp"
#include "workloads/sleep.hpp"

namespace stratbench {
namespace {

/// The flag on which the server sleeps; a child's end clears it, so that a signal between the
/// second look and the sleep is not lost.
sleep_flag* server_flag = nullptr;

void on_child_end(int /*signal*/) {
    server_flag->set_awake();
}

class fork_server {
  public:
    fork_server(channel_worker& worker_end, int fd, task_witness& hears)
        : end(worker_end),
          wake_fd(fd),
          witness(hears),
          max_live(end.shared().requests->shape.max_live) {
        server_flag = &end.flag();
        struct sigaction action {};
        action.sa_handler = on_child_end;
        ::sigaction(SIGCHLD, &action, nullptr);
    }

    void serve() {
        for (;;) {
            bool progressed = false;
            while (live > 0 && reap(live == max_live ? 0 : WNOHANG)) progressed = true;
            if (live < max_live && end.claim(1) != 0) {
                make_child(end.first());
                progressed = true;
            }
            if (progressed) {
                spin.found();
                continue;
            }
            if (end.quitting() && live == 0) return;
            if (live == 0 && spin.again()) continue;
            end.flag().set_asleep();
            if (!end.has_work() && !(end.quitting() && live == 0) && !child_ended()) {
                end.flag().sleep();
            }
            end.flag().set_awake();
        }
    }

  private:
    /// Whether reap would find a child; leaves it unreaped.
    [[nodiscard]] bool child_ended() const {
        if (live == 0) return false;
        siginfo_t info{};
        return ::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0;
    }

    void make_child(std::uint32_t ticket) {
        const pid_t server = ::getpid();
        pid_t pid = ::fork();
        while (pid < 0) {
            // Out of processes or memory: what ends soonest is one of ours, else somebody else's.
            if (live == 0 || !reap(0)) sleep_until(now_ns() + 1'000'000);
            pid = ::fork();
        }
        if (pid == 0) {
            die_with_parent(server);
            execute_into(end.at(ticket), end.payload(ticket),
                         end.shared().requests->shape.task_timeout_ns, end.answer(ticket), witness);
            flush_output();
            ::_exit(0);
        }
        child_entry* const children = end.shared().children;
        std::uint32_t free = 0;
        while (children[free].pid.load(std::memory_order_relaxed) != 0) ++free;
        children[free].ticket = ticket;
        children[free].pid.store(pid);
        end.shared().answers->made.fetch_add(1);
        ++live;
    }

    bool reap(int flags) {
        int status = 0;
        rusage usage{};
        const pid_t pid = ::wait4(-1, &status, flags, &usage);
        if (pid <= 0) return false;
        child_entry* entry = end.shared().children;
        while (entry->pid.load(std::memory_order_relaxed) != pid) ++entry;
        end.shared().answers->gone.add(usage_of(usage));
        entry->pid.store(0);
        --live;
        if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
            end.answer(entry->ticket).what = outcome::crashed;
            mark_gone(pid, end.at(entry->ticket).id);
        }
        if (end.finish_last(entry->ticket)) eventfd_write(wake_fd, 1);
        return true;
    }

    channel_worker& end;
    int wake_fd;
    task_witness& witness;
    std::uint32_t max_live;
    std::uint32_t live = 0;
    idle_spin spin;
};

}  // namespace

void serve_by_forking(channel_worker& end, int wake_fd, task_witness& witness) {
    fork_server(end, wake_fd, witness).serve();
}

}  // namespace stratbench
