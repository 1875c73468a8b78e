#pragma once

#include <filesystem>
#include <string>

namespace stratbench {

/// Path of the program that worker processes execute: the one place where it is chosen. A small
/// executable that links only the workloads, because a fork costs more the more a process has
/// mapped. Throws std::runtime_error where it is missing.
std::string worker_executable();

/// The worker of a benchmark of this name at `program`; see part_of.
std::string worker_of(const std::filesystem::path& program);

/// First argument of the worker program: what the process is to be. The second is its parent's
/// process id.
namespace worker_role {
inline constexpr const char* worker = "worker";
inline constexpr const char* fork_server = "fork-server";
/// Followed by the program to supervise and its arguments; see supervise().
inline constexpr const char* supervisor = "supervisor";
/// Has no parent's id: it prints build_text() and ends.
inline constexpr const char* build = "build";
}  // namespace worker_role

/// The descriptor on which a supervised program, or the supervisor in its stead, answers.
inline constexpr int supervised_answer_fd = 3;

/// Beginning of the line with which a supervisor or what it supervises answers where it cannot do
/// its work; the rest says why. It then ends with an exit code that is not 0.
inline constexpr const char* refusal_line = "refused: ";

/// Descriptors that the worker program finds open.
namespace worker_fd {
inline constexpr int requests = 3;
inline constexpr int replies = 4;
inline constexpr int wake = 5;
/// The sockets to which standard output and standard error go as well.
inline constexpr int output = 6;
inline constexpr int errors = 7;
}  // namespace worker_fd

}  // namespace stratbench
