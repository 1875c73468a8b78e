#pragma once

#include <sys/types.h>

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/descriptor.hpp"

namespace stratbench {

/// Whether a child leads a session, and so a process group, of its own: then it takes with it
/// whatever it has started and left in that group, and no terminal's signals reach it.
enum class session { ours, own };

/// A child process of this one, made without copying this one's memory (posix_spawn). Killed and
/// reaped by the destructor if it has not been before.
///
/// Thread safety: none. The child is killed when the thread that made it ends, so that thread must
/// outlive the child's use.
class child_process {
  public:
    child_process() = default;
    /// Starts `arguments[0]`; the child finds each `first` open as descriptor `second`, and no
    /// other descriptor of ours but the standard ones. Signals that this process was started with
    /// ignored or blocked are so for the child. Its own parent id check is the program's duty (see
    /// die_with_parent). Throws std::system_error where the system refuses.
    child_process(const std::vector<std::string>& arguments,
                  std::span<const std::pair<int, int>> descriptors, session in);
    child_process(child_process&&) noexcept = default;
    child_process& operator=(child_process&&) noexcept = default;
    ~child_process();

    [[nodiscard]] pid_t pid() const noexcept { return id_; }
    /// Becomes readable when the process has ended.
    [[nodiscard]] int pid_fd() const noexcept { return handle_.get(); }
    [[nodiscard]] bool running() const noexcept { return static_cast<bool>(handle_); }

    void kill(int signal) noexcept;
    /// Waits for the end and reaps; gives the wait status. Before that, ends what is left in a
    /// group of its own, and if this process adopts orphans reaps that as well. Precondition:
    /// running().
    int wait();

  private:
    pid_t id_ = 0;
    bool leads_ = false;
    descriptor handle_;
};

/// Makes the kernel kill this process when its parent dies: for a program started by child_process.
/// `parent` is the parent's process id as the parent knows it; exits if it is already gone.
void die_with_parent(pid_t parent);

}  // namespace stratbench
