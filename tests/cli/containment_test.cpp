// Tasks that misbehave, from the command line to the files: what is contained, and what the
// completion stream says. The real binary is run.

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <string>
#include <tuple>

#include <nlohmann/json.hpp>

#include "tests/cli/results_in.hpp"
#include "tests/cli/workplace.hpp"

namespace stratbench {
namespace {

TEST(containment, a_crash_fails_the_cells_that_cannot_contain_it_and_the_study_goes_on) {
    const workplace place;
    const outcome_of_run got = place.run(
        "run --strategy sync --strategy pool_map --workload faults:kind=segfault,every=5 "
        "--workload noop --load batch:40 --workers 2 --rounds 2 --seed 1 --quick --report none");
    EXPECT_EQ(got.exit_code, 1);
    EXPECT_NE(got.out.find("tasks crashed; "), std::string::npos) << got.out;
    EXPECT_NE(got.out.find("workers replaced"), std::string::npos) << got.out;
    const std::size_t result = got.err.find("failed: sync/");
    EXPECT_NE(result, std::string::npos) << got.err;
    EXPECT_EQ(got.err.find("failed: ", result + 1), std::string::npos)
        << "once, though it failed in both generations: " << got.err;
    EXPECT_NE(got.err.find("4 trials (1 failed)"), std::string::npos) << got.err;
    const json cells = results_in(place)["cells"];
    for (const json& c : cells) {
        EXPECT_EQ(c["trials"].size(), 2U) << c["name"];
        if (c["strategy"] == "sync" && c["workload"] != "noop") {
            EXPECT_EQ(c["status"], "failed");
            EXPECT_NE(c["reason"].get<std::string>().find("killed by signal 11"), std::string::npos)
                << c["reason"];
            continue;
        }
        EXPECT_EQ(c["status"], "ok") << c["name"] << c["reason"];
        const json& o = c["outcomes"];
        EXPECT_EQ(o["accepted"], 80) << c["name"];
        EXPECT_EQ(o["ok"].get<int>() + o["crashed"].get<int>(), 80) << c["name"];
        EXPECT_EQ(o["crashed"] == 0, c["workload"] == "noop");
    }
}

TEST(containment, is_frozen_in_the_plan_and_cannot_be_changed_beside_it) {
    const workplace place;
    ASSERT_EQ(
        place
            .run("run --strategy apply_async --workload noop --load constant:1000/s --task-timeout "
                 "10s --retries 2 --max-tasks-per-worker 9 --worker-memory 512MiB "
                 "--cancel-pending --rounds 1 --quick --report none --quiet")
            .exit_code,
        0);
    const json planned = results_in(place)["plan"]["cells"][0];
    EXPECT_EQ(planned["containment"], (json{{"task_timeout_ns", 10'000'000'000},
                                            {"retries", 2},
                                            {"max_tasks_per_worker", 9},
                                            {"worker_memory_bytes", 512 << 20}}));
    EXPECT_EQ(planned["cancel_pending"], true);
    ASSERT_EQ(place.run("run --plan results.json --out again.json --report none --quiet").exit_code,
              0);
    EXPECT_EQ(results_in(place, "again.json")["plan"]["cells"][0], planned);
    for (const char* option : {"--task-timeout 1s", "--retries 1", "--max-tasks-per-worker 1",
                               "--worker-memory 1GiB", "--cancel-pending"}) {
        const outcome_of_run got =
            place.run(std::string("run --plan results.json --out again.json ") + option);
        EXPECT_EQ(got.exit_code, 2) << option;
        EXPECT_NE(got.err.find("--plan brings its own cells"), std::string::npos) << got.err;
    }
}

TEST(containment, a_study_that_could_measure_nothing_is_refused) {
    const workplace place;
    const outcome_of_run got = place.run(
        "run --strategy sync --strategy pool_map --workload faults:kind=memory --load batch:4 "
        "--rounds 1 --quick");
    EXPECT_EQ(got.exit_code, 2) << got.out;
    EXPECT_NE(got.err.find("there is nothing to measure: every cell is skipped: "),
              std::string::npos)
        << got.err;
    EXPECT_TRUE(place.files().empty());
}

TEST(containment, a_cell_that_would_fill_the_memory_is_skipped_with_the_reason) {
    const workplace place;
    const outcome_of_run got = place.run(
        "run --strategy sync --strategy pool_map --workload faults:kind=memory --workload noop "
        "--load batch:4 --rounds 1 --quick --report none");
    EXPECT_EQ(got.exit_code, 0) << got.err;
    const json results = results_in(place);
    for (const json& c : results["cells"]) {
        EXPECT_EQ(c["status"], c["workload"] == "noop" ? "ok" : "skipped");
    }
    EXPECT_NE(got.out.find("it has no worker processes"), std::string::npos) << got.out;
    EXPECT_NE(got.out.find("--worker-memory below that"), std::string::npos) << got.out;
}

TEST(events, have_a_line_for_every_completion_of_every_trial) {
    const workplace place;
    ASSERT_EQ(place
                  .run("run --strategy sync --strategy async_process_pool --workload "
                       "faults:kind=throw,every=3 --load constant:1000/s --load batch:100 "
                       "--workers 2 --rounds 2 --quick --report none --quiet --events done.jsonl")
                  .exit_code,
              0);
    const json study = results_in(place);
    std::map<std::tuple<std::string, int, std::string>, std::uint64_t> streamed;
    std::ifstream lines(place.inside() / "done.jsonl");
    for (std::string text; std::getline(lines, text);) {
        const json line = json::parse(text);
        EXPECT_EQ(line["study"], study["study"]["id"]);
        EXPECT_LE(line["due_ns"], line["accepted_ns"]);
        EXPECT_LE(line["accepted_ns"], line["completed_ns"]);
        ++streamed[{line["cell"], line["round"], line["outcome"]}];
    }
    EXPECT_EQ(study["cells"].size(), 4U);
    for (const json& c : study["cells"]) {
        for (const json& trial : c["trials"]) {
            for (const char* what : {"ok", "error", "crashed", "timed_out", "cancelled"}) {
                const auto found = streamed.find({c["name"], trial["round"], what});
                EXPECT_EQ(found == streamed.end() ? 0 : found->second, trial["outcomes"][what])
                    << c["name"] << " " << what;
            }
        }
    }
}

TEST(events, that_cannot_be_written_are_exit_code_1_and_the_results_are_whole) {
    const workplace place;
    const outcome_of_run got = place.run(
        "run --strategy sync --strategy pool_map --workload noop --load batch:100 --rounds 3 "
        "--quick --report none --events /dev/full");
    EXPECT_EQ(got.exit_code, 1) << got.err;
    EXPECT_NE(got.err.find("completions are missing from /dev/full"), std::string::npos) << got.err;
    const std::string line = "stratbench: the file of --events cannot be written: No space left";
    const std::size_t at = got.err.find(line);
    ASSERT_NE(at, std::string::npos) << got.err;
    const std::size_t again = got.err.find(line, at + 1);
    EXPECT_EQ(got.err.find(line, again + 1), std::string::npos) << got.err;
    int labelled = 0;
    const json cells = results_in(place)["cells"];
    for (const json& c : cells) {
        EXPECT_EQ(c["outcomes"]["ok"], 300);
        for (const json& trial : c["trials"]) {
            const json& labels = trial["labels"];
            labelled +=
                static_cast<int>(std::count(labels.begin(), labels.end(), json("events_lost")));
        }
    }
    EXPECT_EQ(labelled, 2) << "each trial that was alive tries once, no other is asked to";
}

TEST(events, that_cannot_be_written_are_said_also_where_a_file_hears_what_trials_print) {
    const workplace place;
    const outcome_of_run got = place.run(
        "run --strategy sync --workload noop --load batch:100 --rounds 1 --quick --quiet "
        "--report none --events /dev/full --worker-log trials.log");
    EXPECT_EQ(got.exit_code, 1);
    EXPECT_EQ(got.err,
              "stratbench: completions are missing from /dev/full; the results are whole\n");
    EXPECT_NE(place.content_of("trials.log").find("No space left"), std::string::npos);
}

TEST(events, of_an_earlier_study_are_replaced_only_when_the_next_one_begins) {
    const workplace place;
    place.write("done.jsonl", "precious\n");
    EXPECT_EQ(place.run("run --strategy none --events done.jsonl").exit_code, 2);
    EXPECT_EQ(place.content_of("done.jsonl"), "precious\n");
    EXPECT_EQ(place
                  .run("run --strategy sync --workload noop --load batch:1 --rounds 1 --quick "
                       "--report none --quiet --events done.jsonl")
                  .exit_code,
              0);
    EXPECT_TRUE(place.content_of("done.jsonl").starts_with("{\"study\":"));
}

}  // namespace
}  // namespace stratbench
