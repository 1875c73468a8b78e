#pragma once

#include <string>

#include "harness/judge/comparison/comparison.hpp"

namespace stratbench {

/// What a comparison found, for the comment on a pull request: the verdict, what is significant,
/// the rest folded, what the figures rest on. Nothing from `found` becomes markup, a link or a
/// mention. At most 65,000 bytes, because a comment may have 65,536 characters: where the rows
/// would be more, the last ones are left out and counted.
std::string markdown_comparison(const comparison& found);

}  // namespace stratbench
