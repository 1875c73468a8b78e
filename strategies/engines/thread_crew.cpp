#include <thread>

#include "strategies/engines/crew.hpp"
#include "strategies/engines/worker_loop.hpp"

namespace stratbench {
namespace {

class thread_crew final : public crew {
  public:
    void hire(std::size_t seat, channel& to, int wake_fd) override {
        if (threads.size() <= seat) threads.resize(seat + 1);
        threads[seat] = std::jthread([&to, wake_fd] {
            channel_worker end(to.shared());
            end.shared().answers->ready.store(1);
            work(end, wake_fd);
        });
    }
    [[nodiscard]] int end_fd(std::size_t /*seat*/) const override { return -1; }
    void remove(std::size_t seat) override { dismiss(seat); }
    void dismiss(std::size_t seat) override {
        if (threads[seat].joinable()) threads[seat].join();
    }

  private:
    std::vector<std::jthread> threads;
};

}  // namespace

std::unique_ptr<crew> make_thread_crew() {
    return std::make_unique<thread_crew>();
}

}  // namespace stratbench
