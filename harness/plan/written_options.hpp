#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/plan/request.hpp"

namespace stratbench {

/// Options of the table as they were written on the command line, by name. A repeated option has
/// several texts, a flag none.
using written_options = std::map<std::string_view, std::vector<std::string>>;

/// What the options say by themselves, without a scenario: of one combination, the names of which
/// may be empty. Throws usage_error.
run_request request_alone(const written_options& written);

/// The request that the options come to: the scenario's, if there is one, or the default study,
/// where what was given replaces what was there. When a study ends is one question: an option that
/// answers it replaces all that the scenario says of it. Throws usage_error.
run_request make_request(const written_options& written);

/// Throws usage_error where an option would change the cells of the plan beside which it stands.
void refuse_beside_plan(const written_options& written);

}  // namespace stratbench
