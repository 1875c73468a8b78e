#include "tests/cli/workplace.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <system_error>

#include "tests/built.hpp"

namespace stratbench {
namespace {

namespace fs = std::filesystem;

std::string content(const fs::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
}

}  // namespace

workplace::workplace() {
    std::string name = (fs::temp_directory_path() / "stratbench_cli_XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) {
        throw std::runtime_error("no temporary directory");
    }
    top_ = name;
    fs::create_directory(inside());
}

workplace::~workplace() {
    fs::remove_all(top_);
}

void workplace::write(const std::string& name, const std::string& text) const {
    std::ofstream(inside() / name) << text;
}

std::string workplace::content_of(const std::string& name) const {
    return content(inside() / name);
}

std::vector<std::string> workplace::files() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(inside())) {
        names.push_back(entry.path().filename());
    }
    std::sort(names.begin(), names.end());
    return names;
}

outcome_of_run workplace::run(const std::string& arguments) const {
    return run_program(test::built("stratbench"), arguments);
}

std::string workplace::program() {
    return "'" + test::built("stratbench") + "'";
}

outcome_of_run workplace::run_program(const std::string& program,
                                      const std::string& arguments) const {
    return shell("'" + program + "' " + arguments);
}

outcome_of_run workplace::run_until(const std::function<bool()>& event, int signal,
                                    const std::string& arguments) const {
    const std::string command = redirected("exec '" + test::built("stratbench") + "' " + arguments);
    const pid_t child = fork();
    if (child < 0) {
        throw std::runtime_error("no process");
    }
    if (child == 0) {
        execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
        _exit(127);
    }
    int ended = 0;
    while (waitpid(child, &ended, WNOHANG) == 0) {
        if (event()) {
            kill(child, signal);
            waitpid(child, &ended, 0);
            break;
        }
        usleep(5'000);
    }
    return outcome(ended);
}

outcome_of_run workplace::run_prepared(const std::function<void()>& prepare,
                                       const std::string& arguments,
                                       const std::function<void(pid_t)>& meanwhile) const {
    std::istringstream words(test::built("stratbench") + " " + arguments);
    std::vector<std::string> each{std::istream_iterator<std::string>(words), {}};
    std::vector<char*> command;
    for (std::string& word : each) {
        command.push_back(word.data());
    }
    command.push_back(nullptr);
    const pid_t child = fork();
    if (child < 0) {
        throw std::runtime_error("no process");
    }
    if (child == 0) {
        // Without a shell, which has signals and descriptors of its own.
        redirect();
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        setpgid(0, 0);
        prepare();
        execv(command.front(), command.data());
        _exit(126);
    }
    setpgid(child, child);
    if (meanwhile) {
        meanwhile(child);
    }
    int ended = 0;
    waitpid(child, &ended, 0);
    return outcome(ended);
}

outcome_of_run workplace::run_beside_load(const std::string& arguments) const {
    return shell(
        "{ others=; for cpu in $(seq $(nproc)); do while :; do :; done & "
        "others=\"$others $!\"; done; '" +
        test::built("stratbench") + "' " + arguments +
        "; ended=$?; kill $others; (exit $ended); }");
}

int workplace::processes_inside() const {
    int found = 0;
    for (const auto& entry : fs::directory_iterator("/proc")) {
        std::error_code gone;
        if (fs::read_symlink(entry.path() / "cwd", gone) == inside()) {
            ++found;
        }
    }
    return found;
}

void workplace::redirect() const {
    const auto put = [](int to, const fs::path& path, int flags) {
        const int fd = ::open(path.c_str(), flags, 0666);
        dup2(fd, to);
        close(fd);
    };
    put(STDIN_FILENO, "/dev/null", O_RDONLY);
    put(STDOUT_FILENO, top_ / "out", O_WRONLY | O_CREAT | O_TRUNC);
    put(STDERR_FILENO, top_ / "err", O_WRONLY | O_CREAT | O_TRUNC);
    if (chdir(inside().c_str()) != 0) {
        _exit(126);
    }
}

outcome_of_run workplace::shell(const std::string& command) const {
    return outcome(std::system(redirected(command).c_str()));
}

std::string workplace::redirected(const std::string& command) const {
    return "cd '" + inside().string() + "' && " + command + " >../out 2>../err </dev/null";
}

outcome_of_run workplace::outcome(int wait_status) const {
    return {WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : -1, content(top_ / "out"),
            content(top_ / "err")};
}

}  // namespace stratbench
