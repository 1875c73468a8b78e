#include "workloads/drawn_size.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numbers>
#include <optional>
#include <span>
#include <utility>

#include "harness/base/files/csv.hpp"
#include "harness/base/hash.hpp"
#include "workloads/timing.hpp"

namespace stratbench {
namespace {

constexpr parameter of_lognormal[] = {{"p50", "", "median"}, {"p99", "", "99th percentile"}};
constexpr parameter of_exponential[] = {{"mean", "", "mean"}};
constexpr parameter of_bimodal[] = {{"small", "", "size of most tasks"},
                                    {"large", "", "size of the others"},
                                    {"share", "", "part of the others"}};
constexpr parameter of_trace[] = {
    {"file", "", "CSV file whose second column it is"},
    {"hash", "", "hash of the file, where a plan was made with it"},
    {"per_second", "", "size of a task that takes a second, where the column is durations"}};

struct kind {
    std::string_view name;
    std::span<const parameter> parameters;
    std::string_view example;
};
/// In the order of drawn_size::shape.
constexpr kind kinds[] = {
    {"lognormal", of_lognormal, "lognormal(p50=2ms,p99=20ms)"},
    {"exponential", of_exponential, "exponential(mean=2ms)"},
    {"bimodal", of_bimodal, "bimodal(small=1ms,large=20ms,share=5%)"},
    {"trace", of_trace, "trace(file=requests.csv)"},
};

/// Standard deviations from the median to the 99th percentile, and to what one in a million
/// exceeds.
constexpr double z99 = 2.3263478740408408;
constexpr double z_largest = 4.753424308822899;
/// The same of an exponential distribution, in means.
constexpr double exponential_largest = 13.815510557964274;

constexpr auto largest_size = static_cast<double>(largest_argument);
/// One task in a million may take as long.
constexpr std::int64_t longest_duration = 3'600'000'000'000;

/// A number between 0 and 1, both excluded.
double uniform(std::uint64_t bits) {
    return (static_cast<double>(bits >> 11) + 0.5) * 0x1p-53;
}

/// The part of a normal distribution that lies below z.
double normal_below(double z) {
    return std::erfc(-z / std::numbers::sqrt2) / 2;
}

std::int64_t whole(double size) {
    return std::max<std::int64_t>(1, std::llround(size));
}

[[noreturn]] void refuse(std::string_view what, std::string_view text, const std::string& why) {
    throw usage_error(std::string(what) + " " + in_quotes(text) + ": " + why);
}

std::string all_examples() {
    std::string list;
    for (const kind& each : kinds) {
        list.append(list.empty() ? "" : ", ").append(each.example);
    }
    return list;
}

const kind& kind_of(std::string_view name, std::string_view what, std::string_view text) {
    std::vector<std::string_view> names;
    for (const kind& each : kinds) {
        if (each.name == name) {
            return each;
        }
        names.push_back(each.name);
    }
    refuse(what, text,
           "no distribution " + in_quotes(name) + suggestion(name, names) +
               "; accepted are the likes of " + all_examples());
}

std::string like(const kind& such) {
    return "accepted is the like of " + std::string(such.example);
}

std::string_view required(const spec& given, std::string_view key, std::string_view what) {
    const auto value = given.find(key);
    if (!value) {
        refuse(what, given.text(),
               std::string(key) + " is missing; " + like(kind_of(given.name, what, given.text())));
    }
    return *value;
}

/// What is in the parentheses of `name(...)`. Precondition: it ends with one.
spec parts_of(std::string_view text, std::string_view what) {
    std::string parts(text.substr(0, text.size() - 1));
    parts[parts.find('(')] = ':';
    return parse_spec(parts, what);
}

}  // namespace

bool is_drawn_size(std::string_view text) {
    const auto names = [&](const kind& each) { return text.starts_with(each.name); };
    return text.find('(') != std::string_view::npos ||
           std::any_of(std::begin(kinds), std::end(kinds), names);
}

drawn_size::drawn_size(std::string_view text, std::string_view what, quantity of) {
    const std::string_view name = text.substr(0, text.find('('));
    const kind& such = kind_of(name, what, text);
    shape_ = static_cast<shape>(&such - kinds);
    if (name.size() + 2 > text.size() || !text.ends_with(')')) {
        refuse(what, text, like(such));
    }
    const spec given = parts_of(text, what);
    require_known_keys(given, such.parameters, what);
    if (shape_ == shape::trace) {
        read_trace(given, what, of);
    } else {
        read_values(given, what, of);
    }
    settle(what);
    if (of == quantity::duration_ns && largest() > longest_duration) {
        refuse(what, text, "one task in a million would last longer than an hour");
    }
}

std::string drawn_size::file_of(std::string_view text) {
    if (!text.starts_with("trace(") || !text.ends_with(')')) {
        return "";
    }
    return std::string(parts_of(text, "sizes").find("file").value_or(""));
}

void drawn_size::read_values(const spec& given, std::string_view what, quantity of) {
    const std::span<const parameter> wanted = kinds[static_cast<std::size_t>(shape_)].parameters;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const std::string_view key = wanted[i].name;
        const std::string_view value = required(given, key, what);
        if (i == values_.size()) {
            share_ = parse_percent(value, key);
        } else if (of == quantity::size) {
            values_[i] = parse_integer(value, key, 1, largest_argument);
        } else {
            values_[i] = parse_duration_ns(value, key);
        }
    }
}

void drawn_size::read_trace(const spec& given, std::string_view what, quantity of) {
    listed read{.file = std::string(required(given, "file", what))};
    if (const auto scale = given.find("per_second")) {
        read.per_second = parse_integer(*scale, "per_second", 1, largest_argument);
    }
    const bool seconds = of == quantity::duration_ns || read.per_second != 0;
    csv_file file(read.file, what, "tasks");
    read.hash = file.hash();
    if (given.find("hash").value_or(read.hash) != read.hash) {
        file.refuse("has changed since the plan was made");
    }
    while (const std::optional<csv_line> line = file.next()) {
        if (line->columns.size() < 2) {
            file.refuse_line("has no second column");
        }
        const std::string_view text = line->columns[1];
        if (line->names) {
            if (seconds && names_another_unit_of_time(unquoted(text))) {
                file.refuse_line("the second column is " + in_quotes(text) +
                                 "; accepted are seconds");
            }
            continue;
        }
        const double value = read_number(text).value_or(0);
        const double ns = value * 1e9;
        if (seconds && !(ns >= 1 && ns <= static_cast<double>(longest_duration))) {
            file.refuse_line(in_quotes(text) + " is no duration; accepted are seconds, as in 0.25");
        }
        if (!seconds && !(value >= 1 && value <= largest_size && value == std::floor(value))) {
            file.refuse_line(in_quotes(text) + " is no size; accepted are whole numbers from 1");
        }
        read.sizes.push_back(std::llround(seconds ? ns : value));
    }
    if (read.sizes.empty()) {
        file.refuse("has no task in it");
    }
    if (read.per_second != 0) {
        read.make_sizes();
    }
    trace_ = std::make_shared<listed>(std::move(read));
}

void drawn_size::listed::make_sizes() {
    for (std::int64_t& each : sizes) {
        each = whole(static_cast<double>(each) * 1e-9 * static_cast<double>(per_second));
    }
}

drawn_size drawn_size::sized(const std::function<std::int64_t(std::int64_t)>& size) const {
    drawn_size result = *this;
    if (shape_ == shape::trace) {
        const auto mean_ns = static_cast<double>(mean());
        listed scaled = *trace_;
        scaled.per_second = whole(static_cast<double>(size(mean())) * 1e9 / mean_ns);
        scaled.make_sizes();
        result.trace_ = std::make_shared<listed>(std::move(scaled));
    } else {
        for (std::int64_t& value : result.values_) {
            value = value == 0 ? 0 : size(value);
        }
    }
    result.settle("n");
    return result;
}

void drawn_size::settle(std::string_view what) {
    if (shape_ == shape::trace) {
        return settle_trace(what);
    }
    const auto [first, second] = values_;
    if (shape_ != shape::exponential && second <= first) {
        const auto keys = kinds[static_cast<std::size_t>(shape_)].parameters;
        refuse(what, text(),
               std::string(keys[1].name) + " has to be above " + std::string(keys[0].name));
    }
    if (shape_ == shape::lognormal) {
        spread_ = std::log(static_cast<double>(second) / static_cast<double>(first)) / z99;
    }
    const double most =
        shape_ == shape::lognormal     ? static_cast<double>(first) * std::exp(z_largest * spread_)
        : shape_ == shape::exponential ? static_cast<double>(first) * exponential_largest
                                       : static_cast<double>(second);
    if (most > largest_size) {
        refuse(what, text(), "one in a million tasks would be larger than a size can be");
    }
}

void drawn_size::settle_trace(std::string_view what) {
    double sum = 0, largest = 0;
    for (const std::int64_t each : trace_->sizes) {
        sum += static_cast<double>(each);
        largest = std::max(largest, static_cast<double>(each));
    }
    if (largest > largest_size) {
        refuse(what, text(), "a task would be larger than a size can be");
    }
    values_ = {whole(sum / static_cast<double>(trace_->sizes.size())), whole(largest)};
}

std::int64_t drawn_size::draw(std::uint64_t id, std::uint64_t seed) const {
    if (shape_ == shape::trace) {
        return trace_->sizes[id % trace_->sizes.size()];
    }
    const double u = uniform(mix64(seed, 1));
    const auto first = static_cast<double>(values_[0]);
    switch (shape_) {
        case shape::bimodal:
            return u < share_ ? values_[1] : values_[0];
        case shape::exponential:
            return whole(first * std::min(-std::log(u), exponential_largest));
        case shape::trace:
        case shape::lognormal:
            break;
    }
    // Box and Muller's normal number, from two uniform ones.
    const double z =
        std::sqrt(-2 * std::log(u)) * std::cos(2 * std::numbers::pi * uniform(mix64(seed, 2)));
    return whole(first * std::exp(spread_ * std::min(z, z_largest)));
}

std::int64_t drawn_size::mean() const {
    const auto first = static_cast<double>(values_[0]);
    switch (shape_) {
        case shape::bimodal:
            return whole(first + share_ * (static_cast<double>(values_[1]) - first));
        case shape::exponential:
            return whole(first * (1 - std::exp(-exponential_largest)));
        case shape::trace:
            return values_[0];
        case shape::lognormal:
            break;
    }
    // What lies above the largest draw is drawn as that.
    return whole(first * std::exp(spread_ * spread_ / 2) * normal_below(z_largest - spread_) +
                 static_cast<double>(largest()) * normal_below(-z_largest));
}

std::int64_t drawn_size::largest() const {
    const auto first = static_cast<double>(values_[0]);
    switch (shape_) {
        case shape::bimodal:
            return values_[1];
        case shape::exponential:
            return whole(first * exponential_largest);
        case shape::trace:
            return values_[1];
        case shape::lognormal:
            break;
    }
    return whole(first * std::exp(spread_ * z_largest));
}

std::string drawn_size::text() const {
    const kind& of = kinds[static_cast<std::size_t>(shape_)];
    if (shape_ == shape::trace) {
        return "trace(file=" + trace_->file + ",hash=" + trace_->hash +
               (trace_->per_second == 0
                    ? ")"
                    : ",per_second=" + std::to_string(trace_->per_second) + ")");
    }
    std::string out = std::string(of.name) + "(";
    for (std::size_t i = 0; i < of.parameters.size(); ++i) {
        out.append(i == 0 ? "" : ",").append(of.parameters[i].name).append("=");
        if (i < values_.size()) {
            out += std::to_string(values_[i]);
            continue;
        }
        // What was read as 7% is 7.000000000000001 otherwise.
        char digits[32];
        const auto end =
            std::to_chars(digits, digits + sizeof digits, std::round(share_ * 1e8) / 1e6);
        out.append(digits, end.ptr).append("%");
    }
    return out + ")";
}

}  // namespace stratbench
