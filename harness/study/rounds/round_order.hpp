#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "harness/model/plan.hpp"

namespace stratbench {

/// One slice of a round.
struct turn {
    std::size_t cell = 0, side = 0;

    bool operator==(const turn&) const = default;
};

/// The order of a round's slices, each of these cells once on each side: shuffled afresh for every
/// round, and reproducible from the seed. The sides of a cell follow each other,
/// in an order that is shuffled too.
std::vector<turn> round_order(std::span<const std::size_t> cells, std::size_t sides,
                              std::uint64_t seed, int round);

/// Divides these cells of the plan into their groups, which are shuffled afresh for every
/// generation. The cells of a group keep their order.
std::vector<std::vector<std::size_t>> group_order(const study_plan& plan,
                                                  std::span<const std::size_t> cells,
                                                  int generation);

}  // namespace stratbench
