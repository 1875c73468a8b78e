#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace stratbench {

/// `text` as itself in a paragraph or a table of Markdown, in one line: no markup, no element of
/// HTML, no link, no mention of a user or an issue.
std::string markdown_escaped(std::string_view text);

/// The same in the type of code; empty for nothing.
std::string markdown_code(std::string_view text);

/// A row of a table, its fields as they are.
std::string markdown_row(std::initializer_list<std::string_view> fields);

}  // namespace stratbench
