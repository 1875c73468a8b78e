// An event loop in front, a pool of threads behind: each coroutine awaits its result, and the loop
// never blocks.

#include "strategies/engines/front_end/async_front_end.hpp"

namespace stratbench {

extern const strategy_info strategy_async_thread_pool;
const strategy_info strategy_async_thread_pool = {
    .name = "async_thread_pool",
    .summary = "an event loop accepts; one coroutine per task awaits a pool of threads",
    .parameters = {},
    .properties = {.front_end_stays_free = true},
    .make = [](const spec&) -> std::unique_ptr<strategy> {
        return std::make_unique<async_front_end>(worker_kind::thread);
    },
};

}  // namespace stratbench
