#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/base/descriptor.hpp"
#include "harness/base/process/child_process.hpp"
#include "strategies/engines/worker/worker_executable.hpp"

namespace stratbench {

inline constexpr int subordinate_answer_fd = supervised_answer_fd;

/// The program of this process, for a subordinate that is to be another process of it.
std::string this_program();

/// A program that runs as a subordinate of this one: it is told lines on standard input and answers
/// on descriptor 3. A supervisor process stands between the two, so that its tree goes with it
/// whichever of the three is killed. This process becomes the reaper of orphans, and every child
/// that it has is taken for a subordinate or for what one left behind.
///
/// Thread safety: none; all of them belong to one thread.
class subordinate {
  public:
    enum class heard {
        line,      ///< it said something
        ended,     ///< it closed its answer, or has ended
        too_late,  ///< the deadline has passed
        too_long,  ///< what it says would not end
        stopped,   ///< the user wants to stop
    };

    /// It finds each first of `descriptors` open as the second, which should give it a standard
    /// output: ours belongs to the result. Throws std::system_error where no process can be made.
    subordinate(const std::vector<std::string>& arguments,
                std::vector<std::pair<int, int>> descriptors);
    subordinate(const subordinate&) = delete;
    subordinate& operator=(const subordinate&) = delete;
    /// Kills it if it still runs. Its whole tree has been reaped when this returns.
    ~subordinate();

    /// One that does not listen shows in its missing answer.
    void tell(std::string_view text);
    /// It will be told nothing more.
    void close();

    /// Waits for the next line and writes it, without its end, to `line`; the last one needs none.
    /// When nothing is left of `left_ns`, from which the time that passes is taken, and within
    /// about 100 ms of `stop` becoming true, it gives up; the subordinate is left as it is. While
    /// this process is stopped no time passes.
    heard hear(std::string& line, std::int64_t& left_ns, const std::atomic<bool>& stop);

    /// Waits for its end, killing it first if `kill`; its whole tree has been reaped then. Gives
    /// the wait status. Idempotent.
    int end(bool kill);

  private:
    descriptor question_, answer_;
    child_process process_;
    std::string unread_;
    int wait_status_ = 0;
};

/// What became of a program that was asked once.
struct subordinate_result {
    subordinate::heard ended = subordinate::heard::ended;
    /// As waitpid gives it.
    int wait_status = 0;
    std::string answer;
};

/// Runs a program that answers without being asked, and hears all of it.
subordinate_result run_subordinate(const std::vector<std::string>& arguments,
                                   std::vector<std::pair<int, int>> descriptors,
                                   std::int64_t deadline_ns, const std::atomic<bool>& stop);

/// Why a subordinate could not do its work, where its last line says so; else empty.
std::string refusal_in(std::string_view line);

/// Says how a process ended that gave no answer: "killed by signal 11 (Segmentation fault)", "ended
/// with exit code 2 and no record". The limit that was in its way is named where one is known.
std::string how_it_ended(int wait_status);

}  // namespace stratbench
