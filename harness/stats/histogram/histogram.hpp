#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace stratbench {

/// Which values share a slot. Values below 2048 have one each; from there on, each doubling of the
/// value gets 1024 slots (the upper half of an HdrHistogram bucket, whose lower half the finer
/// buckets cover already). Source: counts_index_for of HdrHistogram_c.
namespace histogram_layout {

inline constexpr std::int64_t highest = 3'600'000'000'000;
inline constexpr int magnitude_bits = 11;
inline constexpr std::size_t half = std::size_t{1} << (magnitude_bits - 1);

constexpr std::size_t slot_of(std::uint64_t value) noexcept {
    const int bucket = std::max(0, static_cast<int>(std::bit_width(value)) - magnitude_bits);
    return static_cast<std::size_t>(bucket) * half + static_cast<std::size_t>(value >> bucket);
}

inline constexpr std::size_t slots = slot_of(highest) + 1;
/// As HdrHistogram counts them: buckets that overlap by half, and the slots of each.
inline constexpr int buckets =
    static_cast<int>(std::bit_width(static_cast<std::uint64_t>(highest))) - magnitude_bits + 1;
inline constexpr std::size_t sub_buckets = 2 * half;

/// The values of a slot: `lowest`, and `width - 1` more.
struct range {
    std::int64_t lowest;
    std::int64_t width;
    [[nodiscard]] constexpr std::int64_t highest() const { return lowest + width - 1; }
    [[nodiscard]] constexpr std::int64_t middle() const { return lowest + width / 2; }
};

constexpr range range_of(std::size_t slot) noexcept {
    if (slot < 2 * half) {
        return {static_cast<std::int64_t>(slot), 1};
    }
    const auto bucket = slot / half - 1;
    return {static_cast<std::int64_t>((slot % half + half) << bucket), std::int64_t{1} << bucket};
}

}  // namespace histogram_layout

/// Distribution of durations in nanoseconds, 1 ns to 1 h, three significant digits: HdrHistogram's
/// log-linear layout (2048 sub-buckets per bucket, each bucket twice as coarse as the one before),
/// so that its tools read ours.
///
/// Thread safety: none; one per thread, merged afterwards.
class histogram {
  public:
    static constexpr std::int64_t highest_ns = histogram_layout::highest;

    histogram();

    /// Values below 0 count as 0, values above highest_ns as highest_ns.
    void record(std::int64_t ns, std::uint64_t times = 1) noexcept {
        counts_[histogram_layout::slot_of(
            static_cast<std::uint64_t>(std::clamp<std::int64_t>(ns, 0, highest_ns)))] += times;
        total_ += times;
    }
    void merge(const histogram& other) noexcept;

    [[nodiscard]] std::uint64_t count() const noexcept { return total_; }
    /// The highest value that is equivalent, within the resolution, to the value below or at which
    /// `percent` of all recorded values lie. 0 when empty. `percent` within [0, 100].
    [[nodiscard]] std::int64_t value_at_percentile(double percent) const noexcept;
    /// Mean, greatest and smallest recorded value within the resolution; 0 when empty.
    [[nodiscard]] double mean() const noexcept;
    /// Standard deviation of the recorded values, each taken as the middle of its slot; 0 when
    /// empty.
    [[nodiscard]] double deviation() const noexcept;
    [[nodiscard]] std::int64_t max() const noexcept;
    [[nodiscard]] std::int64_t min() const noexcept;

    struct step {
        std::int64_t value_ns;     ///< highest equivalent value of the bucket
        std::uint64_t count;       ///< in this bucket
        std::uint64_t cumulative;  ///< up to and with this bucket
    };
    /// The buckets that hold something, ascending.
    [[nodiscard]] std::vector<step> steps() const;

    /// HdrHistogram V2 encoding, zlib-compressed, base64: what its log files carry.
    [[nodiscard]] std::string encode() const;
    /// Throws std::runtime_error on anything but such an encoding of a histogram with this range
    /// and resolution. Needs no more memory than a histogram, whatever the text claims.
    static histogram decode(std::string_view base64);

  private:
    std::vector<std::uint64_t> counts_;
    std::uint64_t total_ = 0;
};

}  // namespace stratbench
