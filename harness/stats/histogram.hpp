#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace stratbench {

/// Distribution of durations in nanoseconds, 1 ns to 1 h, three significant digits: HdrHistogram's
/// log-linear layout (2048 sub-buckets per octave pair), so that its tools read ours.
///
/// Thread safety: none; one per thread, merged afterwards.
class histogram {
  public:
    static constexpr std::int64_t highest_ns = 3'600'000'000'000;

    histogram();

    /// Values below 0 count as 0, values above highest_ns as highest_ns.
    void record(std::int64_t ns, std::uint64_t times = 1) noexcept;
    void merge(const histogram& other) noexcept;

    [[nodiscard]] std::uint64_t count() const noexcept { return total; }
    /// The highest value that is equivalent, within the resolution, to the value below or at which
    /// `percent` of all recorded values lie. 0 when empty. `percent` within [0, 100].
    [[nodiscard]] std::int64_t value_at_percentile(double percent) const noexcept;
    [[nodiscard]] double mean() const noexcept;
    [[nodiscard]] std::int64_t max() const noexcept;
    [[nodiscard]] std::int64_t min() const noexcept;

    struct step {
        std::int64_t value_ns;      ///< highest equivalent value of the bucket
        std::uint64_t count;        ///< in this bucket
        std::uint64_t cumulative;   ///< up to and with this bucket
    };
    /// The buckets that hold something, ascending.
    [[nodiscard]] std::vector<step> steps() const;

    /// HdrHistogram V2 encoding, zlib-compressed, base64: what its log files carry.
    [[nodiscard]] std::string encode() const;
    /// Throws std::runtime_error on anything but such an encoding.
    static histogram decode(std::string_view base64);

  private:
    std::vector<std::uint64_t> counts;
    std::uint64_t total = 0;
};

}  // namespace stratbench
