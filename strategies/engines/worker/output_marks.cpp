#include "strategies/engines/worker/output_marks.hpp"

#include <stdio_ext.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cinttypes>
#include <cstdio>

#include "strategies/engines/worker/worker_executable.hpp"
#include "workloads/workload.hpp"

namespace stratbench {
namespace {

/// Writes to a descriptor of its own: a task may have closed the standard ones, or sent them
/// elsewhere.
void write_to_reader(int fd, std::string_view text) noexcept {
    while (!text.empty()) {
        const ssize_t wrote = ::write(fd, text.data(), text.size());
        if (wrote < 0 && errno == EINTR) {
            continue;
        }
        if (wrote < 0) {
            return;  // there is no reader: nothing is lost
        }
        text.remove_prefix(static_cast<std::size_t>(wrote));
    }
}

/// Writes a mark to both streams.
template <class... Values>
void mark(const char* format, Values... values) noexcept {
    std::array<char, longest_mark> text{};
    const int length =
        std::snprintf(text.data(), text.size(), format, mark_prefix.data(), values...);
    for (const int fd : {worker_fd::output, worker_fd::errors}) {
        write_to_reader(fd, {text.data(), static_cast<std::size_t>(length)});
    }
}

void mark_begin(const task& t) noexcept {
    mark("%sbegin %" PRIu64 "\n", t.id);
}

void mark_end(const task& t) noexcept {
    mark("%send %" PRIu64 "\n", t.id);
}

}  // namespace

void print_by_lines() {
    std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);
}

void flush_output() noexcept {
    if (::__fpending(stdout) != 0) {
        std::fflush(stdout);
    }
}

void mark_gone(pid_t child, std::uint64_t task_id) noexcept {
    mark("%sgone %d %" PRIu64 "\n", child, task_id);
}

void marking_witness::begins(const task& t) noexcept {
    mark_begin(t);
}

void marking_witness::ended(const task& t) noexcept {
    flush_output();
    mark_end(t);
}

void marking_witness::failed(const task& t, std::string_view what) noexcept {
    const bool marked = workloads()[t.workload]->prints;
    if (!marked) {
        mark_begin(t);
    }
    flush_output();
    write_to_reader(worker_fd::errors, "task failed: ");
    write_to_reader(worker_fd::errors, what);
    write_to_reader(worker_fd::errors, "\n");
    if (!marked) {
        mark_end(t);
    }
}

}  // namespace stratbench
