#include "workloads/command_line.hpp"

#include <algorithm>
#include <cstring>
#include <optional>

#include "harness/base/process/program_file.hpp"
#include "harness/base/spec.hpp"

namespace stratbench {
namespace {

constexpr std::string_view id_mark = "{id}";
constexpr std::string_view seed_mark = "{seed}";
/// Digits of the largest number that stands for a mark.
constexpr std::size_t most_digits = 20;
/// More than any system takes.
constexpr std::size_t longest_text = 100'000;

[[noreturn]] void refuse(std::string_view text, const std::string& why) {
    throw usage_error("command " + in_quotes(text) + ": " + why);
}

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    std::optional<std::string> word;
    const auto begun = [&]() -> std::string& { return word ? *word : word.emplace(); };
    char quote = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        const bool escapes = c == '\\' && quote != '\'';
        if (escapes && at + 1 == text.size()) {
            refuse(text, "ends in a backslash");
        }
        if (escapes) {
            begun() += text[++at];
        } else if (quote != 0 ? c == quote : c == '\'' || c == '"') {
            quote = quote == 0 ? c : '\0';
            begun();
        } else if (c == ' ' && quote == 0) {
            if (word) {
                words.push_back(*word);
            }
            word.reset();
        } else {
            begun() += c;
        }
    }
    if (quote != 0) {
        refuse(text, std::string("a quote is not closed: ") + quote);
    }
    if (word) {
        words.push_back(*word);
    }
    return words;
}

std::size_t count_of(std::string_view mark, std::string_view text) {
    std::size_t count = 0;
    for (std::size_t at = 0; (at = text.find(mark, at)) != std::string_view::npos; ++count) {
        at += mark.size();
    }
    return count;
}

std::string replaced(std::string text, std::string_view mark, const std::string& by) {
    for (std::size_t at = 0; (at = text.find(mark, at)) != std::string::npos; at += by.size()) {
        text.replace(at, mark.size(), by);
    }
    return text;
}

}  // namespace

std::vector<std::string> files_of_command(std::string_view text) {
    return files_named(words_of(text));
}

command_line::command_line(std::string_view text) : text_(text) {
    if (text.size() > longest_text) {
        refuse(text, "is too long; accepted are " + std::to_string(longest_text) + " characters");
    }
    if (std::any_of(text.begin(), text.end(), [](char c) { return c >= 0 && c < ' '; })) {
        refuse(text, "has a line break or another control character in it");
    }
    words_ = words_of(text);
    if (words_.empty() || words_.front().empty()) {
        refuse(text,
               "is empty; accepted is a program and its arguments, as in "
               "command:./resize {id}");
    }
    if (find_program(words_.front()).empty()) {
        refuse(text, "there is no program " + in_quotes(words_.front()) +
                         (text.find_first_of("|&;<>$*") == std::string_view::npos
                              ? ""
                              : "; a shell is asked for as in command:sh -c '...'"));
    }
    for (const std::string& each : words_) {
        const std::size_t ids = count_of(id_mark, each);
        const std::size_t seeds = count_of(seed_mark, each);
        names_id_ |= ids != 0;
        names_seed_ |= seeds != 0;
        packed_bytes_ += each.size() + 1 + (ids + seeds) * most_digits;
    }
}

void command_line::pack(const task& t, std::span<std::byte> into) const {
    std::memset(into.data(), 0, into.size());
    std::byte* at = into.data();
    for (const std::string& each : words_) {
        const std::string word = replaced(replaced(each, id_mark, std::to_string(t.id)), seed_mark,
                                          std::to_string(t.seed));
        std::memcpy(at, word.data(), word.size());
        at += word.size() + 1;
    }
}

std::vector<char*> unpacked(payload_view packed, std::size_t count) {
    std::vector<char*> words;
    const auto* at = reinterpret_cast<const char*>(packed.data());
    for (std::size_t i = 0; i < count; ++i) {
        words.push_back(const_cast<char*>(at));  // what execvp takes, and does not change
        at += std::strlen(at) + 1;
    }
    words.push_back(nullptr);
    return words;
}

}  // namespace stratbench
