#include <future>
#include <memory>

#include "tests/bench/peers/peer.hpp"

namespace stratbench {

extern const peer peer_std_async;
const peer peer_std_async = {
    "std_async", "std::async: a thread for each task, two at a time", [] {
        auto results = std::make_shared<empty_tasks>();
        return std::function<void(std::uint64_t)>([results](std::uint64_t tasks) {
            const auto start = [&table = *results](std::uint64_t id) {
                return std::async(std::launch::async, [&table, id] { table.execute(id); });
            };
            std::future<void> living[2];
            for (std::uint64_t id = 0; id < tasks; ++id) {
                std::future<void>& slot = living[id % 2];
                if (slot.valid()) {
                    slot.get();
                }
                slot = start(id);
            }
            for (std::future<void>& last : living) {
                if (last.valid()) {
                    last.get();
                }
            }
        });
    }};

}  // namespace stratbench
