#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stratbench {

/// 20 million lines of 50 characters.
inline constexpr std::uint64_t most_csv_bytes = 1'000'000'000;

/// A line of a CSV file that is neither blank nor a comment.
struct csv_line {
    /// What commas part, without the blanks around it and with its quotes; at least one.
    std::vector<std::string_view> columns;
    /// These are the names of the columns: the first such line, where its first column begins as a
    /// name does.
    bool names = false;
};

/// A CSV file of tasks, read line by line; blank lines and those that begin with `#` are left out.
/// Where columns have names, no line may have more columns than names.
class csv_file {
  public:
    /// Reads the file at `path`; `kind` and `holds` name it in messages ("trace", "due times").
    /// Throws usage_error where it is not a regular file (it is read again by others), cannot be
    /// read, is surely something else, or is larger than most_csv_bytes.
    csv_file(std::string path, std::string_view kind, std::string_view holds);

    /// The next line; empty at the end. Its columns are valid for as long as this is. Throws
    /// usage_error on a semicolon and on a column too many.
    std::optional<csv_line> next();
    /// Of the content; 16 hexadecimal digits.
    [[nodiscard]] std::string hash() const;

    /// Throws usage_error with the file, the number of the last line, and the reason.
    [[noreturn]] void refuse_line(std::string_view why) const;
    /// Throws usage_error with the file and the reason.
    [[noreturn]] void refuse(std::string_view why) const;

  private:
    std::string path_, kind_, content_;
    std::string_view rest_;
    std::uint64_t line_ = 0;
    /// Columns that have a name.
    std::size_t named_ = 0;
    bool may_be_names_ = true;
};

/// `text` without the quotation marks around it, if there are any.
std::string_view unquoted(std::string_view text);

/// The words of a column's name in small letters: `timeMs`, `time_ms` and `time [ms]` have two.
std::vector<std::string> words_of_name(std::string_view name);

/// Whether a column's name has a unit of time in it that is not seconds.
bool names_another_unit_of_time(std::string_view name);

}  // namespace stratbench
