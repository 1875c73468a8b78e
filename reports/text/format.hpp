#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/model/results.hpp"

namespace stratbench {

// Figures as people read them: three significant digits and a unit. What is absent prints as "-".

/// A duration given in nanoseconds: "1.23 ms", "45.6 us", "100 ns", "75.2 s".
std::string duration(double ns);

/// A count or a rate: "1.23M", "45.6k", "500"; whole numbers below 1,000 without a fraction.
std::string quantity(double value);

/// "12.3 MiB", "512 B".
std::string bytes(std::uint64_t value);

/// An energy given in joules: "12.3 mJ".
std::string energy(double joules);

/// A part of a whole, given as 0 ... 1: "98 %", "1.2 %", "0.03 %".
std::string percent(double part);

/// Three significant digits: "1.92", "0.512".
std::string plain(double value);

/// Busy cores, two decimals: "1.97".
std::string cores(double value);

/// With the interval, where there is one, in the value's own unit: "1.23 ms [1.20, 1.26]",
/// "45.6k [44.9, 46.0]".
std::string duration(const estimate& e);
std::string quantity(const estimate& e);

/// "1.23 ms [1.20, 1.26]", "> 12.3 ms" where it is censored, "n too small" where it is refused.
std::string duration(const percentile& p, bool with_interval = false);

/// `text` fit for a terminal: control characters, which could move its cursor or change its
/// title, become '?'. Lines and tabs too: a name is one line.
std::string printable(std::string_view text);

/// `text` with U+FFFD in the place of each byte that is not part of well-formed UTF-8, and of the
/// noncharacters U+FFFE and U+FFFF, which XML forbids.
std::string utf8(std::string_view text);

/// Columns that `text`, UTF-8, takes on a terminal: its code points.
std::size_t columns(std::string_view text);

}  // namespace stratbench
