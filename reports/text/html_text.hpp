#pragma once

#include <map>
#include <string>
#include <string_view>

#include "harness/json/json_text.hpp"

namespace stratbench {

/// `text` as the content of an element or of a quoted attribute.
std::string html_escaped(std::string_view text);

/// `value` as the content of <script type="application/json">: valid JSON in which no `<` stands,
/// so that no name in it can end the element or open a comment. Bytes that are not UTF-8 become
/// U+FFFD.
std::string script_json(const json& value);

/// `page` with each `{{name}}` replaced by its part. A part is never searched for further names.
/// Throws std::logic_error on a name without a part.
std::string filled(std::string_view page, const std::map<std::string, std::string>& parts);

}  // namespace stratbench
