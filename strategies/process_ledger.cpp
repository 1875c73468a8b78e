#include "strategies/process_ledger.hpp"

#include <utility>

namespace stratbench {

void process_ledger::born(pid_t pid) {
    attach(pid, nullptr);
}

void process_ledger::attach(pid_t server, nested report) {
    const std::lock_guard lock(mutex);
    living.insert_or_assign(server, std::move(report));
    ++made;
}

void process_ledger::reaped(pid_t pid, const cpu_usage& total) {
    const std::lock_guard lock(mutex);
    if (living.erase(pid) != 0) gone += total;
}

process_ledger::state process_ledger::read() const {
    const std::lock_guard lock(mutex);
    state result;
    result.gone = gone;
    result.made = made;
    for (const auto& [pid, report] : living) {
        result.living.push_back(pid);
        if (report) report(result);
    }
    return result;
}

}  // namespace stratbench
