#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/spec.hpp"

namespace stratbench {

/// Sizes that differ from task to task. That of a task follows from its seed and its number alone,
/// so every strategy has the same tasks, and whoever verifies them makes them again.
///
///     lognormal(p50=2ms,p99=20ms)             half of the tasks below p50, one in a hundred above
///                                             p99
///     exponential(mean=2ms)
///     bimodal(small=1ms,large=20ms,share=5%)  this share of the tasks is large
///     trace(file=requests.csv)                the second column of a CSV file, a line for each
///                                             task in turn
///
/// No draw is below 1, nor above largest(): the largest of the trace, or the size that one in a
/// million would exceed.
class drawn_size {
  public:
    enum class shape : std::uint8_t { lognormal, exponential, bimodal, trace };
    /// What the text tells of each task. In a trace, durations are seconds.
    enum class quantity : std::uint8_t { size, duration_ns };

    /// Reads such a text. Throws usage_error; `what` names the parameter in the message. A trace is
    /// read here; one that the text says to have another hash than it has is refused.
    drawn_size(std::string_view text, std::string_view what, quantity of);
    /// What durations become where one of `ns` is the work of size(ns), as measured here and now:
    /// each of the durations that the text names, or that of the trace's mean.
    [[nodiscard]] drawn_size sized(const std::function<std::int64_t(std::int64_t)>& size) const;

    /// The file that such a text names; empty where it names none, or is none.
    static std::string file_of(std::string_view text);

    /// The size of task number `id`, with this seed.
    [[nodiscard]] std::int64_t draw(std::uint64_t id, std::uint64_t seed) const;
    [[nodiscard]] std::int64_t mean() const;
    [[nodiscard]] std::int64_t largest() const;
    /// Reads back as the same sizes; the values are plain numbers.
    [[nodiscard]] std::string text() const;

  private:
    /// What a trace says of each task.
    struct listed {
        std::string file;
        std::string hash = {};
        std::vector<std::int64_t> sizes = {};
        /// The size of a task that takes a second, where the file has durations; else 0.
        std::int64_t per_second = 0;

        /// Of durations, by `per_second`.
        void make_sizes();
    };

    void read_values(const spec& given, std::string_view what, quantity of);
    void read_trace(const spec& given, std::string_view what, quantity of);
    /// Throws usage_error, or finds out what follows from the values.
    void settle(std::string_view what);
    void settle_trace(std::string_view what);

    shape shape_ = shape::lognormal;
    /// In the order in which the text has them, values_[1] only where there are two; of a trace the
    /// mean and the largest.
    std::array<std::int64_t, 2> values_{};
    double share_ = 0;
    /// lognormal: the standard deviation of the logarithm.
    double spread_ = 0;
    /// Of a trace; templates of tasks are copied, and it may be long.
    std::shared_ptr<const listed> trace_ = {};
};

/// Whether a parameter's value is such a text, or meant to be one.
bool is_drawn_size(std::string_view text);

}  // namespace stratbench
