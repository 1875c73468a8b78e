#include "strategies/engines/pool/thread_crew.hpp"

#include <string>
#include <system_error>
#include <thread>

#include "harness/base/refusal.hpp"
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
        try {
            threads_[seat] = std::jthread([this, &line, wake_fd] {
                channel_worker end(line.shared());
                end.shared().answers->ready.store(1);
                work(end, wake_fd, witness_);
            });
        } catch (const std::system_error& refused) {
            throw_refused(refused.code().value(),
                          "cannot start worker " + std::to_string(seat + 1));
        }
    }
    [[nodiscard]] int end_fd(std::size_t /*seat*/) const override { return -1; }
    void remove(std::size_t seat) override { dismiss(seat); }
    void dismiss(std::size_t seat) override {
        if (threads_[seat].joinable()) {
            threads_[seat].join();
        }
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
