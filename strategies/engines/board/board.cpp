#include "strategies/engines/board/board.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <stdexcept>

#include "workloads/workload.hpp"

namespace stratbench {
namespace {

constexpr std::uint64_t page = 4096;
constexpr std::uint64_t payload_unit = 64;

/// A closed load has as many tasks as the fastest strategy could do: of those, so many are laid out
/// at most, and so many bytes of payload.
constexpr std::uint64_t most_closed = std::uint64_t{1} << 18;
constexpr std::uint64_t most_closed_payload = std::uint64_t{64} << 20;

std::uint64_t rounded_up(std::uint64_t n, std::uint64_t to) {
    return (n + to - 1) / to * to;
}

}  // namespace

board::board() : memory_(bytes) {
    new (memory_.data()) board_header;
}

void board::lay_out(const window_ahead& window) {
    std::uint64_t tasks = window.most();
    const arrival_rule rule = window.rule();
    // Every task of a window has as long a payload as the last one at most.
    const std::uint64_t payload_each =
        tasks == 0 ? 0 : rounded_up(window.make(tasks - 1).payload_bytes, payload_unit);
    if (rule.kind == arrival_rule::shape::closed) {
        const std::uint64_t room =
            std::min(most_closed, most_closed_payload / std::max(payload_each, payload_unit));
        tasks = std::min(tasks, std::max(rule.at_once, room));
    }
    const std::uint64_t tables = page + tasks * (sizeof(board_task) + sizeof(task_account));
    if (tables + tasks * payload_each > bytes) {
        throw std::runtime_error(
            fmt::format("a window of {} tasks with {} bytes of payload each does not fit on the "
                        "board of {}: give it fewer, or a shorter --trial-length",
                        tasks, payload_each, bytes_text(bytes)));
    }

    board_header& head = *new (memory_.data()) board_header;
    head.tasks = tasks;
    head.tasks_at = page;
    head.accounts_at = page + tasks * sizeof(board_task);
    head.payload_at = head.accounts_at + tasks * sizeof(task_account);
    head.arrivals = rule.kind;
    head.at_once = rule.at_once;
    head.every_ns = rule.every_ns;
    head.until_ns = rule.until_ns;
    tasks_ = tasks;
    accounts_at_ = head.accounts_at;
    std::fill_n(reinterpret_cast<task_account*>(memory_.data() + accounts_at_), tasks,
                task_account{});
    if (tasks != 0) {
        const std::string_view name = workloads()[window.make(0).workload]->name;
        name.copy(head.workload, sizeof head.workload - 1);
    }

    auto* const table = reinterpret_cast<board_task*>(memory_.data() + page);
    const std::span<std::byte> payloads(memory_.data() + head.payload_at, tasks * payload_each);
    for (std::uint64_t id = 0; id < tasks; ++id) {
        const task t = window.make(id);
        board_task& to = *new (table + id) board_task;
        to.due_ns = rule.kind == arrival_rule::shape::scheduled ? window.due_ns(id) : 0;
        std::copy(t.args.begin(), t.args.end(), to.args);
        to.seed = t.seed;
        to.payload_at = static_cast<std::uint32_t>(id * payload_each / payload_unit);
        to.payload_bytes = t.payload_bytes;
        to.wait_us = t.wait_us;
        to.stamped = t.stamped;
        generate_payload(t, payloads.subspan(id * payload_each, t.payload_bytes));
    }
}

std::span<const task_account> board::accounts() const {
    return {reinterpret_cast<const task_account*>(memory_.data() + accounts_at_), tasks_};
}

}  // namespace stratbench
