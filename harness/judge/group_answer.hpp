#pragma once

#include <vector>

#include "harness/judge/ranking.hpp"
#include "harness/model/metric.hpp"
#include "harness/model/results.hpp"

namespace stratbench {

/// Fills in the answer and the verdict of a group whose entries are in order, and puts the entries
/// of the contenders into the order of the answer. All statements together are wrong with
/// probability `alpha`; those within `tie` of each other count as equal.
void answer_group(ranked_group& group, const std::vector<const cell_result*>& contenders,
                  const metric_info& by, double alpha, double tie);

}  // namespace stratbench
