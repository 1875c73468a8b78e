#include <oneapi/tbb/blocked_range.h>
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/partitioner.h>

#include <memory>

#include "tests/bench/peers/peer.hpp"

namespace stratbench {

extern const peer peer_tbb_parallel_for;
const peer peer_tbb_parallel_for = {
    "tbb_parallel_for", "oneTBB: parallel_for, grain 1, a task for each index", [] {
        using oneapi::tbb::global_control;
        using range = oneapi::tbb::blocked_range<std::uint64_t>;
        auto two = std::make_shared<global_control>(global_control::max_allowed_parallelism, 2);
        auto results = std::make_shared<empty_tasks>();
        return std::function<void(std::uint64_t)>([two, results](std::uint64_t tasks) {
            // Only the simple partitioner goes down to the grain.
            oneapi::tbb::parallel_for(
                range(0, tasks, 1),
                [&table = *results](const range& part) {
                    for (std::uint64_t id = part.begin(); id != part.end(); ++id) {
                        table.execute(id);
                    }
                },
                oneapi::tbb::simple_partitioner());
        });
    }};

}  // namespace stratbench
