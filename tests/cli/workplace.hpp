#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace stratbench {

struct outcome_of_run {
    int exit_code = -1;
    std::string out, err;
};

/// An empty directory in which the real binary is run, and what it leaves there.
class workplace {
  public:
    workplace();
    ~workplace();
    workplace(const workplace&) = delete;
    workplace& operator=(const workplace&) = delete;

    [[nodiscard]] std::filesystem::path inside() const { return top_ / "inside"; }
    void write(const std::string& name, const std::string& text) const;
    [[nodiscard]] std::string content_of(const std::string& name) const;
    [[nodiscard]] std::vector<std::string> files() const;

    /// `arguments` as a shell reads them.
    [[nodiscard]] outcome_of_run run(const std::string& arguments) const;
    /// A command of the shell in this directory; see program().
    [[nodiscard]] outcome_of_run shell(const std::string& command) const;
    /// The real binary, as a shell reads it.
    [[nodiscard]] static std::string program();
    /// The same of another binary.
    [[nodiscard]] outcome_of_run run_program(const std::string& program,
                                             const std::string& arguments) const;
    /// As run(), but as soon as `event` has come to pass the binary, and it alone, gets `signal`.
    /// An exit code of -1: the signal ended it.
    [[nodiscard]] outcome_of_run run_until(const std::function<bool()>& event, int signal,
                                           const std::string& arguments) const;

    /// The same in a process group of its own, in which `prepare` was called before the binary was
    /// executed; its arguments are what blanks part. `meanwhile`, if there is one, is told its
    /// process id.
    [[nodiscard]] outcome_of_run run_prepared(
        const std::function<void()>& prepare, const std::string& arguments,
        const std::function<void(pid_t)>& meanwhile = {}) const;

    /// The same beside as many processes as the machine has CPUs, each of which keeps one busy.
    [[nodiscard]] outcome_of_run run_beside_load(const std::string& arguments) const;

    /// Living processes whose working directory is this one.
    [[nodiscard]] int processes_inside() const;

  private:
    /// `command` in this directory, with its streams in files.
    [[nodiscard]] std::string redirected(const std::string& command) const;
    /// The same for the calling process.
    void redirect() const;
    [[nodiscard]] outcome_of_run outcome(int wait_status) const;

    std::filesystem::path top_;
};

}  // namespace stratbench
