#include "strategies/contract/process_ledger.hpp"

#include <utility>

namespace stratbench {

void process_ledger::born(pid_t pid) {
    attach(pid, nullptr);
}

void process_ledger::attach(pid_t helper, nested report) {
    const std::lock_guard lock(mutex_);
    living_.insert_or_assign(helper, std::move(report));
    ++made_;
}

void process_ledger::leaves(pid_t pid) {
    const std::lock_guard lock(mutex_);
    living_.erase(pid);
}

process_ledger::state process_ledger::read() const {
    const std::lock_guard lock(mutex_);
    state result;
    result.made = made_;
    for (const auto& [pid, report] : living_) {
        result.living.push_back(pid);
        if (!report) {
            continue;
        }
        result.helpers.push_back(pid);
        report(result);
    }
    return result;
}

}  // namespace stratbench
