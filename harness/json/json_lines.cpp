#include "harness/json/json_lines.hpp"

#include <fmt/format.h>

#include <iterator>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/base/files/content.hpp"
#include "harness/base/spec.hpp"
#include "harness/json/json_text.hpp"

namespace stratbench {
namespace {

/// Reads a text and counts its lines. The parser has read a key up to its closing quote, and no
/// further, when it reports it: the count is then the line of the key.
class line_counter {
  public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;

    line_counter(const char* at, int* line) : at_(at), line_(line) {}
    reference operator*() const { return *at_; }
    line_counter& operator++() {
        if (*at_ == '\n') {
            ++*line_;
        }
        ++at_;
        return *this;
    }
    line_counter operator++(int) {
        line_counter before = *this;
        ++*this;
        return before;
    }
    bool operator==(const line_counter& other) const { return at_ == other.at_; }
    bool operator!=(const line_counter& other) const { return at_ != other.at_; }

  private:
    const char* at_;
    int* line_;
};

class collector : public nlohmann::json_sax<json> {
  public:
    collector(const int& line, const std::string& origin) : line_(line), origin_(origin) {}

    bool null() override { return value(); }
    bool boolean(bool) override { return value(); }
    bool number_integer(number_integer_t) override { return value(); }
    bool number_unsigned(number_unsigned_t) override { return value(); }
    bool number_float(number_float_t, const string_t&) override { return value(); }
    bool string(string_t&) override { return value(); }
    bool binary(binary_t&) override { return value(); }
    bool start_object(std::size_t) override { return open(false); }
    bool start_array(std::size_t) override { return open(true); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }

    bool key(string_t& name) override {
        levels_.back().place = name;
        if (!lines.emplace(pointer_text(), line_).second) {
            throw usage_error(fmt::format("{}: line {}: key {} stands there twice", origin_, line_,
                                          in_quotes(name)));
        }
        return true;
    }

    bool parse_error(std::size_t, const std::string&, const json::exception& error) override {
        if (dynamic_cast<const json::out_of_range*>(&error) != nullptr) {
            throw usage_error(fmt::format("{}: line {}: a number is out of range", origin_, line_));
        }
        // "[json.exception.parse_error.101] parse error at line 1, column 2: ..."
        std::string text = error.what();
        if (const auto at = text.find(" at line "); at != std::string::npos) {
            text = text.substr(at + 4);
        }
        throw usage_error(fmt::format("{}: bad JSON at {}", origin_, text));
    }

    std::map<std::string, int> lines;

  private:
    /// An object or array that is open; `place` is the key or index of what it is at.
    struct level {
        bool array = false;
        std::size_t index = 0;
        std::string place;
    };

    std::string pointer_text() const {
        std::string text;
        for (const level& l : levels_) {
            text += "/" + l.place;
        }
        return text;
    }
    bool value() {
        if (!levels_.empty() && levels_.back().array) {
            levels_.back().place = std::to_string(++levels_.back().index);
        }
        return true;
    }
    bool open(bool array) {
        constexpr std::size_t most_levels = 100;
        if (levels_.size() == most_levels) {
            throw usage_error(fmt::format("{}: line {}: nested deeper than {} levels", origin_,
                                          line_, most_levels));
        }
        levels_.push_back({array, 0, "0"});
        return true;
    }
    bool close() {
        levels_.pop_back();
        return value();
    }

    const int& line_;
    const std::string& origin_;
    std::vector<level> levels_;
};

}  // namespace

std::map<std::string, int> json_key_lines(std::string_view text, const std::string& origin) {
    if (const std::string other = other_content(text, "JSON"); !other.empty()) {
        throw usage_error(fmt::format("{}: {}", origin, other));
    }
    int line = 1;
    collector keys(line, origin);
    json::sax_parse(line_counter(text.data(), &line),
                    line_counter(text.data() + text.size(), &line), &keys);
    return keys.lines;
}

}  // namespace stratbench
