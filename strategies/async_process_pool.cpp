// An event loop in front, a pool of processes behind: each coroutine awaits its result, and the
// loop never blocks.

#include "strategies/engines/async_front_end.hpp"

namespace stratbench {

extern const strategy_info strategy_async_process_pool;
const strategy_info strategy_async_process_pool = {
    .name = "async_process_pool",
    .summary = "an event loop accepts; one coroutine per task awaits a pool of processes",
    .parameters = {},
    .properties = {.isolates_crashes = true,
                   .front_end_stays_free = true,
                   .payload_crosses_process = true},
    .make = [](const spec&) -> std::unique_ptr<strategy> {
        return std::make_unique<async_front_end>(worker_kind::process);
    },
};

}  // namespace stratbench
