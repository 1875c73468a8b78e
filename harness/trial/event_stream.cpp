#include "harness/trial/event_stream.hpp"

#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "harness/base/process/thread.hpp"
#include "harness/json/json_text.hpp"
#include "harness/model/outcome_name.hpp"

namespace stratbench {
namespace {

/// How long a completion waits for its line at most, if the thread gets a CPU.
constexpr auto between_looks = std::chrono::milliseconds(20);

/// Lines are written in pieces of about this size.
constexpr std::size_t piece_bytes = std::size_t{64} << 10;

std::string beginning(const trial_request& request, int round) {
    return fmt::format(R"({{"study":{},"cell":{},"round":{},"id":)", json_text(request.study_id),
                       json_text(request.planned.name()), round);
}

/// A pipe without a reader is an error of the write, not the end of the program.
void ignore_broken_pipes() {
    sigset_t broken;
    sigemptyset(&broken);
    sigaddset(&broken, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &broken, nullptr);
}

}  // namespace

event_stream::event_stream(const trial_request& request, int round)
    : beginning_of_line_(beginning(request, round)), lines_(request.events_fd) {}

void event_stream::begin(const window& source) {
    source_ = &source;
    thread_ = start_thread("cannot start the writer of events", [this] { write_lines(); });
}

void event_stream::accepted(std::uint64_t /*id*/, std::int64_t due_ns, std::int64_t at_ns) {
    const std::lock_guard lock(mutex_);
    fresh_acceptances_.push_back({due_ns, at_ns});
}

void event_stream::ended(const completion& done, std::int64_t at_ns) {
    const std::lock_guard lock(mutex_);
    fresh_endings_.push_back({done, at_ns});
}

void event_stream::write_lines() {
    ignore_broken_pipes();
    std::vector<acceptance_note> acceptances;
    std::vector<ending_note> endings;
    for (bool last = false; !last;) {
        {
            std::unique_lock lock(mutex_);
            last = finishing_.wait_for(lock, between_looks, [this] { return finished_; });
            acceptances.swap(fresh_acceptances_);
            endings.swap(fresh_endings_);
        }
        if (lines_.failure().empty()) {
            begun_.insert(begun_.end(), acceptances.begin(), acceptances.end());
            write(endings);
        }
        acceptances.clear();
        endings.clear();
    }
}

void event_stream::write(const std::vector<ending_note>& ended) {
    const std::int64_t opened_ns = source_->opened_ns();
    fmt::memory_buffer lines;
    const auto into = std::back_inserter(lines);
    for (const auto& [done, at_ns] : ended) {
        if (done.id >= begun_.size()) {
            continue;  // never given: the trial fails for it
        }
        const acceptance_note& start = begun_[done.id];
        fmt::format_to(into, R"({}{},"outcome":"{}","due_ns":{},"accepted_ns":{})",
                       beginning_of_line_, done.id, name_of(done.outcome), start.due_ns,
                       start.at_ns - opened_ns);
        if (done.started_ns != 0) {
            fmt::format_to(into, R"(,"started_ns":{},"finished_ns":{})",
                           done.started_ns - opened_ns, done.finished_ns - opened_ns);
        }
        fmt::format_to(into, ",\"completed_ns\":{}}}\n", at_ns - opened_ns);
        if (lines.size() >= piece_bytes) {
            lines_.put({lines.data(), lines.size()});
            lines.clear();
        }
    }
    lines_.put({lines.data(), lines.size()});
}

const std::string& event_stream::finish() {
    if (thread_.joinable()) {
        {
            const std::lock_guard lock(mutex_);
            finished_ = true;
        }
        finishing_.notify_all();
        thread_.join();
    }
    return lines_.failure();
}

}  // namespace stratbench
