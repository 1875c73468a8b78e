#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/task_group.h>

#include <memory>

#include "tests/bench/peers/peer.hpp"

namespace stratbench {

extern const peer peer_tbb_task_group;
const peer peer_tbb_task_group = {
    "tbb_task_group", "oneTBB: task_group::run for each task, the caller helps", [] {
        using oneapi::tbb::global_control;
        // The caller is one of the two.
        auto two = std::make_shared<global_control>(global_control::max_allowed_parallelism, 2);
        auto results = std::make_shared<empty_tasks>();
        return std::function<void(std::uint64_t)>([two, results](std::uint64_t tasks) {
            oneapi::tbb::task_group group;
            for (std::uint64_t id = 0; id < tasks; ++id) {
                group.run([&table = *results, id] { table.execute(id); });
            }
            group.wait();
        });
    }};

}  // namespace stratbench
