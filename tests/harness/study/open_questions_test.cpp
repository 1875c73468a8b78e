#include "harness/study/open_questions.hpp"

#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "tests/harness/judge/ranking_fixture.hpp"

namespace stratbench {
namespace {

using fixture::batch_cell;
using fixture::open_cell;
using fixture::study_of;
using cell_set = std::set<std::size_t>;

TEST(open_questions, of_a_group_with_a_winner_there_are_none) {
    const open_questions found = find_open_questions(
        study_of({batch_cell("a", {100, 101, 99, 100}), batch_cell("b", {200, 201, 199, 200})}));
    EXPECT_EQ(cell_set(found.cells.begin(), found.cells.end()), cell_set{});
    EXPECT_EQ(found.answered, 1U);
    EXPECT_EQ(found.groups, 1U);
}

TEST(open_questions, are_asked_of_those_that_may_be_the_best_alone) {
    const open_questions found = find_open_questions(
        study_of({batch_cell("far", {10, 10, 10, 10, 10}), batch_cell("a", {100, 120, 80, 115, 95}),
                  batch_cell("b", {101, 85, 118, 90, 112})}));
    EXPECT_EQ(cell_set(found.cells.begin(), found.cells.end()), (cell_set{1, 2}));
    EXPECT_EQ(found.answered, 0U);
}

TEST(open_questions, keep_an_open_load_until_it_has_the_tasks_for_its_p99) {
    // 1,000 tasks a trial: the fifth trial makes the p99 one of enough trials.
    const open_questions few = find_open_questions(
        study_of({open_cell("a", {300, 301, 299, 300}), open_cell("b", {900, 901, 899, 900})}));
    EXPECT_EQ(few.answered, 1U) << "by the median it is known";
    EXPECT_EQ(cell_set(few.cells.begin(), few.cells.end()), (cell_set{0, 1}));
    const open_questions enough = find_open_questions(study_of(
        {open_cell("a", {300, 301, 299, 300, 300}), open_cell("b", {900, 901, 899, 900, 900})}));
    EXPECT_EQ(cell_set(enough.cells.begin(), enough.cells.end()), cell_set{});
}

}  // namespace
}  // namespace stratbench
