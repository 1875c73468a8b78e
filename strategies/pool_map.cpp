// Pool map: what is due is taken as one batch and mapped over a pool of processes; the caller
// blocks until the whole batch is back, and no result exists before.

#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <vector>

#include "harness/base/idle_spin.hpp"
#include "strategies/contract/strategy.hpp"
#include "strategies/engines/front_end/stop_request.hpp"
#include "strategies/engines/pool/worker_pool.hpp"

namespace stratbench {
namespace {

/// The results of one batch, kept until the whole batch is back. Memory is taken in blocks of one
/// large page and kept for the next batch: a batch of millions would otherwise fault in page after
/// page while it is measured.
class batch_results {
  public:
    void clear() {
        used_ = 0;
        next_ = end_ = nullptr;
    }

    void add(const completion& done) {
        if (next_ == end_) {
            open_block();
        }
        *next_++ = done;
    }

    void give_to(completion_sink& sink) const {
        for (std::size_t i = 0; i < used_; ++i) {
            const completion* const first = blocks_[i].get();
            const completion* const last = i + 1 == used_ ? next_ : first + per_block;
            sink.complete({first, last});
        }
    }

  private:
    static constexpr std::size_t large_page = std::size_t{2} << 20;
    static constexpr std::size_t per_block = large_page / sizeof(completion);

    struct release {
        void operator()(completion* memory) const noexcept { std::free(memory); }
    };
    using block = std::unique_ptr<completion[], release>;

    void open_block() {
        if (used_ == blocks_.size()) {
            blocks_.push_back(make_block());
        }
        next_ = blocks_[used_++].get();
        end_ = next_ + per_block;
    }

    static block make_block() {
        void* const memory = std::aligned_alloc(large_page, large_page);
        if (memory == nullptr) {
            throw std::bad_alloc();
        }
        ::madvise(memory, large_page, MADV_HUGEPAGE);
        return block(static_cast<completion*>(memory));
    }

    std::vector<block> blocks_;
    /// Blocks that hold results; the last of them between its begin and next_.
    std::size_t used_ = 0;
    completion* next_ = nullptr;
    completion* end_ = nullptr;
};

class pool_map final : public strategy {
  public:
    explicit pool_map(std::uint32_t chunk) : chunk_(chunk) {}
    ~pool_map() override { pool_map::stop(); }

    void start(const start_options& options) override {
        pool_.emplace(
            pool_options{.kind = worker_kind::process, .start = options, .chunk = chunk_});
    }

    void run(task_source& source, completion_sink& sink) override {
        stop_wanted_.reset();
        while (!stop_wanted_.stopping() && map(source)) {
            done_.give_to(sink);
            done_.clear();
        }
    }

    void request_stop(stop_mode mode) override {
        stop_wanted_.set(mode);
        pool_->wake();
    }

    void stop() override { pool_.reset(); }

  private:
    /// Maps everything that is due now, after waiting for the first. False at the end of the
    /// source.
    bool map(task_source& source) {
        take_result got = source.take(tasks_, take_mode::wait);
        if (got.count == 0) {
            return false;
        }
        while (got.count != 0) {
            pool_->submit(std::span(tasks_).first(got.count));
            collect();
            // Less than was asked for was all that there was: what comes due from now on is for the
            // next batch.
            if (got.count < tasks_.size()) {
                break;
            }
            got = source.take(tasks_, take_mode::poll);
        }
        idle_spin spin;
        while (pool_->outstanding() != 0) {
            if (collect() != 0) {
                spin.found();
            } else if (!spin.again()) {
                pool_->wait();
            }
        }
        return true;
    }

    std::size_t collect() {
        const std::size_t count =
            pool_->collect([this](const pool_result& each) { done_.add(each.done); });
        if (stop_wanted_.cancelling()) {
            std::vector<pool_result> given_up;
            pool_->cancel_unstarted(given_up);
            for (const pool_result& each : given_up) {
                done_.add(each.done);
            }
        }
        return count;
    }

    std::uint32_t chunk_;
    std::optional<worker_pool> pool_;
    /// Holds the tasks that are taken at a time: large enough that workers seldom wait for the
    /// next, small enough for the second-level cache. Not made anew for each batch, which may be a
    /// single task.
    std::vector<task> tasks_ = std::vector<task>(4096);
    batch_results done_;
    stop_request stop_wanted_;
};

constexpr parameter chunk_parameters[] = {
    {"chunk", "auto", "tasks handed to a worker at a time"},
};

}  // namespace

extern const strategy_info strategy_pool_map;
const strategy_info strategy_pool_map = {
    .name = "pool_map",
    .summary = "maps a batch over a pool of processes and blocks until all of it is back",
    .parameters = chunk_parameters,
    .properties = {.isolates_crashes = true,
                   .payload_crosses_process = true,
                   .returns_in_batches = true},
    .make = [](const spec& s) -> std::unique_ptr<strategy> {
        const auto chunk = s.find("chunk").value_or("auto");
        return std::make_unique<pool_map>(
            chunk == "auto"
                ? 0
                : static_cast<std::uint32_t>(parse_integer(chunk, "pool_map's chunk", 1, 2048)));
    },
};

}  // namespace stratbench
