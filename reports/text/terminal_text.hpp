#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace stratbench {

/// Text in colour where that is wanted, as it is otherwise.
class paint {
  public:
    explicit paint(bool in_color) : on_(in_color) {}
    [[nodiscard]] std::string bold(std::string_view text) const { return with("1", text); }
    [[nodiscard]] std::string green(std::string_view text) const { return with("32", text); }
    [[nodiscard]] std::string red(std::string_view text) const { return with("31", text); }
    [[nodiscard]] std::string yellow(std::string_view text) const { return with("33", text); }
    [[nodiscard]] std::string dim(std::string_view text) const { return with("2", text); }

  private:
    [[nodiscard]] std::string with(std::string_view code, std::string_view text) const {
        if (!on_) {
            return std::string(text);
        }
        return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
    }
    bool on_;
};

/// `text` broken at spaces into lines of at most `width` columns, each after the first indented. A
/// word that is longer than a line stays whole.
std::vector<std::string> wrapped(std::string_view text, std::size_t width, std::size_t indent);

/// A column of a table on a terminal.
struct terminal_column {
    /// Columns of the terminal that it takes.
    std::size_t width = 0;
    /// Where room is short, the columns with the lowest rank go first.
    int rank = 0;
};

/// Spaces between two columns.
inline constexpr std::size_t column_gap = 2;

/// The columns, by index, that fit beside each other into `room`; at least `fewest` of them.
std::vector<std::size_t> columns_that_fit(const std::vector<terminal_column>& all, std::size_t room,
                                          std::size_t fewest);

/// `text` with spaces up to `width` columns, in front of it where it goes to the `right`.
std::string padded(std::string_view text, std::size_t width, bool right);

}  // namespace stratbench
