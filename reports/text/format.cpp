#include "reports/text/format.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <optional>
#include <span>

#include "harness/base/utf8.hpp"

namespace stratbench {
namespace {

/// Three significant digits without an exponent; four before the point where there are so many.
std::string three_digits(double value) {
    const double size = std::abs(value);
    constexpr double most_in_full = 1e7;
    if (size >= most_in_full) {
        return fmt::format("{:.2e}", value);
    }
    const int fraction = size >= 99.95 ? 0 : size >= 9.995 ? 1 : size >= 0.9995 ? 2 : 3;
    return fmt::format("{:.{}f}", value, fraction);
}

/// Nobody reads more of a change than that.
constexpr double most_percent = 1e6;

struct unit {
    double size;
    std::string_view name;
};

using units = std::span<const unit>;

constexpr std::array<unit, 4> times{{{1, " ns"}, {1e3, " us"}, {1e6, " ms"}, {1e9, " s"}}};
constexpr std::array<unit, 4> counts{{{1, ""}, {1e3, "k"}, {1e6, "M"}, {1e9, "G"}}};
constexpr std::array<unit, 4> sizes{
    {{1, " B"}, {1024, " KiB"}, {1048576, " MiB"}, {1073741824, " GiB"}}};
constexpr std::array<unit, 4> energies{{{1e-9, " nJ"}, {1e-6, " uJ"}, {1e-3, " mJ"}, {1, " J"}}};

/// The largest in which the rounded value is at least 1.
const unit& unit_for(double value, units ascending) {
    const unit* chosen = &ascending.front();
    for (const unit& u : ascending) {
        // 999.6 us rounds to 1000 us, which is 1.00 ms.
        if (std::abs(value) >= u.size * 0.9995) {
            chosen = &u;
        }
    }
    return *chosen;
}

std::string in_units(double value, units ascending) {
    if (!std::isfinite(value)) {
        return "-";
    }
    const unit& u = unit_for(value, ascending);
    const double scaled = value / u.size;
    const bool whole = u.size == 1 && std::abs(value) < 999.5 && value == std::floor(value);
    return (whole ? fmt::format("{:.0f}", scaled) : three_digits(scaled)) + std::string(u.name);
}

std::string in_units(const estimate& e, units ascending) {
    std::string text = in_units(e.value, ascending);
    if (!e.ci95 || !std::isfinite(e.value)) {
        return text;
    }
    const double size = unit_for(e.value, ascending).size;
    return text + fmt::format(" [{}, {}]", three_digits(e.ci95->lo / size),
                              three_digits(e.ci95->hi / size));
}

}  // namespace

std::string duration(double ns) {
    return in_units(ns, times);
}
std::string duration(const estimate& e) {
    return in_units(e, times);
}
std::string quantity(double value) {
    return in_units(value, counts);
}
std::string quantity(const estimate& e) {
    return in_units(e, counts);
}
std::string bytes(std::uint64_t value) {
    return in_units(static_cast<double>(value), sizes);
}
std::string energy(double joules) {
    return in_units(joules, energies);
}

std::string percent(double part) {
    if (!std::isfinite(part)) {
        return "-";
    }
    const double value = part * 100;
    const double size = std::abs(value);
    if (size >= most_percent) {
        return fmt::format("{}{:.0f} %", value > 0 ? "> " : "< -", most_percent);
    }
    const int fraction = size == 0 || size >= 9.95 ? 0 : size >= 0.095 ? 1 : size >= 0.0095 ? 2 : 3;
    return fmt::format("{:.{}f} %", value, fraction);
}

std::string plain(double value) {
    return std::isfinite(value) ? three_digits(value) : "-";
}

std::string cores(double value) {
    return std::isfinite(value) ? fmt::format("{:.2f}", value) : "-";
}

std::string duration(const percentile& p, bool with_interval) {
    // The reason says more after the colon than a table has room for.
    if (!p.refused.empty()) {
        return printable(p.refused.substr(0, p.refused.find(':')));
    }
    if (!p.value) {
        return "-";
    }
    if (p.censored) {
        return "> " + duration(*p.value);
    }
    return duration(estimate{*p.value, with_interval ? p.ci95 : std::nullopt});
}

std::string printable(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        // The C1 controls, two bytes in UTF-8, start sequences just as ESC does.
        const bool c1 =
            byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0;
        if (byte < 0x20 || byte == 0x7f || c1) {
            out += '?';
            i += c1 ? 1 : 0;
        } else {
            out += text[i];
        }
    }
    return out;
}

std::string utf8(std::string_view text) {
    static constexpr std::string_view replacement = "\xef\xbf\xbd";
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const auto [length, point] = decode_utf8(text);
        const bool forbidden = point == 0xfffe || point == 0xffff;
        out += length == 0 || forbidden ? replacement : text.substr(0, length);
        text.remove_prefix(length == 0 ? 1 : length);
    }
    return out;
}

std::size_t columns(std::string_view text) {
    std::size_t n = 0;
    for (const char c : text) {
        n += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    }
    return n;
}

}  // namespace stratbench
