#include "workloads/drawn_size.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numbers>
#include <span>
#include <vector>

#include "harness/base/hash.hpp"

namespace stratbench {
namespace {

constexpr parameter of_lognormal[] = {{"p50", "", "median"}, {"p99", "", "99th percentile"}};
constexpr parameter of_exponential[] = {{"mean", "", "mean"}};
constexpr parameter of_bimodal[] = {{"small", "", "size of most tasks"},
                                    {"large", "", "size of the others"},
                                    {"share", "", "part of the others"}};

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
};

/// Standard deviations from the median to the 99th percentile, and to what one in a million
/// exceeds.
constexpr double z99 = 2.3263478740408408;
constexpr double z_largest = 4.753424308822899;
/// The same of an exponential distribution, in means.
constexpr double exponential_largest = 13.815510557964274;

/// The largest size that a workload takes.
constexpr double largest_size = 9007199254740992.0;

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

}  // namespace

bool is_drawn_size(std::string_view text) {
    const auto names = [&](const kind& each) { return text.starts_with(each.name); };
    return text.find('(') != std::string_view::npos ||
           std::any_of(std::begin(kinds), std::end(kinds), names);
}

drawn_size::drawn_size(
    std::string_view text, std::string_view what,
    const std::function<std::int64_t(std::string_view, std::string_view)>& read) {
    const std::string_view name = text.substr(0, text.find('('));
    const kind& of = kind_of(name, what, text);
    shape_ = static_cast<shape>(&of - kinds);
    const std::string like = "accepted is the like of " + std::string(of.example);
    if (name.size() + 2 > text.size() || !text.ends_with(')')) {
        refuse(what, text, like);
    }
    const std::string_view inside = text.substr(name.size() + 1, text.size() - name.size() - 2);
    const spec given = parse_spec(std::string(name) + ":" + std::string(inside), what);
    require_known_keys(given, of.parameters, what);
    for (std::size_t i = 0; i < of.parameters.size(); ++i) {
        const std::string_view key = of.parameters[i].name;
        const auto value = given.find(key);
        if (!value) {
            refuse(what, text, std::string(key) + " is missing; " + like);
        }
        if (i < values_.size()) {
            values_[i] = read(*value, key);
        } else {
            share_ = parse_percent(*value, key);
        }
    }
    settle(what);
}

drawn_size drawn_size::with_values(const std::function<std::int64_t(std::int64_t)>& change) const {
    drawn_size result = *this;
    for (std::int64_t& value : result.values_) {
        value = value == 0 ? 0 : change(value);
    }
    result.settle("n");
    return result;
}

void drawn_size::settle(std::string_view what) {
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

std::int64_t drawn_size::draw(std::uint64_t seed) const {
    const double u = uniform(mix64(seed, 1));
    const auto first = static_cast<double>(values_[0]);
    switch (shape_) {
        case shape::bimodal:
            return u < share_ ? values_[1] : values_[0];
        case shape::exponential:
            return whole(first * std::min(-std::log(u), exponential_largest));
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
        case shape::lognormal:
            break;
    }
    return whole(first * std::exp(spread_ * z_largest));
}

std::string drawn_size::text() const {
    const kind& of = kinds[static_cast<std::size_t>(shape_)];
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
