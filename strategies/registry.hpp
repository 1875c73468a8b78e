#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "strategies/contract/strategy_info.hpp"

namespace stratbench {

/// All strategies, in the order of the CMakeLists.
std::span<const strategy_info* const> strategies();

/// Throws usage_error, in one line, where a strategy could not be listed or made: nameless, two of
/// one name, with nothing to make it, or of another API.
void require_sound_strategies(std::span<const strategy_info* const> all);

/// Null where there is none.
const strategy_info* strategy_named(std::string_view name);

/// Throws usage_error with a suggestion where the name is unknown.
const strategy_info& find_strategy(std::string_view name);

/// The strategy that a spec asks for, which could be made of it. Throws usage_error.
const strategy_info& checked_strategy(const spec& s);

/// Makes the strategy that a spec asks for. Throws usage_error.
std::unique_ptr<strategy> make_strategy(const spec& s);

/// The files that a strategy is made of where it is a program of its own. Throws usage_error where
/// the text is no spec.
std::vector<std::string> files_of_strategy(const std::string& text);

}  // namespace stratbench
