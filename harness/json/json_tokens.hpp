#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include "harness/json/text_source.hpp"

namespace stratbench {

/// The text is not JSON; says where in one line.
class not_json : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

// Positions count from 1.
not_json ends_too_early(std::uint64_t bytes);
not_json unexpected_at(char c, std::uint64_t position);
not_json out_of_range_at(std::string_view number, std::uint64_t position);

/// Reads the tokens of a JSON document block by block: punctuation, texts, numbers and words. What
/// they mean together is json_scanner's matter, which is the only one that derives from it.
class json_tokens {
  public:
    /// Where the value stands that comes next; bytes from the start of the text.
    std::uint64_t position();
    /// Takes up reading at what was the position of a value.
    void go_to(std::uint64_t position);

    static constexpr std::size_t most_text_bytes = std::size_t{1} << 20;

  protected:
    explicit json_tokens(text_source& from) : source_(from) { go_to(0); }
    ~json_tokens() = default;
    json_tokens(const json_tokens&) = delete;
    json_tokens& operator=(const json_tokens&) = delete;

    static constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

    /// The next character that is no white space, not taken; 0 at the end.
    char ahead();
    /// Takes the character that `ahead` has shown.
    void take() { ++at_; }
    void expect(char wanted);
    /// Takes the text whose opening quote comes next; appended to `into` unless that is null.
    void read_text(std::string* into);
    /// Takes the number that comes next; valid until something else is taken.
    std::string_view number_token();
    void literal(std::string_view word);
    /// Whether `word` comes next.
    bool comes(std::string_view word);
    /// What JSON does not know and many tools write: NaN, nan, Infinity, inf, with or without a
    /// sign.
    static constexpr bool begins_a_non_number(char c) { return c == 'N' || c == 'I' || c == 'i'; }
    /// Takes one of them if it comes next.
    bool take_non_number();
    [[nodiscard]] std::uint64_t here() const;
    [[nodiscard]] bool at_end() const { return at_ == last_; }
    [[nodiscard]] std::string_view block_at(std::uint64_t position) {
        return source_.block_at(position);
    }
    [[noreturn]] void unexpected();

  private:
    bool refill();
    /// Makes at least so many characters available at once, or all that are left.
    void reserve(std::size_t characters);
    void read_escape(std::string* into);
    unsigned hexadecimal();

    text_source& source_;
    /// Where the block's first character stands in the text.
    std::uint64_t block_begins_ = 0;
    const char* begin_ = nullptr;
    const char* at_ = nullptr;
    const char* last_ = nullptr;
};

}  // namespace stratbench
