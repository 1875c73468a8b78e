#include "strategies/engines/pool/process_crew.hpp"

#include <poll.h>
#include <unistd.h>

#include <csignal>
#include <string>
#include <system_error>
#include <utility>

#include "harness/base/process/child_process.hpp"
#include "harness/base/process/orphans.hpp"
#include "harness/base/refusal.hpp"
#include "strategies/engines/pool/worker_output.hpp"
#include "strategies/engines/worker/worker_executable.hpp"

namespace stratbench {
namespace {

/// The time that a worker may take to end by itself.
constexpr int grace_ms = 2000;

/// Adds what a fork server tells of its children to what the ledger says.
void report_children(const channel_view& view, std::uint32_t max_live,
                     process_ledger::state& into) {
    for (std::uint32_t i = 0; i < max_live; ++i) {
        if (const pid_t pid = view.children[i].pid.load(); pid > 0) {
            into.living.push_back(pid);
        }
    }
    into.gone += view.answers->gone.read();
    into.made += view.answers->made.load();
}

class process_crew final : public crew {
  public:
    process_crew(process_ledger* ledger, const char* role, output_sink* output)
        : ledger_(ledger),
          role_(role),
          output_(output != nullptr ? *output : standard_error_output()) {}
    ~process_crew() override {
        for (std::size_t seat = 0; seat < processes_.size(); ++seat) {
            remove(seat);
        }
    }

    void hire(std::size_t seat, channel& line, int wake_fd) override {
        try {
            seat_worker(seat, line, wake_fd);
        } catch (const std::system_error& refused) {
            throw_refused(refused.code().value(),
                          "cannot start worker " + std::to_string(seat + 1));
        }
    }
    [[nodiscard]] int end_fd(std::size_t seat) const override { return processes_[seat].pid_fd(); }
    int remove(std::size_t seat) override {
        const pid_t leaving = processes_[seat].pid();
        processes_[seat].kill(SIGKILL);
        const int status = dismiss(seat);
        // The children of a fork server, which lead groups of their own.
        if (leaving != 0) {
            end_children_of_session(leaving);
        }
        return status;
    }
    int dismiss(std::size_t seat) override {
        child_process& leaving = processes_[seat];
        if (!leaving.running()) {
            return 0;
        }
        ledger_->leaves(leaving.pid());
        // One that was told to quit may be stopped, or lost in a task's own exit handlers.
        pollfd end{leaving.pid_fd(), POLLIN, 0};
        if (::poll(&end, 1, grace_ms) <= 0) {
            leaving.kill(SIGKILL);
        }
        const int status = leaving.wait();
        output_.leave(seat);
        return status;
    }

  private:
    void seat_worker(std::size_t seat, channel& line, int wake_fd) {
        output_socket printed = make_output_socket();
        output_socket errors = make_output_socket();
        const std::pair<int, int> descriptors[] = {{line.request_fd(), worker_fd::requests},
                                                   {line.reply_fd(), worker_fd::replies},
                                                   {wake_fd, worker_fd::wake},
                                                   {printed.write.get(), worker_fd::output},
                                                   {errors.write.get(), worker_fd::errors},
                                                   {printed.write.get(), STDOUT_FILENO},
                                                   {errors.write.get(), STDERR_FILENO}};
        child_process made({program_, role_, std::to_string(::getpid())}, descriptors,
                           session::own);
        output_.watch(seat, std::move(printed.read), std::move(errors.read), made.pid(), line);
        if (processes_.size() <= seat) {
            processes_.resize(seat + 1);
        }
        processes_[seat] = std::move(made);
        if (const std::uint32_t max_live = line.shared().requests->shape.max_live; max_live == 0) {
            ledger_->born(processes_[seat].pid());
        } else {
            ledger_->attach(processes_[seat].pid(),
                            [&view = line.shared(), max_live](process_ledger::state& into) {
                                report_children(view, max_live, into);
                            });
        }
    }

    process_ledger* ledger_;
    std::string role_;
    std::string program_ = worker_executable();
    worker_output output_;
    std::vector<child_process> processes_;
};

}  // namespace

std::unique_ptr<crew> make_process_crew(process_ledger* ledger, output_sink* output) {
    return std::make_unique<process_crew>(ledger, worker_role::worker, output);
}

std::unique_ptr<crew> make_fork_server_crew(process_ledger* ledger, output_sink* output) {
    return std::make_unique<process_crew>(ledger, worker_role::fork_server, output);
}

}  // namespace stratbench
