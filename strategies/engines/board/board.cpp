#include "strategies/engines/board/board.hpp"

#include <fmt/format.h>

#include <algorithm>
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

struct extent {
    std::uint64_t tasks = 0;
    std::uint64_t payload_bytes = 0;
};

/// What is laid out of a window. Payloads may be of any length each: sizes may be drawn.
extent extent_of(const window_ahead& window, const arrival_rule& rule) {
    extent result;
    const std::uint64_t most = window.most();
    for (; result.tasks < most; ++result.tasks) {
        const std::uint64_t payload_bytes =
            result.payload_bytes + on_cache_lines(window.make(result.tasks).payload_bytes);
        if (rule.kind == arrival_rule::shape::closed && result.tasks >= rule.at_once &&
            (result.tasks >= most_closed || payload_bytes > most_closed_payload)) {
            break;
        }
        result.payload_bytes = payload_bytes;
    }
    return result;
}

}  // namespace

board::board() : memory_(bytes) {
    new (memory_.data()) board_header;
}

void board::lay_out(const window_ahead& window) {
    const arrival_rule rule = window.rule();
    const auto [tasks, payload_bytes] = extent_of(window, rule);
    if (page + tasks * (sizeof(board_task) + sizeof(task_account)) + payload_bytes > bytes) {
        throw std::runtime_error(
            fmt::format("a window of {} tasks with {} bytes of payload does not fit on the board "
                        "of {}: give it fewer, or a shorter --trial-length",
                        tasks, payload_bytes, bytes_text(bytes)));
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
    std::byte* const payloads = memory_.data() + head.payload_at;
    std::uint64_t payload_at = 0;
    for (std::uint64_t id = 0; id < tasks; ++id) {
        const task t = window.make(id);
        board_task& to = *new (table + id) board_task;
        to.due_ns = rule.kind == arrival_rule::shape::scheduled ? window.due_ns(id) : 0;
        std::copy(t.args.begin(), t.args.end(), to.args);
        to.seed = t.seed;
        to.payload_at = static_cast<std::uint32_t>(payload_at / payload_unit);
        to.payload_bytes = t.payload_bytes;
        to.wait_us = t.wait_us;
        to.stamped = t.stamped;
        generate_payload(t, {payloads + payload_at, t.payload_bytes});
        payload_at += on_cache_lines(t.payload_bytes);
    }
}

std::span<const task_account> board::accounts() const {
    return {reinterpret_cast<const task_account*>(memory_.data() + accounts_at_), tasks_};
}

}  // namespace stratbench
