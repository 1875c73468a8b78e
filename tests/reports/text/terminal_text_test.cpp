#include "reports/text/terminal_text.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <vector>

namespace stratbench {
namespace {

using indices = std::vector<std::size_t>;

TEST(columns_that_fit, are_those_of_the_highest_ranks_in_their_order) {
    const std::vector<terminal_column> all = {{10, 3}, {10, 1}, {10, 2}};
    EXPECT_EQ(columns_that_fit(all, 34, 1), (indices{0, 1, 2})) << "two gaps of two columns";
    EXPECT_EQ(columns_that_fit(all, 33, 1), (indices{0, 2}));
    EXPECT_EQ(columns_that_fit(all, 22, 1), (indices{0, 2}));
    EXPECT_EQ(columns_that_fit(all, 21, 1), (indices{0}));
}

TEST(columns_that_fit, are_never_fewer_than_wanted) {
    const std::vector<terminal_column> all = {{10, 3}, {10, 1}, {10, 2}};
    EXPECT_EQ(columns_that_fit(all, 0, 1), (indices{0}));
    EXPECT_EQ(columns_that_fit(all, 0, 3), (indices{0, 1, 2}));
    EXPECT_EQ(columns_that_fit({}, 80, 1), indices{});
}

}  // namespace
}  // namespace stratbench
