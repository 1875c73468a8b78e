#include "harness/judge/tie_break.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace stratbench {
namespace {

cell_result tied(const std::string& strategy, double cores, std::uint64_t mebibytes) {
    cell_result cell;
    cell.planned.strategy = strategy;
    cell.summary.mean_busy_cores = estimate{cores, std::nullopt};
    cell.summary.peak_memory_bytes = mebibytes << 20;
    return cell;
}

/// "pick: what breaks the tie".
std::string broken(const std::vector<cell_result>& cells) {
    std::vector<const cell_result*> all;
    for (const cell_result& cell : cells) {
        all.push_back(&cell);
    }
    answer result;
    break_tie(result, all);
    return result.pick + ": " + result.tie_broken_by;
}

TEST(tie_break, is_by_fewer_busy_cores_first_whatever_the_memory) {
    EXPECT_EQ(broken({tied("async_process_pool", 2, 10), tied("sync", 1, 90)}),
              "sync: 1.00 instead of 2.00 busy cores");
    EXPECT_EQ(broken({tied("sync", 2, 10), tied("async_process_pool", 1, 90)}),
              "async_process_pool: 1.00 instead of 2.00 busy cores");
}

TEST(tie_break, is_by_less_memory_where_the_cores_hardly_differ) {
    EXPECT_EQ(broken({tied("pool_map", 2, 40), tied("async_thread_pool", 2.1, 20)}),
              "async_thread_pool: less memory");
    EXPECT_EQ(broken({tied("async_thread_pool", 2.1, 40), tied("pool_map", 2, 40)}),
              "pool_map: a crash stays in its worker");
}

TEST(tie_break, is_by_the_simpler_one_at_last) {
    EXPECT_EQ(broken({tied("async_process_pool", 2, 40), tied("pool_map", 2, 40),
                      tied("apply_async", 2, 40)}),
              "pool_map: the simpler one");
}

}  // namespace
}  // namespace stratbench
