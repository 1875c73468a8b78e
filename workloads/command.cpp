// Work that is a program: each task executes it, and what it gives is its exit code and output.

#include <cstdio>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <tuple>

#include "harness/base/clock.hpp"
#include "harness/base/process/program_run.hpp"
#include "workloads/command_line.hpp"
#include "workloads/task_deadline.hpp"
#include "workloads/workload.hpp"

namespace stratbench {
namespace {

/// What `command` alone executes: a program that does nothing, for the cost of starting one.
constexpr std::string_view by_default = "true";

/// How long a program may take that is executed to see whether and what it gives.
constexpr std::int64_t patience_ns = 10'000'000'000;

/// The commands that this process has read. A task names one by its place in args[0], and by the
/// number of its words in args[1]; whoever executes a task needs no more than its payload.
class command_table {
  public:
    std::int64_t place_of(std::string_view text) {
        const std::lock_guard lock(mutex_);
        for (std::size_t i = 0; i < all_.size(); ++i) {
            if (all_[i].text() == text) {
                return static_cast<std::int64_t>(i);
            }
        }
        all_.emplace_back(text);
        return static_cast<std::int64_t>(all_.size()) - 1;
    }
    const command_line& at(std::int64_t place) {
        const std::lock_guard lock(mutex_);
        return all_[static_cast<std::size_t>(place)];
    }

  private:
    std::mutex mutex_;
    std::deque<command_line> all_;
};

command_table& commands() {
    static command_table table;
    return table;
}

/// Exit code in front, 56 bits of the output's hash behind it.
std::uint64_t value_of(const program_end& end) {
    return static_cast<std::uint64_t>(end.exit_code) << 56 | end.output_hash >> 8;
}

std::uint64_t run_until(const task& t, payload_view packed, std::int64_t until_ns) {
    const std::vector<char*> words = unpacked(packed, static_cast<std::size_t>(t.args[1]));
    return value_of(run_program(words, until_ns));
}

std::uint64_t run(const task& t, payload_view packed) {
    return run_until(t, packed, task_deadline_ns == 0 ? never_ns : task_deadline_ns);
}

/// What the first, serial, run of this very command gave: it is not executed a second time, which
/// may do more than take time.
std::uint64_t first_run(const task& t, payload_view packed) {
    static std::mutex mutex;
    static std::map<std::tuple<std::int64_t, std::uint64_t, std::uint64_t>, std::uint64_t> known;
    const command_line& command = commands().at(t.args[0]);
    const std::lock_guard lock(mutex);
    const auto [entry, fresh] = known.try_emplace(
        {t.args[0], command.names_id() ? t.id : 0, command.names_seed() ? t.seed : 0}, 0);
    if (fresh) {
        try {
            entry->second = run_until(t, packed, now_ns() + patience_ns);
        } catch (...) {
            known.erase(entry);
            throw;
        }
    }
    return entry->second;
}

void read(std::string_view text, task& into) {
    into.args[0] = commands().place_of(text);
    into.args[1] = static_cast<std::int64_t>(commands().at(into.args[0]).words());
}

std::string value_text_of(std::uint64_t value) {
    char text[64];
    std::snprintf(text, sizeof text, "exit code %d with output #%014llx",
                  static_cast<int>(value >> 56),
                  static_cast<unsigned long long>(value & ((std::uint64_t{1} << 56) - 1)));
    return text;
}

}  // namespace

extern const workload workload_command;
constinit const workload workload_command = {
    .name = "command",
    .summary = "executes a program: command:./resize {id}",
    .parameters = {},
    .execute = run,
    .reference = first_run,
    .payload_bytes = [](const task& t) -> std::uint64_t {
        return commands().at(t.args[0]).packed_bytes();
    },
    .generate = [](const task& t,
                   std::span<std::byte> out) { commands().at(t.args[0]).pack(t, out); },
    .depends_on_args_only = false,
    .has_size = false,
    .works_elsewhere = true,
    .line = {.fallback = by_default,
             .read = read,
             .text = [](const task& t) { return commands().at(t.args[0]).text(); },
             .files = files_of_command},
    .text = value_text_of,
};

}  // namespace stratbench
