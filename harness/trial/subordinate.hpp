#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stratbench {

/// What became of a program that was run as a subordinate of this one.
struct subordinate_result {
    enum class how {
        finished,  ///< it closed its answer by itself
        too_late,  ///< killed at the deadline
        too_long,  ///< killed because its answer would not end
        stopped,   ///< killed because the user wants to stop
    };
    how ended = how::finished;
    /// As waitpid gives it.
    int wait_status = 0;
    std::string answer;
};

inline constexpr int subordinate_answer_fd = 3;

/// The program of this process, for a subordinate that is to be another process of it.
std::string this_program();

/// Runs a program that reads `input` from standard input and answers on descriptor 3. It finds each
/// first of `descriptors` open as the second, which should give it a standard output: ours belongs
/// to the result. Kills it after `deadline_ns` and within about 100 ms of `stop` becoming true.
/// A keeper stands between the two (see keep()), so that its tree goes with it whoever is killed.
/// However it ends, its whole tree has been reaped when this returns: this process becomes the
/// reaper of orphans, and every child that it has is taken for one. Throws std::system_error where
/// no process can be made.
subordinate_result run_subordinate(const std::vector<std::string>& arguments,
                                   std::string_view input,
                                   std::vector<std::pair<int, int>> descriptors,
                                   std::int64_t deadline_ns, const std::atomic<bool>& stop);

/// Of one without an answer: "killed by signal 11 (Segmentation fault)", "ended with exit code 2
/// and no record".
std::string how_it_ended(int wait_status);

}  // namespace stratbench
