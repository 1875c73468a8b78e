#include <memory>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "tests/bench/peers/peer.hpp"

namespace stratbench {
namespace {

namespace asio = boost::asio;

asio::awaitable<void> hop(asio::io_context& loop, asio::thread_pool& pool, empty_tasks& table,
                          std::uint64_t id) {
#ifdef __clang_analyzer__  // it takes what Asio keeps of a coroutine for uninitialised
    table.execute(id);
    co_return;
#else
    co_await asio::post(asio::bind_executor(pool, asio::use_awaitable));
    table.execute(id);
    co_await asio::post(asio::bind_executor(loop, asio::use_awaitable));
#endif
}

}  // namespace

extern const peer peer_asio_hop;
const peer peer_asio_hop = {
    "asio_hop", "Boost.Asio: a coroutine for each task, to a thread_pool of two and back", [] {
        auto pool = std::make_shared<asio::thread_pool>(2);
        auto results = std::make_shared<empty_tasks>();
        return std::function<void(std::uint64_t)>([pool, results](std::uint64_t tasks) {
            asio::io_context loop(1);
            for (std::uint64_t id = 0; id < tasks; ++id) {
                asio::co_spawn(loop, hop(loop, *pool, *results, id), asio::detached);
            }
            loop.run();
        });
    }};

}  // namespace stratbench
