#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "harness/json/json_tokens.hpp"
#include "harness/json/text_source.hpp"

namespace stratbench {

/// Reads a JSON document once, front to back, without keeping it: who calls takes each value in
/// turn, or skips it. Made for large files of which little is wanted: what is skipped costs no
/// memory, and is checked for its structure alone.
///
/// Where a value of another type comes, or one out of range, json_error is thrown; where the text
/// is not JSON, not_json.
class json_scanner : private json_tokens {
  public:
    explicit json_scanner(text_source& from) : json_tokens(from) {}

    enum class kind : std::uint8_t { object, array, text, number, boolean, null };
    /// What kind of value comes next.
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
    /// The same of tools that write what JSON does not know: absent for NaN, Infinity, null, and
    /// what is out of a number's range.
    std::optional<double> number_if_finite();
    /// A whole number in the type's range.
    template <std::integral T>
    T whole();
    bool boolean();
    void skip();
    /// The value as it stands in the text. Throws json_error where it is longer than accepted.
    std::string raw();
    /// Nothing may come any more.
    void end();

    using json_tokens::go_to;
    using json_tokens::most_text_bytes;
    using json_tokens::position;

    static constexpr std::size_t most_raw_bytes = std::size_t{1} << 26;
    static constexpr int most_depth = 100;

  private:
    void enter(char opening, const char* otherwise);
    bool left(char closing);
    /// Takes the comma, or the closing character.
    bool more(char closing);
    void key();
    void skip_members();

    int depth_ = 0;
    std::string scratch_;
};

}  // namespace stratbench
