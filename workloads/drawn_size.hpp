#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "harness/base/spec.hpp"

namespace stratbench {

/// Sizes that differ from task to task. The draw of a task follows from its seed alone, so every
/// strategy has the same tasks, and whoever verifies them makes them again.
///
///     lognormal(p50=2ms,p99=20ms)            half of the tasks below p50, one in a hundred above
///     p99 exponential(mean=2ms) bimodal(small=1ms,large=20ms,share=5%) this share of the tasks is
///     large
///
/// No draw is below 1, nor above largest(): the size that one in a million would exceed.
class drawn_size {
  public:
    enum class shape : std::uint8_t { lognormal, exponential, bimodal };

    /// Reads such a text. `read` reads one value of it, named as the second argument says. Throws
    /// usage_error; `what` names the parameter in the message.
    drawn_size(std::string_view text, std::string_view what,
               const std::function<std::int64_t(std::string_view, std::string_view)>& read);
    /// The same with each of the values that the text names changed.
    [[nodiscard]] drawn_size with_values(
        const std::function<std::int64_t(std::int64_t)>& change) const;

    /// The size of a task with this seed.
    [[nodiscard]] std::int64_t draw(std::uint64_t seed) const;
    [[nodiscard]] std::int64_t mean() const;
    [[nodiscard]] std::int64_t largest() const;
    /// Reads back as the same sizes; the values are plain numbers.
    [[nodiscard]] std::string text() const;

  private:
    /// Throws usage_error, or finds out what follows from the values.
    void settle(std::string_view what);

    shape shape_ = shape::lognormal;
    /// In the order in which the text has them; values_[1] only where there are two.
    std::array<std::int64_t, 2> values_{};
    double share_ = 0;
    /// lognormal: the standard deviation of the logarithm.
    double spread_ = 0;
};

/// Whether a parameter's value is such a text, or meant to be one.
bool is_drawn_size(std::string_view text);

}  // namespace stratbench
