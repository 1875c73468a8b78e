#include "harness/json/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/base/spec.hpp"
#include "harness/json/json_tokens.hpp"

namespace stratbench {
namespace {

/// Builds nothing; throws std::runtime_error for what parse_json refuses. It says in our words, not
/// in the library's, where the parser stops, and why.
class checking_reader final : public nlohmann::json_sax<json> {
  public:
    checking_reader(std::string_view text, std::uint64_t before) : text_(text), before_(before) {}

    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(number_integer_t) override { return true; }
    bool number_unsigned(number_unsigned_t) override { return true; }
    bool number_float(number_float_t, const string_t&) override { return true; }
    bool string(string_t&) override { return true; }
    bool binary(binary_t&) override { return true; }
    bool start_array(std::size_t) override { return true; }
    bool end_array() override { return true; }
    bool start_object(std::size_t) override {
        open_.emplace_back();
        return true;
    }
    bool end_object() override {
        open_.pop_back();
        return true;
    }
    bool key(string_t& name) override {
        std::vector<std::string>& keys = open_.back();
        if (std::ranges::find(keys, name) != keys.end()) {
            throw std::runtime_error(fmt::format("key {} stands there twice", in_quotes(name)));
        }
        if (keys.size() == most_keys_of_object) {
            throw std::runtime_error(
                fmt::format("has an object of more than {} keys", most_keys_of_object));
        }
        keys.push_back(name);
        return true;
    }
    /// `position` counts from 1; `token` ends there.
    bool parse_error(std::size_t position, const std::string& token,
                     const json::exception& error) override {
        if (dynamic_cast<const json::out_of_range*>(&error) != nullptr) {
            throw out_of_range_at(token, before_ + position - token.size() + 1);
        }
        if (position == 0 || position > text_.size()) {
            throw ends_too_early(before_ + text_.size());
        }
        throw unexpected_at(text_[position - 1], before_ + position);
    }

  private:
    std::string_view text_;
    std::uint64_t before_;
    /// The keys so far of every object that has not ended.
    std::vector<std::vector<std::string>> open_;
};

}  // namespace

std::string json_text(const json& value, int indent) {
    return value.dump(indent, ' ', false, json::error_handler_t::replace);
}

json parse_json(std::string_view text, std::uint64_t before) {
    checking_reader reader(text, before);
    json::sax_parse(text, &reader);
    return json::parse(text);
}

json parse_if_json(std::string_view text) {
    return json::parse(text, nullptr, false);
}

}  // namespace stratbench
