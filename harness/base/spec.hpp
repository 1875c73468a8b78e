#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stratbench {

/// A request that cannot be carried out as it stands: its text says in one line what was wrong and
/// what is accepted. The command line turns it into exit 2.
class usage_error : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

/// A parameter of a strategy, workload or load: data, so that help, JSON and errors need no second
/// list.
struct parameter {
    std::string_view name;
    /// Text of the default value; empty when there is none.
    std::string_view fallback;
    std::string_view summary;
    /// The values that there are, where they have names.
    std::span<const std::string_view> choices = {};
    /// The value is a duration with its unit.
    bool is_duration = false;
};

/// `name[:key=value,...]`, where the first item may be a bare value (`poisson:500/s`) and a comma
/// in parentheses belongs to a value (`n=lognormal(p50=100,p99=1000)`).
/// What follows `command:` is one bare value as it stands.
struct spec {
    std::string name;
    std::optional<std::string> positional = {};
    std::vector<std::pair<std::string, std::string>> items = {};

    /// The value of `key`, if it was given.
    [[nodiscard]] std::optional<std::string_view> find(std::string_view key) const;
    /// The canonical text; parse_spec(text()) gives an equal spec.
    [[nodiscard]] std::string text() const;

    bool operator==(const spec&) const = default;
};

/// Throws usage_error on an empty name, an empty or repeated key, or a bare value that is not the
/// first item. `what` names the kind in the message ("strategy", "workload", "load").
spec parse_spec(std::string_view text, std::string_view what);

/// Whether the first item of a spec may be a bare value.
enum class bare_value { refused, accepted };

/// Throws usage_error unless every key of `s` is the name of one of `accepted`; `what` as above.
void require_known_keys(const spec& s, std::span<const parameter> accepted, std::string_view what,
                        bare_value bare = bare_value::refused);

/// A decimal number that is the whole text; empty where it is not one.
std::optional<double> read_number(std::string_view text);

/// A whole number within [lowest, highest]; 1000000, 1e6 and 1'000'000 are all accepted. Throws
/// usage_error naming `what`, the text and the range.
std::int64_t parse_integer(std::string_view text, std::string_view what, std::int64_t lowest,
                           std::int64_t highest);

/// A percentage above 0 and up to 100 (`2%`), as a part (0.02). Throws usage_error naming `what`.
double parse_percent(std::string_view text, std::string_view what);

/// The longest duration that there is, where nothing says less: some 285 years.
inline constexpr std::int64_t longest_duration_ns = 9'000'000'000'000'000'000;

/// A duration with its unit (`1ms`, `20us`, `1.5s`, `500ns`) within [lowest, highest]; in
/// nanoseconds. Throws usage_error naming `what`, the range and the units.
std::int64_t parse_duration_ns(std::string_view text, std::string_view what,
                               std::int64_t lowest = 1, std::int64_t highest = longest_duration_ns);

/// The shortest exact text that parse_duration_ns reads back (`1ms`, `20us`, `1500us`).
std::string duration_text(std::int64_t ns);

/// The largest size that there is: 1 PiB.
inline constexpr std::uint64_t largest_size_bytes = std::uint64_t{1} << 50;

/// A size with its unit (`512MiB`, `64KiB`, `2GiB`, `4096B`), above 0; in bytes. Throws usage_error
/// naming `what`, the range and the units.
std::uint64_t parse_bytes(std::string_view text, std::string_view what);

/// The shortest exact text that parse_bytes reads back.
std::string bytes_text(std::uint64_t bytes);

/// `text` in quotes for a message of one line, whatever it holds: control characters become `?`,
/// and what is longer than 60 bytes ends in `...`.
std::string in_quotes(std::string_view text);

/// "; did you mean 'x'?" for the candidate nearest to `given` by edit distance, or an empty string
/// where none is near (more than a third of its letters differ).
std::string suggestion(std::string_view given, std::span<const std::string_view> candidates);

}  // namespace stratbench
