// A new process for every task, forked by a small server after the task was accepted; at most as
// many live at once as there are workers, and each coroutine awaits its own.

#include "strategies/engines/front_end/async_front_end.hpp"

namespace stratbench {

extern const strategy_info strategy_process_per_task;
const strategy_info strategy_process_per_task = {
    .name = "process_per_task",
    .summary =
        "an event loop accepts; every task gets a process of its own, as many at once as workers",
    .parameters = {},
    .properties = {.isolates_crashes = true,
                   .front_end_stays_free = true,
                   .payload_crosses_process = true,
                   .least_task_ns = 50'000},
    .make = [](const spec&) -> std::unique_ptr<strategy> {
        return std::make_unique<async_front_end>(worker_kind::process_per_task);
    },
};

}  // namespace stratbench
