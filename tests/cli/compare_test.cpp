// What `compare` makes of two files: its exit codes, and what it says of files that it cannot
// compare. The real binary is run.

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/cli/refused.hpp"
#include "tests/cli/results_in.hpp"
#include "tests/cli/workplace.hpp"

namespace stratbench {
namespace {

constexpr const char* cell_name = "sync/sum_range:n=1000/batch:20/workers:1/real_time";

/// A results file of one cell, measured once for all tests.
const json& measured() {
    static const json study = [] {
        const workplace place;
        const outcome_of_run got = place.run(
            "run --strategy sync --workload sum_range:n=1000 --load batch:20 --rounds 1 --quick "
            "--out r.json --report none --quiet");
        EXPECT_EQ(got.exit_code, 0) << got.err;
        return json::parse(place.content_of("r.json"));
    }();
    return study;
}

/// A session of `rounds` rounds of that cell, at about so many tasks a second.
json session(const std::string& id, double throughput, int rounds = 15) {
    json study = measured();
    json& ours = study["stratbench"];
    ours["study"]["id"] = id;
    json& trials = ours["cells"][0]["trials"];
    const json trial = trials[0];
    trials = json::array();
    for (int round = 0; round < rounds; ++round) {
        json next = trial;
        next["round"] = round;
        next.erase("slices");
        next["throughput_per_s"] = throughput * (1 + 0.001 * (round * 7 % 5));
        trials.push_back(next);
    }
    return study;
}

/// base.json and new.json, the new build at `part` of the base's speed.
void write_pair(const workplace& place, double part) {
    place.write("base.json", session("a", 1000).dump());
    place.write("new.json", session("b", 1000 * part).dump());
}

TEST(compare, of_equal_figures_is_exit_code_0) {
    const workplace place;
    write_pair(place, 1);
    const outcome_of_run got = place.run("compare base.json new.json");
    EXPECT_EQ(got.exit_code, 0) << got.out << got.err;
    EXPECT_NE(got.out.find("sum_range"), std::string::npos) << got.out;
    EXPECT_EQ(got.err, "");
    EXPECT_EQ(place.files(), (std::vector<std::string>{"base.json", "new.json"}));
}

TEST(compare, of_a_slower_build_is_exit_code_1_unless_the_cell_is_ignored) {
    const workplace place;
    write_pair(place, 0.7);
    EXPECT_EQ(place.run("compare base.json new.json").exit_code, 1);
    EXPECT_EQ(place.run("compare base.json new.json --strict").exit_code, 1);
    EXPECT_EQ(place.run("compare new.json base.json").exit_code, 0);
    test::expect_one_line(
        place.run(std::string("compare base.json new.json --ignore '") + cell_name + "'"),
        "--ignore leaves no cell");
}

TEST(compare, of_a_build_that_failed_is_exit_code_1_however_few_of_its_trials) {
    const workplace place;
    const json good = session("a", 1000, 6);
    json bad = session("b", 1000, 6);
    json& cell = bad["stratbench"]["cells"][0];
    cell["status"] = "failed";
    cell["reason"] = "the trial process crashed";
    cell["trials"][3]["status"] = "failed";
    cell["trials"][3]["reason"] = "the trial process crashed";
    place.write("base.json", good.dump());
    place.write("new.json", bad.dump());
    const outcome_of_run got = place.run("compare base.json new.json --junit a.xml");
    EXPECT_EQ(got.exit_code, 1) << got.out << got.err;
    EXPECT_NE(got.out.find("the new build failed in 1 cell"), std::string::npos) << got.out;
    EXPECT_NE(place.content_of("a.xml").find("errors=\"1\""), std::string::npos);
    // A cell that passes for whole, with a trial that is not.
    cell["status"] = "ok";
    place.write("new.json", bad.dump());
    EXPECT_EQ(place.run("compare base.json new.json").exit_code, 1);
    // None that is ok.
    for (json& trial : cell["trials"]) {
        trial["status"] = "failed";
    }
    place.write("new.json", bad.dump());
    EXPECT_EQ(place.run("compare base.json new.json").exit_code, 1);
    // The other way round there is nothing to hold the new build against.
    const outcome_of_run other = place.run("compare new.json base.json");
    EXPECT_EQ(other.exit_code, 2) << other.out << other.err;
}

TEST(compare, by_a_figure_that_no_cell_has_says_which_there_are) {
    const workplace place;
    write_pair(place, 1);
    for (const char* metric : {"p50", "p99", "real_time", "throughput,p50"}) {
        test::expect_one_line(
            place.run("compare base.json new.json --fail-on " + std::string(metric)),
            "the cells have throughput, cpu, ");
    }
}

TEST(compare, fails_on_what_it_is_asked_to_look_at) {
    const workplace place;
    write_pair(place, 0.7);
    EXPECT_EQ(place.run("compare base.json new.json --fail-on cpu,throughput").exit_code, 1);
    EXPECT_EQ(place.run("compare base.json new.json --fail-on cpu").exit_code, 0);
}

TEST(compare, that_decides_nothing_is_exit_code_3_where_it_is_strict) {
    const workplace place;
    // Of two sessions, 5 % may be the machine.
    write_pair(place, 0.95);
    EXPECT_EQ(place.run("compare base.json new.json").exit_code, 0);
    EXPECT_EQ(place.run("compare base.json new.json --strict").exit_code, 3);
}

TEST(compare, of_rounds_of_one_study_finds_what_two_sessions_do_not_show) {
    const workplace place;
    place.write("base.json", session("a", 1000).dump());
    place.write("new.json", session("a", 950).dump());
    EXPECT_EQ(place.run("compare base.json new.json").exit_code, 1);
}

TEST(compare, of_other_conditions_names_them_and_is_exit_code_2_unless_that_is_allowed) {
    const workplace place;
    json base = session("a", 1000);
    place.write("base.json", base.dump());
    base["stratbench"]["environment"]["cpu_model"] = "Another \x1b[31mCPU";
    base["stratbench"]["plan"]["cells"][0]["workload_version"] = 2;
    place.write("new.json", base.dump());
    const outcome_of_run got = place.run("compare base.json new.json --markdown out.md");
    test::expect_one_line(got, "Another");
    EXPECT_EQ(got.err.find('\x1b'), std::string::npos) << got.err;
    EXPECT_NE(got.err.find("version"), std::string::npos) << got.err;
    EXPECT_EQ(place.files(), (std::vector<std::string>{"base.json", "new.json"}));
    const outcome_of_run allowed =
        place.run("compare base.json new.json --allow-environment-change");
    EXPECT_EQ(allowed.exit_code, 0) << allowed.err;
    EXPECT_EQ(allowed.out.find('\x1b'), std::string::npos) << allowed.out;
}

TEST(compare, of_another_size_names_the_sizes) {
    const workplace place;
    write_pair(place, 1);
    std::string text = session("b", 1000).dump();
    for (std::size_t at = 0; (at = text.find("n=1000", at)) != std::string::npos; ++at) {
        text.replace(at, 6, "n=1100");
    }
    place.write("new.json", text);
    const outcome_of_run got = place.run("compare base.json new.json");
    test::expect_one_line(got, "n is 1000 in base.json, 1100 in new.json");
}

TEST(compare, of_a_file_that_is_none_is_one_line_and_writes_nothing) {
    const workplace place;
    const std::string good = session("a", 1000).dump();
    const auto changed = [](auto change) {
        json study = session("b", 1000);
        change(study["stratbench"]);
        return study.dump();
    };
    const auto of_first_trial = [&](const char* key, const json& value) {
        return changed([&](json& ours) { ours["cells"][0]["trials"][0][key] = value; });
    };
    std::string not_a_number = good;
    not_a_number.replace(not_a_number.find("\"throughput_per_s\":") + 19, 1, "NaN");
    std::string twice = good;
    twice.insert(twice.rfind("\"startup_ns\":"), "\"startup_ns\":5,");
    const std::vector<std::pair<std::string, std::string>> bad{
        {"", "not JSON"},
        {"{", "not JSON"},
        {"hello", "not JSON"},
        {"\xff\xfe{\"a\": 1}", "not JSON"},
        {good.substr(0, good.size() / 2), "not JSON"},
        {good + "x", "not JSON"},
        {std::string(100'000, '['), "new.json: "},
        {"{\"a\":" + std::string(100'000, '['), "nested"},
        {"{}", "new.json: "},
        {"[]", "new.json: "},
        {"{\"benchmarks\": []}", "new.json: has no cells"},
        {"{\"benchmarks\": 5}", "benchmarks"},
        {"{\"benchmarks\": [{\"name\": 5}]}", "benchmarks[0].name"},
        {"{\"stratbench\": 1}", "stratbench: must be an object"},
        {changed([](json& o) { o["schema_version"] = "1.4.0"; }), "schema_version"},
        {changed([](json& o) { o["schema_version"] = "4.0.0"; }), "schema_version"},
        {changed([](json& o) { o["cells"] = json::array(); }), "has no cells"},
        {not_a_number, "not JSON: unexpected"},
        {twice, "startup_ns: is there twice"},
        {of_first_trial("throughput_per_s", -1), "throughput_per_s: must not be negative"},
        {of_first_trial("throughput_per_s", "5"), "throughput_per_s: must be a number"},
        {of_first_trial("startup_ns", -5), "startup_ns: must"},
        {of_first_trial("round", 1), "trials: round 1 is there twice"},
        {of_first_trial("round", 1e300), "round: must be a whole number"},
        {changed([](json& o) { o["cells"].push_back(o["cells"][0]); }),
         "cells[1].id: is there twice"},
        {session("b", 1000, 1).dump(), "one trial"},
    };
    place.write("base.json", good);
    for (const auto& [text, why] : bad) {
        place.write("new.json", text);
        test::expect_one_line(place.run("compare base.json new.json --markdown a.md --junit a.xml"),
                              why);
        test::expect_one_line(place.run("compare new.json base.json --markdown a.md --junit a.xml"),
                              why);
        EXPECT_EQ(place.files(), (std::vector<std::string>{"base.json", "new.json"})) << why;
    }
}

TEST(compare, of_what_is_no_regular_file_is_one_line) {
    const workplace place;
    place.write("base.json", session("a", 1000).dump());
    std::filesystem::create_directory(place.inside() / "folder");
    ASSERT_EQ(::mkfifo((place.inside() / "pipe").c_str(), 0600), 0);
    test::expect_one_line(place.run("compare base.json folder"), "folder: is a directory");
    test::expect_one_line(place.run("compare base.json pipe"), "pipe: is not a regular file");
    test::expect_one_line(place.run("compare base.json /dev/zero"),
                          "/dev/zero: is not a regular file");
    test::expect_one_line(place.run("compare base.json none.json"), "none.json: cannot be read");
    place.write("nonsense", "");
    std::filesystem::resize_file(place.inside() / "nonsense", std::uintmax_t{1} << 30);
    test::expect_one_line(place.run("compare base.json nonsense"),
                          "nonsense: not JSON: this is binary");
}

TEST(compare, refuses_what_it_does_not_know_with_a_suggestion) {
    const workplace place;
    write_pair(place, 1);
    test::expect_one_line(place.run("compare base.json new.json --fail-on throughputs"),
                          "did you mean 'throughput'?");
    test::expect_one_line(place.run("compare base.json new.json --ignore 'sync/x'"),
                          "no such cell");
    test::expect_one_line(place.run("compare base.json new.json --alpha 2"), "--alpha");
    test::expect_one_line(place.run("compare base.json new.json --markdown none/out.md"),
                          "none/out.md");
    test::expect_one_line(place.run("compare base.json"), "two files");
}

TEST(compare, of_google_benchmarks_own_files_compares_times_and_keeps_names_from_acting) {
    const workplace place;
    const auto rows = [](double time) {
        json all = json::array();
        for (int i = 0; i < 12; ++i) {
            all.push_back({{"name", "<b>BM|\x1b[31m_x"},
                           {"run_type", "iteration"},
                           {"real_time", time + 0.01 * (i * 7 % 5)},
                           {"cpu_time", time},
                           {"time_unit", "us"}});
        }
        return json{{"context", {{"num_cpus", 2}}}, {"benchmarks", all}}.dump();
    };
    place.write("base.json", rows(10));
    place.write("new.json", rows(15));
    const outcome_of_run got = place.run("compare base.json new.json --markdown a.md");
    EXPECT_EQ(got.exit_code, 1) << got.out << got.err;
    EXPECT_EQ(got.out.find('\x1b'), std::string::npos) << got.out;
    EXPECT_EQ(place.content_of("a.md").find("<b>"), std::string::npos) << place.content_of("a.md");
    place.write("same.json", rows(10));
    EXPECT_EQ(place.run("compare base.json same.json").exit_code, 0);
    test::expect_one_line(place.run("compare base.json new.json --fail-on cpu"),
                          "the cells have real_time, cpu_time");
}

TEST(compare, of_google_benchmarks_files_of_one_repetition_advises_its_own_option) {
    const workplace place;
    place.write("g.json", R"({"benchmarks": [{"name": "a", "real_time": 1, "cpu_time": 1}]})");
    place.write("h.json", place.content_of("g.json"));
    test::expect_one_line(place.run("compare g.json h.json"), "--benchmark_repetitions=15");
}

TEST(compare, refuses_a_file_beside_itself_whatever_it_is_called) {
    const workplace place;
    write_pair(place, 1);
    std::filesystem::create_symlink("base.json", place.inside() / "link.json");
    for (const char* command : {"compare base.json ./base.json", "compare link.json base.json",
                                "compare --self-test base.json link.json"}) {
        test::expect_one_line(place.run(command), "are the same file");
    }
}

TEST(compare, of_google_benchmarks_files_is_not_green_where_the_new_one_has_lost_a_time) {
    const workplace place;
    const auto rows = [](const std::vector<std::string>& times) {
        std::string text;
        for (std::size_t i = 0; i < times.size(); ++i) {
            for (int repetition = 0; repetition < 20; ++repetition) {
                text += std::string(text.empty() ? "" : ",") + R"({"name": "a)" +
                        std::to_string(i) + R"(", "cpu_time": 1, "real_time": )" + times[i] + "}";
            }
        }
        return R"({"context": {}, "benchmarks": [)" + text + "]}";
    };
    place.write("base.json", rows({"5", "7"}));
    place.write("new.json", rows({"NaN", "7"}));
    const outcome_of_run lost = place.run("compare base.json new.json --strict");
    EXPECT_EQ(lost.exit_code, 3) << lost.out;
    EXPECT_NE(lost.out.find("1 cell without a figure to compare"), std::string::npos) << lost.out;
    place.write("new.json", rows({"NaN", "NaN"}));
    const outcome_of_run none = place.run("compare base.json new.json");
    EXPECT_EQ(none.exit_code, 2);
    EXPECT_NE(none.err.find("nothing that the gate could look at"), std::string::npos) << none.err;
}

TEST(compare, of_one_of_ours_and_the_rows_of_another_looks_at_the_times_of_both) {
    const workplace place;
    json rows = measured();
    const json row = rows["benchmarks"][0];
    rows["benchmarks"].push_back(row);
    rows["benchmarks"][1]["repetition_index"] = 1;
    for (json& each : rows["benchmarks"]) {
        each["repetitions"] = 2;
    }
    place.write("ours.json", rows.dump());
    rows.erase("stratbench");
    place.write("theirs.json", rows.dump());
    const outcome_of_run got = place.run("compare ours.json theirs.json");
    EXPECT_EQ(got.exit_code, 0) << got.err;
    EXPECT_NE(got.out.find("real_time"), std::string::npos) << got.out;
}

TEST(compare, of_google_benchmarks_files_fails_where_the_new_build_does) {
    const workplace place;
    const auto rows = [](bool fails) {
        json all = json::array();
        for (int i = 0; i < 3; ++i) {
            all.push_back({{"name", "a"}, {"real_time", 5}, {"cpu_time", 5}});
        }
        if (fails) {
            all.back()["error_occurred"] = true;
            all.back()["error_message"] = "wrong answer";
        }
        return json{{"benchmarks", all}}.dump();
    };
    place.write("base.json", rows(false));
    place.write("new.json", rows(true));
    const outcome_of_run got = place.run("compare base.json new.json");
    EXPECT_EQ(got.exit_code, 1) << got.out << got.err;
    EXPECT_NE(got.out.find("wrong answer"), std::string::npos) << got.out;
}

}  // namespace
}  // namespace stratbench
