#include "tests/rates/tally.hpp"

#include <gtest/gtest.h>

namespace stratbench {
namespace {

compared_metric measured(bool gated, double ratio, double detectable) {
    compared_metric m;
    m.figure = metric::throughput;
    m.gated = gated;
    m.ratio = ratio;
    m.detectable = detectable;
    return m;
}

TEST(rates, a_run_is_known_by_what_its_gate_looked_at) {
    comparison found;
    found.base.rounds = 12;
    found.candidate.rounds = 13;
    found.gated = 2;
    found.cells.resize(2);
    found.cells[0].metrics = {measured(true, 0.5, 0.01), measured(false, 9, 0.9)};
    found.cells[1].metrics = {measured(true, 2, 0.04)};
    const gate_run run = summary_of(found);
    EXPECT_EQ(run.result, verdict::inconclusive);
    EXPECT_EQ(run.rounds, 13);
    EXPECT_EQ(run.times_worse, (std::vector{2.0, 0.5})) << "a throughput halved is twice as bad";
    EXPECT_EQ(run.detectable, 0.04);
    found.cells[0].metrics[0].detectable.reset();
    EXPECT_FALSE(summary_of(found).detectable) << "one that is not known may be any";
}

TEST(rates, a_run_that_could_not_have_seen_the_change_is_counted_apart) {
    const gate_run runs[] = {{.result = verdict::regressed, .detectable = 0.2},
                             {.result = verdict::inconclusive, .detectable = 0.04},
                             {.result = verdict::inconclusive, .detectable = 0.06},
                             {.result = verdict::same, .detectable = 0.02}};
    EXPECT_EQ(tally("a", runs, 0.05),
              (std::vector<std::string>{"a", "4", "1", "1", "0", "2", "1", "5.0 %", "20.0 %"}));
    EXPECT_EQ(tally("a", runs, 0.02).at(6), "2");
    const gate_run blind[] = {{.detectable = std::nullopt}};
    EXPECT_EQ(tally("a", blind, 0.05).at(6), "1");
    EXPECT_EQ(tally_heading(0.05).size(), tally("none", {}, 0.05).size());
}

}  // namespace
}  // namespace stratbench
