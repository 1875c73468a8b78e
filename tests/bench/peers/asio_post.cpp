#include <latch>
#include <memory>

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include "tests/bench/peers/peer.hpp"

namespace stratbench {

extern const peer peer_asio_post;
const peer peer_asio_post = {
    "asio_post", "Boost.Asio: post to a thread_pool of two", [] {
        auto pool = std::make_shared<boost::asio::thread_pool>(2);
        auto results = std::make_shared<empty_tasks>();
        return std::function<void(std::uint64_t)>([pool, results](std::uint64_t tasks) {
            std::latch all(static_cast<std::ptrdiff_t>(tasks));
            for (std::uint64_t id = 0; id < tasks; ++id) {
                boost::asio::post(*pool, [&table = *results, &all, id] {
                    table.execute(id);
                    all.count_down();
                });
            }
            all.wait();
        });
    }};

}  // namespace stratbench
