#include "strategies/engines/worker/fork_server.hpp"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <type_traits>

#if __has_include(<sys/rseq.h>)
#include <sys/rseq.h>
#endif

#include "harness/base/clock.hpp"
#include "harness/base/idle_spin.hpp"
#include "harness/base/process/orphans.hpp"
#include "harness/base/refusal.hpp"
#include "harness/base/shared_memory.hpp"
#include "strategies/engines/worker/output_marks.hpp"
#include "strategies/engines/worker/worker_loop.hpp"

namespace stratbench {
namespace {

/// The first and the longest time until the next attempt where no process can be made, and for how
/// long a task waits for one before it ends as an error.
constexpr std::int64_t first_pause_ns = 1'000'000;
constexpr std::int64_t longest_pause_ns = 100'000'000;
constexpr std::int64_t patience_ns = 2'000'000'000;

/// Forks without the handlers and locks that fork() sees to on both sides: this process has one
/// thread, and each page that they write to would have to be copied twice for every task.
pid_t fork_plainly() noexcept {
#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 34)
    return ::_Fork();
#else
    return ::fork();
#endif
}

/// The kernel writes the CPU's number to a page of every thread that asks for it (glibc does),
/// after every fork and switch: one page more to copy for every process. Nothing here reads it.
void stop_telling_the_cpu() noexcept {
#if defined(RSEQ_SIG) && defined(SYS_rseq)
    constexpr unsigned registered_size = 32;
    if (__rseq_size != 0) {
        ::syscall(SYS_rseq, static_cast<char*>(__builtin_thread_pointer()) + __rseq_offset,
                  registered_size, RSEQ_FLAG_UNREGISTER, RSEQ_SIG);
    }
#endif
}

/// The time of now_ns, by a system call. A fresh process reads the clock twice at most, and each
/// page that the kernel's own clock code lies on would have to be mapped for that.
std::int64_t kernel_now_ns() noexcept {
    timespec now{};
    ::syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
    return nanoseconds(now);
}

/// Size of a signal set as the kernel has it.
constexpr std::size_t kernel_sigset_bytes = 8;

/// The flag on which the server sleeps; a child's end clears it, so that a signal between the
/// second look and the sleep is not lost.
sleep_flag* server_flag = nullptr;

void on_child_end(int /*signal*/) {
    server_flag->set_awake();
}

/// A child that executes a task. Only the server has this list, and kills by it: what it publishes
/// of its children lies in reach of every child's stray stores.
struct child {
    /// 0 = free.
    pid_t pid = 0;
    std::uint32_t ticket = 0;
    std::int64_t killed_at_ns = never_ns;
    bool killed = false;
};

/// A task that has no process yet, because the system refuses one.
struct held_task {
    std::uint32_t ticket = 0;
    std::int64_t since_ns = 0;
    std::int64_t again_ns = 0;
    std::int64_t pause_ns = first_pause_ns;
};

/// The orders of a child. They lie on the stack, which it has to copy anyway.
struct assignment {
    task work;
    payload_view payload;
    std::span<std::byte> reply_room;
    std::int64_t timeout_ns;
    reply& answer;
    task_witness& witness;
    pid_t server;
    /// The signals that the server was started with blocked.
    sigset_t blocked;
};

/// Runs a child. It enters the kernel through one function of libc, syscall, because each page of
/// code more is one more to be mapped.
[[noreturn]] void be_child(const assignment& given) noexcept {
    ::syscall(SYS_setpgid, 0, 0);
    ::syscall(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL);
    if (::syscall(SYS_getppid) != given.server) {
        ::_exit(1);
    }
    constexpr std::array<unsigned long, 8> by_default{};  // no handler, no flags
    ::syscall(SYS_rt_sigaction, SIGCHLD, by_default.data(), nullptr, kernel_sigset_bytes);
    ::syscall(SYS_rt_sigprocmask, SIG_SETMASK, &given.blocked, nullptr, kernel_sigset_bytes);
    execute_into({given.work, given.payload, given.reply_room, given.timeout_ns}, given.answer,
                 given.witness, kernel_now_ns);
    ::_exit(0);
}

/// The fork server. It lives in memory that its children do not have.
class fork_server {
  public:
    fork_server(const channel_worker& end, int wake_fd, task_witness& witness,
                std::span<child> children)
        : end_(end),
          wake_fd_(wake_fd),
          witness_(witness),
          timeout_ns_(end_.shared().requests->shape.task_timeout_ns),
          max_live_(static_cast<std::uint32_t>(children.size())),
          children_(children) {
        std::uninitialized_fill(children_.begin(), children_.end(), child{});
        server_flag = &end_.flag();
        struct sigaction action {};
        action.sa_handler = on_child_end;
        checked(::sigaction(SIGCHLD, &action, nullptr), "cannot hear of the ends of tasks");
        // Delivered only while the server sleeps for work: a handler's frame is another page.
        sigemptyset(&child_end_);
        sigaddset(&child_end_, SIGCHLD);
        checked(::sigprocmask(SIG_BLOCK, &child_end_, &inherited_), "cannot block a signal");
    }

    void serve() {
        for (;;) {
            bool progressed = false;
            while (live_ > 0 && reap()) {
                progressed = true;
            }
            if (timeout_ns_ != 0) {
                kill_overdue();
            }
            if (live_ < max_live_ && take_task() && make_child()) {
                progressed = true;
            }
            if (progressed) {
                spin_.found();
                continue;
            }
            if (is_done()) {
                return;
            }
            if ((live_ == 0 || live_ == max_live_) && !held_ && spin_.again()) {
                continue;
            }
            sleep();
        }
    }

  private:
    [[nodiscard]] bool is_done() const { return end_.quitting() && live_ == 0 && !held_; }

    /// Whether there is a task to make a process for, now.
    bool take_task() {
        if (held_) {
            return now_ns() >= held_->again_ns;
        }
        if (end_.claim(1) == 0) {
            return false;
        }
        held_ = held_task{.ticket = end_.first()};
        return true;
    }

    /// Makes a process for the held task; true if that is no longer held.
    bool make_child() {
        const std::uint32_t ticket = held_->ticket;
        const assignment given{.work = end_.at(ticket),
                               .payload = end_.payload(ticket),
                               .reply_room = end_.reply_room(ticket),
                               .timeout_ns = timeout_ns_,
                               .answer = end_.answer(ticket),
                               .witness = witness_,
                               .server = ::getpid(),
                               .blocked = inherited_};
        given.answer.outcome = task_outcome::crashed;  // unless the child says better
        const pid_t pid = fork_plainly();
        if (pid == 0) {
            be_child(given);
        }
        if (pid < 0) {
            return give_up(errno);
        }
        child* const free = find(0);
        *free = {.pid = pid, .ticket = ticket};
        if (timeout_ns_ != 0) {
            free->killed_at_ns = now_ns() + timeout_ns_;
        }
        child_entry& entry = published(*free);
        entry.ticket = ticket;
        entry.pid.store(pid);
        end_.shared().answers->made.fetch_add(1, std::memory_order_relaxed);
        ++live_;
        held_.reset();
        refused_ = false;
        return true;
    }

    /// Lets the held task wait, because the system is out of processes or memory. True when it has
    /// waited for too long, or the task before it has: then it has ended as an error.
    bool give_up(int error) {
        const std::int64_t now = now_ns();
        if (held_->since_ns == 0) {
            held_->since_ns = now;
        }
        if (!refused_ && now - held_->since_ns < patience_ns) {
            held_->again_ns = now + held_->pause_ns;
            held_->pause_ns = std::min(2 * held_->pause_ns, longest_pause_ns);
            return false;
        }
        if (!refused_) {
            std::fprintf(stderr, "%s: cannot make a process for a task: %s\n",
                         program_invocation_short_name, why_refused(error).c_str());
        }
        refused_ = true;
        finish(held_->ticket, task_outcome::error);
        held_.reset();
        return true;
    }

    void kill_overdue() {
        const std::int64_t now = now_ns();
        for (child& each : children_) {
            if (each.pid == 0 || each.killed || now < each.killed_at_ns) {
                continue;
            }
            each.killed = ::kill(each.pid, SIGKILL) == 0;
        }
    }

    /// When a child or the held task is to be looked at if nothing else happens.
    [[nodiscard]] std::int64_t look_again_ns() const {
        std::int64_t earliest = held_ ? held_->again_ns : never_ns;
        if (timeout_ns_ == 0) {
            return earliest;
        }
        for (const child& each : children_) {
            if (each.pid != 0 && !each.killed) {
                earliest = std::min(earliest, each.killed_at_ns);
            }
        }
        return earliest;
    }

    /// Blocks until a child has ended, there may be work for which there is room, or it is time for
    /// something.
    void sleep() {
        const std::int64_t until_ns = look_again_ns();
        if (live_ == max_live_ || held_) {
            await_child(until_ns);
            return;
        }
        end_.flag().set_asleep();
        ::sigprocmask(SIG_UNBLOCK, &child_end_, nullptr);
        if (!end_.has_work() && !is_done()) {
            end_.flag().sleep(until_ns);
        }
        ::sigprocmask(SIG_BLOCK, &child_end_, nullptr);
        end_.flag().set_awake();
    }

    void await_child(std::int64_t until_ns) const {
        if (until_ns == never_ns) {
            siginfo_t ignored{};
            ::waitid(P_ALL, 0, &ignored, WEXITED | WNOWAIT);
            return;
        }
        const std::int64_t left_ns = std::max<std::int64_t>(0, until_ns - now_ns());
        const timespec left{left_ns / 1'000'000'000, left_ns % 1'000'000'000};
        ::sigtimedwait(&child_end_, nullptr, &left);
    }

    /// Reaps a child that has ended, and ends what it leaves in its process group; that is done
    /// first, because until then no other process can have its number. False if none has ended.
    bool reap() {
        siginfo_t ended{};
        if (::waitid(P_ALL, 0, &ended, WEXITED | WNOHANG | WNOWAIT) != 0 || ended.si_pid == 0) {
            return false;
        }
        child* const known = find(ended.si_pid);
        if (known != nullptr) {
            ::kill(-ended.si_pid, SIGKILL);
        }
        int status = 0;
        rusage usage{};
        ::wait4(ended.si_pid, &status, 0, &usage);
        end_.shared().answers->gone.add(usage_of(usage));
        if (known == nullptr) {
            return true;  // a child's child, adopted
        }
        published(*known).pid.store(0);
        --live_;
        if (held_) {
            held_->again_ns = 0;  // there may be room now
        }
        task_outcome how = end_.answer(known->ticket).outcome;
        if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
            how = task_outcome::crashed;
            mark_gone(ended.si_pid, end_.at(known->ticket).id);
        }
        if (how == task_outcome::crashed && known->killed) {
            how = task_outcome::timed_out;
        }
        known->pid = 0;
        finish(known->ticket, how);
        return true;
    }

    void finish(std::uint32_t ticket, task_outcome how) {
        end_.answer(ticket).outcome = how;
        if (end_.finish_last(ticket)) {
            eventfd_write(wake_fd_, 1);
        }
    }

    [[nodiscard]] child* find(pid_t pid) const {
        const auto found = std::find_if(children_.begin(), children_.end(),
                                        [pid](const child& each) { return each.pid == pid; });
        return found == children_.end() ? nullptr : &*found;
    }

    /// The entry of a child that the owner can read.
    [[nodiscard]] child_entry& published(const child& of) const {
        return end_.shared().children[&of - children_.data()];
    }

    channel_worker end_;
    int wake_fd_;
    task_witness& witness_;
    std::int64_t timeout_ns_;
    std::uint32_t max_live_;
    std::span<child> children_;
    std::uint32_t live_ = 0;
    std::optional<held_task> held_;
    /// The last task that needed a process ended without one.
    bool refused_ = false;
    sigset_t child_end_{}, inherited_{};
    idle_spin spin_;
};

static_assert(std::is_trivially_destructible_v<fork_server>);

/// Calls f with its frame at the top of a page of the stack, so that what a fork and all around it
/// write there is one page, wherever the stack happened to begin.
template <class F>
[[gnu::noinline]] void on_a_fresh_page(F&& f) {
    constexpr std::uintptr_t page = 4096;
    void* const rest_of_page =
        __builtin_alloca(reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0)) % page);
    asm volatile("" : : "r"(rest_of_page) : "memory");  // it is there although nothing uses it
    f();
}

}  // namespace

void serve_by_forking(channel_worker& end, int wake_fd, task_witness& witness) {
    const std::size_t most = end.shared().requests->shape.max_live;
    // Shared memory, so that children can be kept from it: what they do not have needs no copy when
    // it changes.
    shared_memory room(sizeof(fork_server) + sizeof(child) * most);
    room.keep_from_children();
    auto* const server = reinterpret_cast<fork_server*>(room.data());
    auto* const children = reinterpret_cast<child*>(room.data() + sizeof(fork_server));
    new (server) fork_server(end, wake_fd, witness, {children, most});
    announce_ready(end, wake_fd);
    stop_telling_the_cpu();
    on_a_fresh_page([server] { server->serve(); });
}

}  // namespace stratbench
