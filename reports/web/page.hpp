#pragma once

#include <string>
#include <string_view>

namespace stratbench {

/// A page that needs nothing else: scripts and styles are in it, and its policy forbids every
/// request. `title` is text, `body` is HTML whose charts (chart_html) it draws.
std::string page_of(std::string_view title, const std::string& body);

}  // namespace stratbench
