#pragma once

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/json/json_text.hpp"

namespace stratbench {

/// One list of fields per type serves both directions: `fields(archive, value)` calls
/// `archive(key, member)` for each member, in the order of the file. Members that are optional are
/// absent from the file when empty.
template <class U, class T>
concept like = std::same_as<std::remove_const_t<U>, T>;

/// The texts of an enumeration's values, from 0; specialised beside the fields.
template <class Enum>
inline constexpr std::array<std::string_view, 0> names_of{};

/// A value that a document holds in the wrong form: where, and what is wrong.
class json_error : public std::runtime_error {
  public:
    json_error(const std::string& where, const std::string& problem)
        : std::runtime_error(fmt::format("{}{}{}", where, where.empty() ? "" : ": ", problem)),
          place_(where),
          what_is_wrong_(problem) {}

    /// The same, seen from one level further out.
    [[nodiscard]] json_error inside(const std::string& outer) const {
        const bool dot = !place_.empty() && place_.front() != '[';
        return {fmt::format("{}{}{}", outer, dot ? "." : "", place_), what_is_wrong_};
    }

  private:
    std::string place_, what_is_wrong_;
};

/// JSON knows neither NaN nor infinity: null stands for them, which the reader refuses where a
/// figure is due.
inline json number(double value) {
    return std::isfinite(value) ? json(value) : json(nullptr);
}

class json_writer {
  public:
    explicit json_writer(json& into) : object_(into) { object_ = json::object(); }

    template <class T>
    void operator()(const char* key, const T& value) {
        object_[key] = written(value);
    }
    template <class T>
    void operator()(const char* key, const std::optional<T>& value) {
        if (value) {
            object_[key] = written(*value);
        }
    }
    /// Absent where it is the default: what most cells do not use, and older files do not have.
    template <class T>
    void unless_default(const char* key, const T& value, const T& usual = {}) {
        if (!(value == usual)) {
            object_[key] = written(value);
        }
    }
    /// `value`, or in its place `{"absent": reason}`.
    template <class T>
    void either(const char* key, const std::optional<T>& value, const std::string& reason) {
        object_[key] = value ? written(*value) : json{{"absent", reason}};
    }

    template <class T>
    static json written(const T& value) {
        if constexpr (std::floating_point<T>) {
            return number(value);
        } else if constexpr (std::is_enum_v<T>) {
            return names_of<T>.at(static_cast<std::size_t>(value));
        } else if constexpr (std::is_arithmetic_v<T> || std::same_as<T, std::string>) {
            return value;
        } else {
            json result;
            json_writer archive(result);
            fields(archive, value);
            return result;
        }
    }
    template <class T>
    static json written(const std::vector<T>& values) {
        json result = json::array();
        for (const T& value : values) {
            result.push_back(written(value));
        }
        return result;
    }

  private:
    json& object_;
};

/// Throws json_error on a missing field, a value of another type, a number out of its type's range.
class json_reader {
  public:
    explicit json_reader(const json& from) : object_(from) {
        if (!object_.is_object()) {
            throw json_error("", "must be an object");
        }
    }

    template <class T>
    void operator()(const char* key, T& value) {
        const auto found = object_.find(key);
        if (found == object_.end()) {
            throw json_error(key, "is missing");
        }
        at(key, [&] { read(*found, value); });
    }
    template <class T>
    void operator()(const char* key, std::optional<T>& value) {
        const auto found = object_.find(key);
        value.reset();
        if (found != object_.end()) {
            at(key, [&] { read(*found, value.emplace()); });
        }
    }
    template <class T>
    void unless_default(const char* key, T& value, const T& usual = {}) {
        const auto found = object_.find(key);
        value = usual;
        if (found != object_.end()) {
            at(key, [&] { read(*found, value); });
        }
    }
    template <class T>
    void either(const char* key, std::optional<T>& value, std::string& reason) {
        const auto found = object_.find(key);
        if (found == object_.end()) {
            throw json_error(key, "is missing");
        }
        value.reset();
        reason.clear();
        at(key, [&] {
            if (found->is_object() && found->contains("absent")) {
                json_reader{*found}("absent", reason);
            } else {
                read(*found, value.emplace());
            }
        });
    }

    /// Runs `step`; what is wrong within it is reported as inside `place`.
    template <class Step>
    static void at(const char* place, Step step) {
        try {
            step();
        } catch (const json_error& error) {
            throw error.inside(place);
        }
    }

    template <class Step>
    static void at(std::size_t index, Step step) {
        try {
            step();
        } catch (const json_error& error) {
            throw error.inside(fmt::format("[{}]", index));
        }
    }

    template <class T>
    static void read(const json& from, T& into) {
        if constexpr (std::same_as<T, bool>) {
            if (!from.is_boolean()) {
                throw json_error("", "must be true or false");
            }
            into = from.get<bool>();
        } else if constexpr (std::integral<T>) {
            read_integer(from, into);
        } else if constexpr (std::floating_point<T>) {
            if (!from.is_number()) {
                throw json_error("", "must be a number");
            }
            into = from.get<T>();
        } else if constexpr (std::same_as<T, std::string>) {
            if (!from.is_string()) {
                throw json_error("", "must be a text");
            }
            into = from.get_ref<const std::string&>();
        } else if constexpr (std::is_enum_v<T>) {
            read_enum(from, into);
        } else {
            json_reader archive(from);
            fields(archive, into);
        }
    }
    template <class T>
    static void read(const json& from, std::vector<T>& into) {
        if (!from.is_array()) {
            throw json_error("", "must be an array");
        }
        into.clear();
        for (std::size_t i = 0; i < from.size(); ++i) {
            at(i, [&] { read(from[i], into.emplace_back()); });
        }
    }

  private:
    template <class T>
    static void read_integer(const json& from, T& into) {
        const bool fits =
            from.is_number_unsigned()
                ? std::in_range<T>(from.get<std::uint64_t>())
                : from.is_number_integer() && std::in_range<T>(from.get<std::int64_t>());
        if (!fits) {
            throw json_error("", "must be a whole number in its range");
        }
        into = from.get<T>();
    }

    template <class T>
    static void read_enum(const json& from, T& into) {
        std::string text, accepted;
        read(from, text);
        for (std::size_t i = 0; i < names_of<T>.size(); ++i) {
            if (names_of<T>[i] == text) {
                into = static_cast<T>(i);
                return;
            }
            accepted += fmt::format("{}{}", i == 0 ? "" : ", ", names_of<T>[i]);
        }
        throw json_error("", fmt::format("must be one of {}", accepted));
    }

    const json& object_;
};

}  // namespace stratbench
