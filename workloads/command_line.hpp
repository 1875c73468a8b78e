#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "workloads/task.hpp"

namespace stratbench {

/// A command as it was written, with its words as a shell without variables and patterns reads
/// them: blanks part them, quotes and backslashes hold them together. `{id}` and `{seed}` stand for
/// those of the task.
class command_line {
  public:
    /// Throws usage_error where there is no command, a quote is not closed, a character is none
    /// that a line can have, or there is no such program.
    explicit command_line(std::string_view text);

    [[nodiscard]] const std::string& text() const noexcept { return text_; }
    [[nodiscard]] bool names_id() const noexcept { return names_id_; }
    [[nodiscard]] bool names_seed() const noexcept { return names_seed_; }

    /// Room that the words of any task have in pack().
    [[nodiscard]] std::size_t packed_bytes() const noexcept { return packed_bytes_; }
    /// Writes the task's words, each with a zero behind it, and zeros after them.
    void pack(const task& t, std::span<std::byte> into) const;
    [[nodiscard]] std::size_t words() const noexcept { return words_.size(); }

  private:
    std::string text_;
    std::vector<std::string> words_;
    std::size_t packed_bytes_ = 0;
    bool names_id_ = false;
    bool names_seed_ = false;
};

/// The files that a command names; see files_named. Throws usage_error where a quote is not closed.
std::vector<std::string> files_of_command(std::string_view text);

/// The pointers to `count` packed words, and a null pointer after them.
std::vector<char*> unpacked(payload_view packed, std::size_t count);

}  // namespace stratbench
