#include "harness/base/spec.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <numeric>

namespace stratbench {
namespace {

[[noreturn]] void fail(std::string_view what, std::string_view text, std::string_view why) {
    throw usage_error(std::string(what) + " " + in_quotes(text) + ": " + std::string(why));
}

constexpr std::string_view spec_form = "; accepted is name[:key=value,...]";

/// Appends a digit to a number that is not negative; false when it no longer fits.
bool append_digit(std::int64_t& number, char digit) {
    return !__builtin_mul_overflow(number, std::int64_t{10}, &number) &&
           !__builtin_add_overflow(number, std::int64_t{digit - '0'}, &number);
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// `1000000`, `1'000'000` or `1e6`, with an optional minus; nothing when it is anything else or
/// does not fit.
std::optional<std::int64_t> read_integer(std::string_view text) {
    const bool negative = text.starts_with('-');
    if (negative) {
        text.remove_prefix(1);
    }

    std::size_t exponent = 0;
    if (const std::size_t e = text.find_first_of("eE"); e != std::string_view::npos) {
        const std::string_view digits = text.substr(e + 1);
        const char* const end = digits.data() + digits.size();
        const auto read = std::from_chars(digits.data(), end, exponent);
        if (read.ec != std::errc{} || read.ptr != end || exponent > 18) {
            return std::nullopt;
        }
        text = text.substr(0, e);
    }

    std::int64_t number = 0;
    bool after_digit = false;
    for (const char c : text) {
        if (c == '\'' && after_digit) {
            after_digit = false;
            continue;
        }
        if (!is_digit(c) || !append_digit(number, c)) {
            return std::nullopt;
        }
        after_digit = true;
    }
    if (!after_digit) {
        return std::nullopt;
    }
    for (; exponent > 0; --exponent) {
        if (!append_digit(number, '0')) {
            return std::nullopt;
        }
    }
    return negative ? -number : number;
}

struct duration_unit {
    std::string_view name;
    std::int64_t ns;
    /// Decimals that a value in this unit can have and still be whole nanoseconds.
    std::size_t decimals;
};
constexpr std::array<duration_unit, 4> duration_units{{
    {"s", 1'000'000'000, 9},
    {"ms", 1'000'000, 6},
    {"us", 1'000, 3},
    {"ns", 1, 0},
}};

struct size_unit {
    std::string_view name;
    std::uint64_t bytes;
};
constexpr std::array<size_unit, 4> size_units{{
    {"GiB", std::uint64_t{1} << 30},
    {"MiB", std::uint64_t{1} << 20},
    {"KiB", std::uint64_t{1} << 10},
    {"B", 1},
}};

/// The digits of `number` with `decimals` places after the point, as one whole number.
std::optional<std::int64_t> read_fixed(std::string_view number, std::size_t decimals) {
    const std::size_t point = std::min(number.find('.'), number.size());
    const std::string_view whole = number.substr(0, point);
    std::string_view fraction = number.substr(std::min(point + 1, number.size()));
    if (whole.empty() || (point < number.size() && fraction.empty())) {
        return std::nullopt;
    }
    while (fraction.ends_with('0')) {
        fraction.remove_suffix(1);
    }
    if (fraction.size() > decimals) {
        return std::nullopt;
    }

    std::string digits(whole);
    digits.append(fraction).append(decimals - fraction.size(), '0');
    std::int64_t value = 0;
    for (const char c : digits) {
        if (!is_digit(c) || !append_digit(value, c)) {
            return std::nullopt;
        }
    }
    return value;
}

std::optional<std::int64_t> read_duration(std::string_view text) {
    const std::size_t unit_at = text.find_first_not_of("0123456789.");
    if (unit_at == std::string_view::npos) {
        return std::nullopt;
    }
    for (const duration_unit& unit : duration_units) {
        if (text.substr(unit_at) == unit.name) {
            return read_fixed(text.substr(0, unit_at), unit.decimals);
        }
    }
    return std::nullopt;
}

/// Levenshtein: insertions, deletions and replacements that turn `a` into `b`.
std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i + 1);
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, diagonal + 1, row[j] + 1});
        }
    }
    return row.back();
}

}  // namespace

namespace {

/// Where the item at the front ends: at a comma outside of parentheses.
std::size_t end_of_item(std::string_view text) {
    int depth = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        depth += text[at] == '(' ? 1 : text[at] == ')' ? -1 : 0;
        if (text[at] == ',' && depth <= 0) {
            return at;
        }
    }
    return std::string_view::npos;
}

}  // namespace

std::optional<std::string_view> spec::find(std::string_view key) const {
    for (const auto& [name_of_item, value] : items) {
        if (name_of_item == key) {
            return value;
        }
    }
    return std::nullopt;
}

std::string spec::text() const {
    std::string out = name;
    char separator = ':';
    if (positional) {
        out += separator + *positional;
        separator = ',';
    }
    for (const auto& [key, value] : items) {
        out += separator + key + "=" + value;
        separator = ',';
    }
    return out;
}

spec parse_spec(std::string_view text, std::string_view what) {
    const std::size_t colon = text.find(':');
    spec result{.name = std::string(text.substr(0, colon))};
    if (result.name.empty()) {
        fail(what, text, std::string("the name is missing").append(spec_form));
    }
    if (colon == std::string_view::npos) {
        return result;
    }

    std::string_view rest = text.substr(colon + 1);
    if (result.name == "command") {
        result.positional = rest;
        return result;
    }
    for (bool first = true, more = true; more; first = false) {
        const std::size_t comma = end_of_item(rest);
        const std::string_view item = rest.substr(0, comma);
        more = comma != std::string_view::npos;
        if (more) {
            rest = rest.substr(comma + 1);
        }

        const std::size_t equals = item.find('=');
        std::string key(item.substr(0, equals));
        if (key.empty()) {
            fail(what, text,
                 std::string(item.empty() ? "an item is empty" : "a key is missing before '='")
                     .append(spec_form));
        }
        if (equals == std::string_view::npos) {
            if (!first) {
                fail(what, text, in_quotes(key) + " has no value; only the first item may be bare");
            }
            result.positional = std::move(key);
            continue;
        }
        if (result.find(key)) {
            fail(what, text, in_quotes(key) + " is given twice");
        }
        result.items.emplace_back(std::move(key), item.substr(equals + 1));
    }
    return result;
}

void require_known_keys(const spec& s, std::span<const parameter> accepted, std::string_view what,
                        bare_value bare) {
    std::vector<std::string_view> names;
    std::string list;
    for (const parameter& p : accepted) {
        names.push_back(p.name);
        list.append(list.empty() ? "" : ", ").append(p.name);
    }
    if (s.positional && bare == bare_value::refused) {
        fail(what, s.name,
             "bare value " + in_quotes(*s.positional) +
                 (list.empty() ? "; it takes no parameters"
                               : "; accepted are key=value items: " + list + ", as in " + s.name +
                                     ":" + std::string(names.front()) + "=" + *s.positional));
    }
    for (const auto& [key, value] : s.items) {
        if (std::find(names.begin(), names.end(), key) != names.end()) {
            continue;
        }
        fail(what, s.name,
             "no parameter " + in_quotes(key) + suggestion(key, names) +
                 (list.empty() ? "; it takes none" : "; accepted: " + list));
    }
}

std::optional<double> read_number(std::string_view text) {
    double value = 0;
    const char* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || stopped != end) {
        return std::nullopt;
    }
    return value;
}

std::int64_t parse_integer(std::string_view text, std::string_view what, std::int64_t lowest,
                           std::int64_t highest) {
    const std::optional<std::int64_t> number = read_integer(text);
    if (!number || *number < lowest || *number > highest) {
        fail(what, text,
             "accepted is a whole number from " + std::to_string(lowest) + " to " +
                 std::to_string(highest) + ", such as 1000000, 1e6 or 1'000'000");
    }
    return *number;
}

std::int64_t parse_duration_ns(std::string_view text, std::string_view what, std::int64_t lowest,
                               std::int64_t highest) {
    const std::optional<std::int64_t> ns = read_duration(text);
    if (!ns || *ns < lowest || *ns > highest) {
        fail(what, text,
             "accepted is a time of whole nanoseconds from " + duration_text(lowest) + " to " +
                 duration_text(highest) +
                 " with its unit (ns, us, ms or s), such as 500ns, 20us or 1.5s");
    }
    return *ns;
}

std::string duration_text(std::int64_t ns) {
    for (const duration_unit& unit : duration_units) {
        if (ns % unit.ns == 0) {
            return std::to_string(ns / unit.ns).append(unit.name);
        }
    }
    return {};  // never: the last unit divides everything
}

double parse_percent(std::string_view text, std::string_view what) {
    std::optional<double> percent;
    if (text.ends_with('%')) {
        percent = read_number(text.substr(0, text.size() - 1));
    }
    if (!percent || !(*percent > 0) || *percent > 100) {
        fail(what, text, "accepted are percentages above 0 and up to 100%, as in 2%");
    }
    return *percent / 100;
}

std::uint64_t parse_bytes(std::string_view text, std::string_view what) {
    const std::size_t unit_at = std::min(text.find_first_not_of("0123456789"), text.size());
    const std::optional<std::int64_t> number = read_integer(text.substr(0, unit_at));
    for (const size_unit& unit : size_units) {
        std::uint64_t bytes = 0;
        if (text.substr(unit_at) == unit.name && number && *number > 0 &&
            !__builtin_mul_overflow(static_cast<std::uint64_t>(*number), unit.bytes, &bytes) &&
            bytes <= largest_size_bytes) {
            return bytes;
        }
    }
    fail(what, text,
         "accepted is a size from 1B to " + bytes_text(largest_size_bytes) +
             " with its unit (B, KiB, MiB or GiB), such as 512MiB, 64KiB or 2GiB");
}

std::string bytes_text(std::uint64_t bytes) {
    const auto unit = std::find_if(size_units.begin(), size_units.end(), [&](const auto& each) {
        return bytes != 0 && bytes % each.bytes == 0;
    });
    return unit == size_units.end() ? "0B"
                                    : std::to_string(bytes / unit->bytes) + std::string(unit->name);
}

std::string in_quotes(std::string_view text) {
    constexpr std::size_t longest = 60;
    std::string out = "'";
    for (const char c : text.substr(0, longest)) {
        out += c >= 0 && (c < ' ' || c == 127) ? '?' : c;
    }
    return out + (text.size() > longest ? "...'" : "'");
}

std::string suggestion(std::string_view given, std::span<const std::string_view> candidates) {
    std::string_view nearest;
    std::size_t least = given.size() + 1;
    for (const std::string_view candidate : candidates) {
        const std::size_t distance = edit_distance(given, candidate);
        if (distance * 3 > candidate.size() || distance >= least) {
            continue;
        }
        nearest = candidate;
        least = distance;
    }
    return nearest.empty() ? "" : "; did you mean '" + std::string(nearest) + "'?";
}

}  // namespace stratbench
