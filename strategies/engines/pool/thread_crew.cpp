#include "strategies/engines/pool/thread_crew.hpp"

#include <string>
#include <thread>
#include <vector>

#include "harness/base/process/thread.hpp"
#include "strategies/engines/worker/in_process_witness.hpp"
#include "strategies/engines/worker/worker_loop.hpp"

namespace stratbench {
namespace {

class thread_crew final : public crew {
  public:
    explicit thread_crew(output_sink* output) : witness_(output) {}

    void hire(std::size_t seat, channel& line, int wake_fd) override {
        if (threads_.size() <= seat) {
            threads_.resize(seat + 1);
        }
        threads_[seat] =
            start_thread("cannot start worker " + std::to_string(seat + 1), [this, &line, wake_fd] {
                channel_worker end(line.shared());
                work(end, wake_fd, witness_);
            });
    }
    [[nodiscard]] int end_fd(std::size_t /*seat*/) const override { return -1; }
    int remove(std::size_t seat) override { return dismiss(seat); }
    int dismiss(std::size_t seat) override {
        if (threads_[seat].joinable()) {
            threads_[seat].join();
        }
        return 0;
    }

  private:
    in_process_witness witness_;
    std::vector<std::jthread> threads_;
};

}  // namespace

std::unique_ptr<crew> make_thread_crew(output_sink* output) {
    return std::make_unique<thread_crew>(output);
}

}  // namespace stratbench
