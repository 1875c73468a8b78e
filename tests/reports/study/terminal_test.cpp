#include "reports/study/terminal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "harness/judge/summarise.hpp"
#include "tests/reports/sample_study.hpp"
#include "tests/reports/text_of_lines.hpp"

namespace stratbench {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// One batch cell whose rounds have exactly these throughputs.
cell_result batch_cell(const std::string& strategy, const std::vector<double>& throughputs) {
    cell_result c;
    c.planned.strategy = strategy;
    c.planned.workload = "noop";
    c.planned.load.text = "batch:1000";
    c.planned.load.tasks = 1000;
    c.planned.workers = c.planned.cpus = 2;
    int round = 0;
    for (const double rate : throughputs) {
        trial_record t;
        t.round = round++;
        t.throughput_per_s = rate;
        t.elapsed_ns = static_cast<std::int64_t>(1000 / rate * 1e9);
        t.cpu.mean_busy_cores = 1.5;
        t.startup_ns = 1'500'000;
        t.peak_memory_bytes = 5 << 20;
        c.trials.push_back(t);
    }
    c.summary = summarise(c.planned, c.trials);
    return c;
}

study_results study_of(std::vector<cell_result> cells) {
    study_results study;
    study.cells = std::move(cells);
    return study;
}

TEST(terminal_report, names_the_winner_and_how_far_the_others_are_behind) {
    const std::string text = terminal_report(study_of({batch_cell("sync", {1000, 1010, 990}),
                                                       batch_cell("pool_map", {2000, 2020, 1980})}),
                                             false);
    EXPECT_THAT(text, HasSubstr("noop, batch:1000, 2 workers on 2 CPUs"));
    EXPECT_THAT(text, HasSubstr("throughput: pool_map wins: 2.00 x the next, sync ["));
    EXPECT_THAT(line_with(text, "pool_map  "), AllOf(HasSubstr("2.00k ["), HasSubstr("best")));
    EXPECT_THAT(line_with(text, "sync  "),
                AllOf(HasSubstr("1.00k ["), HasSubstr("2.00 x"), HasSubstr("1.50"),
                      HasSubstr("1.50 ms"), HasSubstr("5.00 MiB")));
    EXPECT_LT(text.find("pool_map"), text.find("sync")) << "best first";
}

TEST(terminal_report, names_no_winner_where_the_intervals_do_not_allow_one) {
    const std::string text = terminal_report(study_of({batch_cell("sync", {1000, 1200, 800}),
                                                       batch_cell("pool_map", {1010, 790, 1220})}),
                                             false);
    EXPECT_THAT(text, HasSubstr("throughput: pick pool_map for now"));
    EXPECT_THAT(text, Not(HasSubstr("wins")));
}

TEST(terminal_report, tells_why_a_strategy_is_behind_and_whose_rate_was_not_held) {
    const std::string text = terminal_report(sample_study(), false, 200);
    EXPECT_THAT(text, HasSubstr("\n  sync: 52 % of pool_map's throughput: 0.98 instead of"));
    EXPECT_THAT(text, HasSubstr("\n  ^ process_per_task held 6.04k/s of 38.1k/s asked; the queue "
                                "grew by 32.0k/s; 64.1k of 76.2k tasks never served\n"));
}

TEST(terminal_report, shows_skipped_and_failed_cells_with_their_reason) {
    cell_result skipped = batch_cell("async_inline", {});
    skipped.state = status::skipped;
    skipped.reason = "the workload crashes in-process";
    cell_result failed = batch_cell("apply_async", {});
    failed.state = status::failed;
    failed.reason = "2 tasks missing";
    const std::string text =
        terminal_report(study_of({batch_cell("sync", {1000}), skipped, failed}), false);
    EXPECT_THAT(line_with(text, "async_inline"),
                HasSubstr("skipped: the workload crashes in-process"));
    EXPECT_THAT(line_with(text, "apply_async"), HasSubstr("failed: 2 tasks missing"));
}

TEST(terminal_report, prints_bounds_refusals_and_references_of_a_full_study) {
    study_results study = sample_study();
    for (cell_result& c : study.cells) {
        if (!c.summary.latency_ns) {
            continue;
        }
        if (c.planned.strategy == "sync") {
            c.summary.latency_ns->p99 = {12.3e6, {}, true, {}};
        }
        if (c.planned.strategy == "pool_map") {
            c.summary.latency_ns->p99 = {{}, {}, false, "n too small: 6 tasks, p99 needs 2000"};
        }
    }
    const std::string text = terminal_report(study, false);
    EXPECT_THAT(text, AllOf(HasSubstr("> 12.3 ms"), HasSubstr("n too small"),
                            HasSubstr("ref: sync on sqrt_log_simd"), HasSubstr("^ saturated"),
                            HasSubstr("^ saturated: tasks that were due")));
}

TEST(terminal_report, keeps_within_the_width_and_drops_columns_for_it) {
    const study_results study = sample_study();
    EXPECT_LE(widest_line(terminal_report(study, false, 100)), 100u);
    EXPECT_LE(widest_line(terminal_report(study, false, 72)), 72u);
    EXPECT_THAT(terminal_report(study, false, 140), HasSubstr("  memory\n"));
    EXPECT_THAT(terminal_report(study, false, 72), Not(HasSubstr("  memory\n")));
}

TEST(terminal_report, has_escape_sequences_only_when_colour_is_asked_for) {
    const study_results study = sample_study();
    EXPECT_THAT(terminal_report(study, false), Not(HasSubstr("\x1b")));
    EXPECT_THAT(terminal_report(study, true), HasSubstr("\x1b[32m"));
}

TEST(terminal_report, lets_no_control_character_of_a_file_through) {
    const std::string text = terminal_report(hostile_study(), false);
    EXPECT_THAT(text, Not(HasSubstr("\x1b")));
    EXPECT_THAT(text, Not(HasSubstr("\x07")));
}

TEST(terminal_report, ends_with_warnings_and_what_to_do_about_them) {
    study_results study = study_of({batch_cell("sync", {1000})});
    study.warnings.push_back({"steal", "the hypervisor took CPU time", "use a quieter machine"});
    const std::string text = terminal_report(study, false);
    EXPECT_THAT(text, HasSubstr("warning: the hypervisor took CPU time\n"
                                "         use a quieter machine\n"));
}

TEST(terminal_report, shows_that_all_tasks_were_accepted_before_the_first_completed) {
    const std::string text = terminal_report(sample_scenario(), false);
    EXPECT_THAT(text, HasSubstr("all 6 accepted before the first completed"));
    EXPECT_THAT(text, HasSubstr("1 of 6 accepted before the first completed"));
    EXPECT_THAT(text, HasSubstr("5050506.1251"));
}

TEST(terminal_report, shows_the_loop_standing_still_while_the_cpu_is_busy) {
    const std::string text = terminal_report(sample_scenario(), false);
    const std::string blocked = text.substr(text.rfind("async_inline"));
    EXPECT_THAT(line_with(blocked, "0.1 s"), AllOf(HasSubstr("ms late"), HasSubstr("1.00")));
    EXPECT_THAT(line_with(blocked, "1.0 s"), AllOf(HasSubstr("on time"), HasSubstr("0.02")));
}

TEST(terminal_report, of_nothing_is_empty) {
    EXPECT_EQ(terminal_report({}, false), "");
}

}  // namespace
}  // namespace stratbench
