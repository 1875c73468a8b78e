// What `compare --self-test` makes of files, and of what it refuses. The real binary is run.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "tests/cli/refused.hpp"
#include "tests/cli/results_in.hpp"
#include "tests/cli/workplace.hpp"

namespace stratbench {
namespace {

/// What Google Benchmark writes of a benchmark that took these times, one in each repetition.
std::string benchmark_file(int cpus, const std::vector<std::string>& times) {
    std::string rows;
    for (const std::string& time : times) {
        rows += std::string(rows.empty() ? "" : ",") + R"({"name": "a", "cpu_time": 1, )" +
                R"("real_time": )" + time + "}";
    }
    return R"({"context": {"num_cpus": )" + std::to_string(cpus) + R"(}, "benchmarks": [)" + rows +
           "]}";
}

/// A results file of one cell with 16 generations.
std::string sixteen_generations(const workplace& place) {
    const outcome_of_run got = place.run(
        "run --strategy sync --workload sum_range:n=1000 --load batch:20 --rounds 16 --quick "
        "--out r.json --report none --quiet");
    EXPECT_EQ(got.exit_code, 0) << got.err;
    return place.content_of("r.json");
}

TEST(self_test, tells_how_far_to_trust_a_machine) {
    const workplace place;
    const std::string text = sixteen_generations(place);
    place.write("s.json", text);
    for (const char* files : {"r.json", "r.json s.json"}) {
        const outcome_of_run got = place.run("compare --self-test " + std::string(files));
        EXPECT_EQ(got.exit_code, 0) << got.err;
        EXPECT_NE(got.out.find('%'), std::string::npos) << got.out;
    }
}

TEST(self_test, refuses_what_has_no_effect_on_it) {
    const workplace place;
    place.write("a.json", benchmark_file(4, std::vector<std::string>(20, "1")));
    for (const char* more : {"--html a.html", "--markdown a.md", "--junit a.xml", "--strict",
                             "--allow-environment-change", "--ignore sync"}) {
        test::expect_one_line(place.run("compare --self-test a.json " + std::string(more)),
                              "may be given beside it");
        EXPECT_EQ(place.files(), std::vector<std::string>{"a.json"}) << more;
    }
}

TEST(self_test, refuses_what_is_not_comparable_and_says_what_there_is) {
    const workplace place;
    const std::vector<std::string> alike(20, "1");
    place.write("a.json", benchmark_file(4, alike));
    place.write("alike.json", benchmark_file(4, alike));
    place.write("other.json", benchmark_file(8, alike));
    place.write("once.json", benchmark_file(4, {"1"}));
    place.write("empty.json", R"({"context": {}, "benchmarks": []})");
    const std::vector<std::pair<const char*, const char*>> refused = {
        {"a.json other.json", "not comparable: "},
        {"a.json --fail-on p99", "by --fail-on p99: the cells have real_time, cpu_time"},
        {"a.json alike.json --fail-on cpu_time,p99",
         "by --fail-on p99: the cells have real_time, cpu_time"},
        {"once.json", "four rounds or more; measure with --benchmark_repetitions=15 or more"},
        {"once.json a.json", "measure with --benchmark_repetitions=15 or more"},
        {"empty.json", "has no cells"}};
    for (const auto& [arguments, why] : refused) {
        test::expect_one_line(place.run("compare --self-test " + std::string(arguments)), why);
    }
    EXPECT_EQ(place.run("compare --self-test a.json alike.json").exit_code, 0);
}

TEST(self_test, takes_no_two_studies_for_pairs) {
    const workplace place;
    json study = json::parse(sixteen_generations(place));
    study["stratbench"]["study"]["id"] = "another";
    place.write("s.json", study.dump());
    test::expect_one_line(place.run("compare --self-test r.json s.json"),
                          "are of two studies, whose generations are no pairs");
}

TEST(self_test, survives_times_that_are_too_far_apart_for_a_ratio) {
    const workplace place;
    std::vector<std::string> apart;
    for (int i = 0; i < 8; ++i) {
        apart.emplace_back(i % 2 == 0 ? "1e308" : "1e-308");
    }
    place.write("a.json", benchmark_file(4, apart));
    test::expect_one_line(place.run("compare --self-test a.json"),
                          "a: real_time: two trials are more than 1e+12 times apart");
    place.write("b.json", benchmark_file(4, apart));
    EXPECT_NE(place.run("compare a.json b.json").err.find("are more than 1e+12 times apart"),
              std::string::npos);
    const outcome_of_run got = place.run("compare a.json b.json --fail-on cpu_time");
    EXPECT_EQ(got.exit_code, 0) << got.err;
    EXPECT_NE(got.out.find("not compared: a: real_time: two trials"), std::string::npos) << got.out;
}

}  // namespace
}  // namespace stratbench
