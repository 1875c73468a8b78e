#pragma once

#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "harness/base/refusal.hpp"

namespace stratbench {

/// Starts a thread. Throws std::system_error that names `what` was tried and the limit in its way.
template <class F>
std::jthread start_thread(const std::string& what, F&& body) {
    try {
        return std::jthread(std::forward<F>(body));
    } catch (const std::system_error& refused) {
        throw_thread_refused(refused.code().value(), what);
    }
}

}  // namespace stratbench
