#pragma once

#include <array>
#include <cstdio>

#include "strategies/contract/task_output.hpp"
#include "strategies/engines/worker/task_witness.hpp"

namespace stratbench {

/// The witness of tasks that are executed in the process of the strategy. What they print goes to
/// that process's own standard output and error, past us: only their failures have a label.
class in_process_witness final : public task_witness {
  public:
    /// `sink` may be null: standard error.
    explicit in_process_witness(output_sink* sink) : sink_(sink) {}

    void begins(const task&) noexcept override {}
    void ended(const task&) noexcept override { std::fflush(stdout); }
    void failed(const task& t, std::string_view what) noexcept override {
        std::array<char, 1024> text{};  // not from the heap, which may be what failed
        std::snprintf(text.data(), text.size(), "task failed: %.*s", static_cast<int>(what.size()),
                      what.data());
        (sink_ != nullptr ? *sink_ : standard_error_output())
            .line({.task = t.id, .text = text.data()});
    }

  private:
    output_sink* sink_;
};

}  // namespace stratbench
