#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace stratbench::test {

/// First argument of a process's program; empty for one that is gone.
std::string role_of(pid_t process);

/// The living processes whose working directory this is.
std::vector<pid_t> everybody_inside(const std::filesystem::path& folder);

/// What the kernel says of a process.
bool ignores(pid_t process, int signal);
bool blocks(pid_t process, int signal);
/// Waits until a process sleeps that has no such signal pending.
void wait_until_heard(pid_t process, int signal);
/// Waits until a process sleeps or has ended.
void wait_until_asleep(pid_t process);
/// Stopped by a signal.
bool is_stopped(pid_t process);

/// The processes of a study that runs in a folder.
class family {
  public:
    /// Waits until there is one with this role.
    family(std::filesystem::path folder, const std::string& role);

    /// The first with a role. Throws where it is gone.
    [[nodiscard]] pid_t of(const std::string& role) const;

  private:
    [[nodiscard]] std::vector<pid_t>::const_iterator first(const std::string& role) const;

    std::filesystem::path folder_;
    std::vector<pid_t> members_;
};

}  // namespace stratbench::test
