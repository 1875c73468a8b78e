#include "harness/study/rounds/round_order.hpp"

#include <map>
#include <numeric>
#include <string>
#include <utility>

#include "harness/base/hash.hpp"

namespace stratbench {

std::vector<turn> round_order(std::span<const std::size_t> cells, std::size_t sides,
                              std::uint64_t seed, int round) {
    const std::uint64_t of_round = mix64(seed, static_cast<std::uint64_t>(round));
    // Fisher-Yates. Our own draws, because std::shuffle's differ between standard libraries.
    const auto shuffle = [of_round](auto& all, std::uint64_t salt) {
        for (std::size_t left = all.size(); left > 1; --left) {
            std::swap(all[left - 1], all[mix64(of_round, mix64(salt, left)) % left]);
        }
    };
    std::vector<std::size_t> shuffled(cells.begin(), cells.end());
    shuffle(shuffled, 0);
    std::vector<turn> order;
    for (const std::size_t cell : shuffled) {
        std::vector<turn> of_cell;
        for (std::size_t side = 0; side < sides; ++side) {
            of_cell.push_back({cell, side});
        }
        shuffle(of_cell, cell + 1);
        order.insert(order.end(), of_cell.begin(), of_cell.end());
    }
    return order;
}

std::vector<std::vector<std::size_t>> group_order(const study_plan& plan,
                                                  std::span<const std::size_t> cells,
                                                  int generation) {
    std::vector<std::vector<std::size_t>> groups;
    std::map<std::string, std::size_t> known;
    for (const std::size_t i : cells) {
        const auto [group, fresh] = known.emplace(plan.cells[i].group(), groups.size());
        if (fresh) {
            groups.emplace_back();
        }
        groups[group->second].push_back(i);
    }
    std::vector<std::size_t> positions(groups.size());
    std::iota(positions.begin(), positions.end(), std::size_t{0});
    std::vector<std::vector<std::size_t>> shuffled;
    for (const turn& each : round_order(positions, 1, plan.seed, generation)) {
        shuffled.push_back(std::move(groups[each.cell]));
    }
    return shuffled;
}

}  // namespace stratbench
