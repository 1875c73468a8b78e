#include <unistd.h>

#include <csignal>
#include <string>
#include <utility>

#include "strategies/engines/child_process.hpp"
#include "strategies/engines/crew.hpp"
#include "strategies/engines/worker_executable.hpp"

namespace stratbench {
namespace {

/// Adds what a fork server tells of its children to what the ledger says.
void report_children(const channel_view& view, std::uint32_t max_live,
                     process_ledger::state& into) {
    for (std::uint32_t i = 0; i < max_live; ++i) {
        if (const pid_t pid = view.children[i].pid.load(); pid > 0) into.living.push_back(pid);
    }
    into.gone += view.answers->gone.read();
    into.made += view.answers->made.load();
}

class process_crew final : public crew {
  public:
    process_crew(process_ledger* keep, const char* as) : ledger(keep), role(as) {}
    ~process_crew() override {
        for (std::size_t seat = 0; seat < processes.size(); ++seat) remove(seat);
    }

    void hire(std::size_t seat, channel& to, int wake_fd) override {
        const std::pair<int, int> descriptors[] = {{to.request_fd(), worker_fd::requests},
                                                   {to.reply_fd(), worker_fd::replies},
                                                   {wake_fd, worker_fd::wake}};
        if (processes.size() <= seat) processes.resize(seat + 1);
        processes[seat] = child_process({program, role, std::to_string(::getpid())}, descriptors);
        if (const std::uint32_t max_live = to.shared().requests->shape.max_live; max_live == 0) {
            ledger->born(processes[seat].pid());
        } else {
            ledger->attach(processes[seat].pid(),
                           [&view = to.shared(), max_live](process_ledger::state& into) {
                               report_children(view, max_live, into);
                           });
        }
    }
    [[nodiscard]] int end_fd(std::size_t seat) const override { return processes[seat].pid_fd(); }
    void remove(std::size_t seat) override {
        processes[seat].kill(SIGKILL);
        dismiss(seat);
    }
    void dismiss(std::size_t seat) override {
        child_process& leaving = processes[seat];
        if (leaving.running()) {
            ledger->leaves(leaving.pid());
            leaving.wait();
        }
    }

  private:
    process_ledger* ledger;
    std::string role;
    std::string program = worker_executable();
    std::vector<child_process> processes;
};

}  // namespace

std::unique_ptr<crew> make_process_crew(process_ledger* ledger) {
    return std::make_unique<process_crew>(ledger, worker_role::worker);
}

std::unique_ptr<crew> make_fork_server_crew(process_ledger* ledger) {
    return std::make_unique<process_crew>(ledger, worker_role::fork_server);
}

}  // namespace stratbench
