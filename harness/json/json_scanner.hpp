#pragma once

#include <concepts>
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

/// Reads a JSON document once, front to back, without keeping it: who calls takes each value in
/// turn, or skips it. Made for large files of which little is wanted: what is skipped costs no
/// memory, and is checked for its structure alone.
///
/// Where a value of another type comes, or one out of range, json_error is thrown; where the text
/// is not JSON, not_json.
class json_scanner {
  public:
    explicit json_scanner(text_source& from) : source_(from) { go_to(0); }

    enum class kind : std::uint8_t { object, array, text, number, boolean, null };
    /// Of the value that comes next.
    kind next();

    /// Calls `each(key)` for each member; it must take or skip the member's value. The key is valid
    /// until then.
    template <class Each>
    void object(Each each) {
        enter('{', "must be an object");
        if (!left('}')) {
            do {
                key();
                each(std::string_view(scratch_));
            } while (more('}'));
        }
        --depth_;
    }
    /// Calls `each(index)` for each element; it must take or skip the element.
    template <class Each>
    void array(Each each) {
        enter('[', "must be an array");
        if (!left(']')) {
            std::size_t i = 0;
            do {
                each(i++);
            } while (more(']'));
        }
        --depth_;
    }
    /// Valid UTF-8 of at most most_text_bytes.
    std::string text();
    /// Finite.
    double number();
    /// A whole number in the type's range.
    template <std::integral T>
    T whole();
    bool boolean();
    void skip();
    /// The value as it stands in the text. Throws json_error where it is longer than accepted.
    std::string raw();
    /// Nothing may come any more.
    void end();

    /// Of the value that comes next; bytes from the start of the text.
    std::uint64_t position();
    /// Takes up reading at what was the position of a value.
    void go_to(std::uint64_t position);

    static constexpr std::size_t most_text_bytes = std::size_t{1} << 20;
    static constexpr std::size_t most_raw_bytes = std::size_t{1} << 26;
    static constexpr int most_depth = 100;

  private:
    /// The next character that is no white space, not taken; 0 at the end.
    char ahead();
    /// Makes at least so many characters available at once, or all that are left.
    void reserve(std::size_t characters);
    bool refill();
    void enter(char opening, const char* otherwise);
    bool left(char closing);
    /// Takes the comma, or the closing character.
    bool more(char closing);
    void expect(char wanted);
    void key();
    void read_text(std::string* into);
    void read_escape(std::string* into);
    unsigned hexadecimal();
    std::string_view number_token();
    void literal(std::string_view word);
    void skip_members();
    [[nodiscard]] std::uint64_t here() const;
    [[noreturn]] void unexpected();

    text_source& source_;
    /// Of the block's first character.
    std::uint64_t block_begins_ = 0;
    const char* begin_ = nullptr;
    const char* at_ = nullptr;
    const char* last_ = nullptr;
    int depth_ = 0;
    std::string scratch_;
};

}  // namespace stratbench
