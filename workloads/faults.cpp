// A task that misbehaves on purpose, so that what contains it can be seen to work.

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "harness/base/clock.hpp"
#include "harness/base/hash.hpp"
#include "harness/base/sleep.hpp"
#include "workloads/workload.hpp"

namespace stratbench {
namespace {

/// The kinds of faults, in the order of `kinds`.
enum class fault : std::uint8_t {
    none,
    throws,
    late,
    hang,
    exit,
    abort,
    segfault,
    kill,
    memory,
    print,
    leak,
    fork
};

constexpr std::string_view kinds[] = {"none",     "throw", "late",   "hang",  "exit", "abort",
                                      "segfault", "kill",  "memory", "print", "leak", "fork"};

/// The fallback of `lasting`.
constexpr std::int64_t usual_lasting_ns = 50'000'000;

constexpr parameter parameters[] = {
    {.name = "kind", .fallback = "none", .summary = "what goes wrong", .choices = kinds},
    {.name = "and",
     .fallback = "none",
     .summary = "what goes wrong with as many other tasks",
     .choices = kinds},
    {.name = "every", .fallback = "1", .summary = "one task in so many misbehaves, by hash"},
    {.name = "lasting",
     .fallback = "50ms",
     .summary = "how long a late task works",
     .is_duration = true},
};

/// Bytes at which a task that fills memory stops by itself, and gives back what it took.
constexpr std::uint64_t most_memory = std::uint64_t{1} << 30;

/// Time after which a grandchild ends whatever happens, so that none is left for ever.
constexpr std::int64_t longest_life_ns = 60'000'000'000;

std::uint64_t right_value(const task& t) {
    return mix64(t.id ^ t.seed);
}

fault fault_of(const task& t) {
    const auto& [kind, also, every, lasting] = t.args;
    const std::uint64_t draw = mix64(t.id, t.seed) % static_cast<std::uint64_t>(every);
    if (draw == 0) {
        return static_cast<fault>(kind);
    }
    return draw == 1 ? static_cast<fault>(also) : fault::none;
}

void work_for(std::int64_t ns) {
    const std::int64_t until = now_ns() + ns;
    while (now_ns() < until) {
    }
}

[[noreturn]] void hang() {
    for (;;) {
        ::pause();
    }
}

/// Ends the process by a signal that is not handled and leaves no core file.
[[noreturn]] void die_of(int signal) {
    const rlimit none{};
    ::setrlimit(RLIMIT_CORE, &none);
    ::signal(signal, SIG_DFL);
    if (signal == SIGSEGV) {
        // A store to a page that nothing may touch.
        void* const page = ::mmap(nullptr, 1, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        *static_cast<volatile char*>(page) = 1;
    }
    ::kill(::getpid(), signal);
    std::abort();
}

/// Allocates and touches until it is refused: bad_alloc. Where its own bound comes first, or no
/// limit is set at all, the result is a wrong one, so that a missing limit is found out.
std::uint64_t fill_memory(const task& t) {
    constexpr std::size_t step = 1 << 20;
    constexpr std::size_t page = 4096;
    rlimit allowed{};
    ::getrlimit(RLIMIT_AS, &allowed);
    if (allowed.rlim_cur == RLIM_INFINITY) {
        return ~right_value(t);
    }

    std::array<std::byte*, most_memory / step> taken{};
    std::size_t count = 0;
    while (count < taken.size()) {
        void* const more =
            ::mmap(nullptr, step, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (more == MAP_FAILED) {
            break;
        }
        taken[count] = static_cast<std::byte*>(more);
        for (std::size_t at = 0; at < step; at += page) {
            taken[count][at] = std::byte{1};
        }
        ++count;
    }
    for (std::size_t i = 0; i < count; ++i) {
        ::munmap(taken[i], step);
    }
    if (count < taken.size()) {
        throw std::bad_alloc();
    }
    return ~right_value(t);
}

/// Prints two lines on each stream, and the beginning of a third.
void print(const task& t) {
    for (const int stream : {STDOUT_FILENO, STDERR_FILENO}) {
        ::dprintf(stream, "task %llu prints a line\nand another\nand ends amid a",
                  static_cast<unsigned long long>(t.id));
    }
}

void leave_a_process() {
    // A copy of a process with threads may call only what a signal handler may.
    if (::fork() == 0) {
        sleep_until(now_ns() + longest_life_ns);
        ::_exit(0);
    }
}

std::uint64_t run(const task& t, payload_view) {
    switch (fault_of(t)) {
        case fault::none:
            break;
        case fault::throws:
            throw std::runtime_error("this task throws");
        case fault::late:
            work_for(t.args[3]);
            break;
        case fault::hang:
            hang();
        case fault::exit:
            ::_exit(0);
        case fault::abort:
            die_of(SIGABRT);
        case fault::segfault:
            die_of(SIGSEGV);
        case fault::kill:
            die_of(SIGKILL);
        case fault::memory:
            return fill_memory(t);
        case fault::print:
            print(t);
            break;
        case fault::leak:
            if (::open("/dev/null", O_RDONLY | O_CLOEXEC) < 0) {
                throw std::runtime_error("no descriptor is left to leak");
            }
            break;
        case fault::fork:
            leave_a_process();
            break;
    }
    return right_value(t);
}

/// Throws usage_error where a parameter has no effect on any task.
void check(const task& t) {
    const auto kind = static_cast<fault>(t.args[0]);
    const auto also = static_cast<fault>(t.args[1]);
    const std::int64_t every = t.args[2];
    const std::int64_t lasting = t.args[3];
    if (also != fault::none && every < 2) {
        throw usage_error("workload 'faults': every is 1, which leaves no task for a second kind");
    }
    if (every > 1 && kind == fault::none && also == fault::none) {
        throw usage_error("workload 'faults': every is for tasks of a kind=, which is none");
    }
    if (lasting != usual_lasting_ns && kind != fault::late && also != fault::late) {
        throw usage_error("workload 'faults': lasting is for tasks of kind=late");
    }
}

void tame(task& t) {
    t.args[0] = t.args[1] = static_cast<std::int64_t>(fault::none);
}

std::uint64_t memory_bytes(const task& t) {
    const auto fills = static_cast<std::int64_t>(fault::memory);
    return t.args[0] == fills || t.args[1] == fills ? most_memory : 0;
}

}  // namespace

extern const workload workload_faults;
constinit const workload workload_faults = {
    .name = "faults",
    .summary = "the hash of noop, except that some tasks misbehave",
    .parameters = parameters,
    .execute = run,
    .reference = [](const task& t, payload_view) { return right_value(t); },
    .matches = same_bits,
    .depends_on_args_only = false,
    .has_size = false,
    .prints = true,
    .check = check,
    .tame = tame,
    .memory_bytes = memory_bytes,
};

}  // namespace stratbench
