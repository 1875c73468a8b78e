// An event loop in front, a pool of processes behind: each coroutine awaits its result, and the
// loop never blocks.

#include <string>

#include "strategies/engines/front_end/async_front_end.hpp"

namespace stratbench {
namespace {

constexpr std::string_view coroutines[] = {"own", "asio"};
constexpr parameter coroutine_parameters[] = {
    {"coroutine", "own", "a bare coroutine type, or boost::asio::awaitable", coroutines},
};

coroutine_type coroutine_of(const spec& s) {
    const std::string_view name = s.find("coroutine").value_or("own");
    if (name == "own") {
        return coroutine_type::own;
    }
    if (name == "asio") {
        return coroutine_type::asio;
    }
    throw usage_error("async_process_pool's coroutine '" + std::string(name) +
                      "': accepted are own and asio");
}

}  // namespace

extern const strategy_info strategy_async_process_pool;
const strategy_info strategy_async_process_pool = {
    .name = "async_process_pool",
    .summary = "an event loop accepts; one coroutine per task awaits a pool of processes",
    .parameters = coroutine_parameters,
    .properties = {.isolates_crashes = true,
                   .front_end_stays_free = true,
                   .payload_crosses_process = true},
    .make = [](const spec& s) -> std::unique_ptr<strategy> {
        return std::make_unique<async_front_end>(worker_kind::process, coroutine_of(s));
    },
};

}  // namespace stratbench
