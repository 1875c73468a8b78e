#include "strategies/engines/pool/running_task.hpp"

#include <unistd.h>

#include <algorithm>

namespace stratbench {
namespace {

/// The ticket of the worker's task: the first of those that it has claimed and not answered.
std::optional<std::uint32_t> ticket_of_worker(const channel_view& view) {
    const std::uint32_t capacity = view.requests->shape.capacity;
    const auto claimed = static_cast<std::uint32_t>(view.answers->window.load());
    std::optional<std::uint32_t> running;
    for (std::uint32_t back = 1; back <= std::min(claimed, capacity); ++back) {
        const std::uint32_t ticket = claimed - back;
        if (view.replies[ticket & (capacity - 1)].sequence.load() == ticket + 1) {
            break;
        }
        running = ticket;
    }
    return running;
}

std::optional<std::uint32_t> ticket_of_child(const channel_view& view, pid_t child) {
    for (std::uint32_t i = 0; i < view.requests->shape.max_live; ++i) {
        if (view.children[i].pid.load() == child) {
            return view.children[i].ticket;
        }
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::uint64_t> running_task(const channel& line, pid_t process) {
    const channel_view& view = line.shared();
    const channel_shape& shape = view.requests->shape;
    const auto ticket =
        shape.max_live == 0 ? ticket_of_worker(view) : ticket_of_child(view, process);
    if (!ticket) {
        return std::nullopt;
    }
    const std::uint64_t* const id = &view.tasks[*ticket & (shape.capacity - 1)].id;
    const auto offset =
        reinterpret_cast<const std::byte*>(id) - reinterpret_cast<const std::byte*>(view.requests);
    // Copied by the kernel, because the owner may be writing the next task into the slot.
    std::uint64_t copy = 0;
    if (::pread(line.request_fd(), &copy, sizeof copy, offset) != sizeof copy) {
        return std::nullopt;
    }
    return copy;
}

}  // namespace stratbench
