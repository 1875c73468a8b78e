#include "harness/results/measurement_file.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/base/spec.hpp"
#include "harness/results/json.hpp"
#include "harness/results/measured_figures.hpp"
#include "tests/harness/results/measurement_fixture.hpp"
#include "tests/harness/results/results_fixture.hpp"

namespace stratbench {
namespace {

using fixture::read;
using fixture::served_study;

/// Hands out little at a time, so that values lie across the ends of blocks.
class text_in_scraps final : public text_source {
  public:
    text_in_scraps(std::string all, std::size_t block) : text_(std::move(all)), size_(block) {}
    std::string_view block_at(std::uint64_t offset) override {
        if (offset >= text_.size()) {
            return {};
        }
        // At another place each time: what was handed out before is no longer valid.
        scrap_ = text_.substr(static_cast<std::size_t>(offset), size_);
        return scrap_;
    }

  private:
    std::string text_, scrap_;
    std::size_t size_;
};

std::string refusal(const std::string& text) {
    try {
        read(text);
    } catch (const std::exception& error) {
        return error.what();
    }
    return "accepted";
}

void expect_same(const measurement& a, const measurement& b) {
    EXPECT_EQ(a.foreign, b.foreign);
    EXPECT_EQ(a.info, b.info);
    EXPECT_EQ(a.git_revision, b.git_revision);
    EXPECT_EQ(a.conditions, b.conditions);
    ASSERT_EQ(a.cells.size(), b.cells.size());
    for (std::size_t i = 0; i < a.cells.size(); ++i) {
        const measured_cell &one = a.cells[i], &other = b.cells[i];
        EXPECT_EQ(one.name, other.name);
        EXPECT_EQ(one.group, other.group);
        EXPECT_EQ(one.is_control, other.is_control);
        EXPECT_EQ(one.primary, other.primary);
        EXPECT_EQ(one.conditions, other.conditions);
        EXPECT_EQ(one.no_figures, other.no_figures);
        ASSERT_EQ(one.trials.size(), other.trials.size()) << one.name;
        for (std::size_t t = 0; t < one.trials.size(); ++t) {
            EXPECT_EQ(one.trials[t].round, other.trials[t].round);
            for (const metric_info& info : metrics) {
                const double x = one.trials[t].figure(info.id);
                const double y = other.trials[t].figure(info.id);
                EXPECT_TRUE(x == y || (std::isnan(x) && std::isnan(y)))
                    << one.name << ' ' << info.name << ' ' << x << ' ' << y;
            }
        }
    }
}

TEST(measurement_file, has_what_the_study_had_in_memory) {
    for (const study_results& study : {fixture::full_study(), served_study()}) {
        expect_same(read(to_json(study).dump()), measurement_of(study, "f.json"));
    }
    const measurement found = read(to_json(served_study()).dump());
    EXPECT_EQ(found.info.confirmation_from_round, 2);
    EXPECT_EQ(found.cells[0].primary, metric::p50);
    EXPECT_EQ(found.cells[1].primary, metric::throughput);
    // The failed trial is no figure.
    EXPECT_EQ(found.cells[1].trials.size(), 2U);
    EXPECT_EQ(found.cells[1].trials[1].round, 2);
    EXPECT_EQ(found.cells[2].no_figures, "failed: every trial failed");
}

TEST(measurement_file, knows_the_reference_strategys_cell_as_the_control_of_its_group) {
    study_results study = fixture::full_study();
    for (const bool is_reference_line : {false, true}) {
        for (cell_result& cell : study.cells) {
            cell.planned.strategy = "sync";
            cell.planned.reference = is_reference_line;
        }
        for (std::size_t i = 0; i < study.cells.size(); ++i) {
            study.plan.cells[i] = study.cells[i].planned;
        }
        const measurement found = read(to_json(study).dump());
        EXPECT_EQ(found.cells[0].group, study.cells[0].planned.group());
        EXPECT_EQ(found.cells[0].is_control, !is_reference_line);
    }
    EXPECT_FALSE(read(to_json(fixture::full_study()).dump()).cells[0].is_control);
}

TEST(measurement_file, has_each_round_of_a_cell_once) {
    study_results study = fixture::full_study();
    study.cells[0].trials[2].round = study.cells[0].trials[0].round;
    EXPECT_EQ(refusal(to_json(study).dump()), "stratbench.cells[0].trials: round 0 is there twice");
}

TEST(measurement_file, is_the_same_wherever_the_blocks_end) {
    const std::string text = to_json(served_study()).dump(1);
    const measurement whole = read(text);
    for (std::size_t block = 400; block < 440; ++block) {
        text_in_scraps source(text, block);
        expect_same(read_measurement(source, "f.json"), whole);
    }
}

TEST(measurement_file, is_the_same_in_any_order_of_keys) {
    // Unlike ours, nlohmann's ordinary objects are sorted, cells before the plan.
    const nlohmann::json sorted = nlohmann::json::parse(to_json(served_study()).dump());
    expect_same(read(sorted.dump()), read(to_json(served_study()).dump()));
}

TEST(measurement_file, has_no_percentile_that_is_only_a_bound) {
    study_results study = served_study();
    for (trial_record& trial : study.cells[0].trials) {
        trial.latency->p90 = 2 * trial.latency->p50;
        trial.latency->censored_from = trial.latency->p90;
    }
    const measurement found = read(to_json(study).dump());
    for (const measured_trial& trial : found.cells[0].trials) {
        EXPECT_FALSE(std::isnan(trial.figure(metric::p50)));
        EXPECT_TRUE(std::isnan(trial.figure(metric::p90)));
    }
}

constexpr const char* google = R"({
  "context": {"num_cpus": 4, "library_build_type": "release"},
  "benchmarks": [
    {"name": "BM_a/8", "run_type": "iteration", "real_time": 2.5, "cpu_time": 2, "time_unit": "us"},
    {"name": "BM_b", "run_type": "iteration", "real_time": 7, "cpu_time": 6, "time_unit": "ns"},
    {"name": "BM_a/8", "run_type": "iteration", "real_time": 3, "cpu_time": 2, "time_unit": "us"},
    {"name": "BM_a/8_mean", "run_type": "aggregate", "real_time": 9, "cpu_time": 9},
    {"name": "BM_c", "run_type": "iteration", "error_occurred": true, "error_message": "no"}
  ]})";

TEST(measurement_file, of_google_benchmark_has_the_times_of_its_repetitions) {
    const measurement found = read(google);
    EXPECT_TRUE(found.foreign);
    EXPECT_EQ(found.info.id, "");
    EXPECT_EQ(found.conditions,
              (std::vector<condition>{{"CPUs", "4"}, {"library build type", "release"}}));
    ASSERT_EQ(found.cells.size(), 3U);
    EXPECT_EQ(found.cells[0].name, "BM_a/8");
    EXPECT_EQ(found.cells[0].primary, metric::real_time);
    ASSERT_EQ(found.cells[0].trials.size(), 2U);
    EXPECT_EQ(found.cells[0].trials[0].figure(metric::real_time), 2500);
    EXPECT_EQ(found.cells[0].trials[1].figure(metric::real_time), 3000);
    EXPECT_EQ(found.cells[0].trials[1].round, 1);
    EXPECT_EQ(found.cells[2].no_figures, "failed: no");
}

/// The rows of a document of Google Benchmark.
measurement read_rows(const std::string& rows) {
    return read(R"({"context": {}, "benchmarks": [)" + rows + "]}");
}

std::vector<std::string> names_of_cells(const measurement& of) {
    std::vector<std::string> names;
    for (const measured_cell& cell : of.cells) {
        names.push_back(cell.name);
    }
    return names;
}

TEST(measurement_file, of_google_benchmark_loses_a_figure_that_is_no_number_and_nothing_else) {
    for (const char* word :
         {"NaN", "nan", "-nan", "Infinity", "-Infinity", "inf", "1e999", "null"}) {
        const measurement found = read_rows(fmt::format(
            R"({{"name": "a", "real_time": 7, "cpu_time": {0}, "bytes": {0}, "time_unit": "ns"}},
               {{"name": "a", "real_time": 8, "cpu_time": 6, "bytes": [{0}], "time_unit": "ns"}},
               {{"name": "a_mean", "run_type": "aggregate", "real_time": {0}}})",
            word));
        ASSERT_EQ(found.cells.size(), 1U) << word;
        ASSERT_EQ(found.cells[0].trials.size(), 2U) << word;
        EXPECT_EQ(found.cells[0].trials[0].figure(metric::real_time), 7) << word;
        EXPECT_TRUE(std::isnan(found.cells[0].trials[0].figure(metric::cpu_time))) << word;
        EXPECT_EQ(found.cells[0].trials[1].figure(metric::cpu_time), 6) << word;
    }
}

TEST(measurement_file, of_google_benchmark_keeps_benchmarks_of_one_name_apart) {
    const auto row = [](int family, int repetition, double time) {
        return fmt::format(
            R"({{"name": "a", "run_type": "iteration", "family_index": {}, "repetitions": 2,
                "per_family_instance_index": 0, "repetition_index": {}, "real_time": {}}})",
            family, repetition, time);
    };
    // Interleaved, and not in the order of the program.
    const measurement found =
        read_rows(row(7, 0, 70) + "," + row(3, 0, 30) + "," + row(3, 1, 31) + "," + row(7, 1, 71));
    EXPECT_EQ(names_of_cells(found), (std::vector<std::string>{"a (2 of 2)", "a (1 of 2)"}));
    EXPECT_EQ(found.cells[0].trials[1].figure(metric::real_time), 71);
    EXPECT_EQ(found.cells[1].trials[1].figure(metric::real_time), 31);
}

TEST(measurement_file, of_google_benchmark_refuses_rows_of_one_name_that_nothing_keeps_apart) {
    const std::string twice = "two benchmarks are called 'a";
    for (const char* rows :
         {R"({"name": "a", "repetition_index": 0}, {"name": "a", "repetition_index": 0})",
          R"({"name": "a", "repetitions": 1}, {"name": "a", "repetitions": 1})",
          R"({"name": "a"}, {"name": "a_mean"}, {"name": "a"}, {"name": "a_mean"})",
          R"({"name": "a"}, {"name": "a_mean", "run_type": "aggregate"},
                {"name": "a"}, {"name": "a_mean", "run_type": "aggregate"})"}) {
        const std::string line =
            refusal(R"({"context": {}, "benchmarks": [)" + std::string(rows) + "]}");
        EXPECT_NE(line.find(twice), std::string::npos) << rows << '\n' << line;
    }
}

TEST(measurement_file, of_google_benchmark_has_no_statistics_among_its_benchmarks) {
    using names = std::vector<std::string>;
    // 1.2 to 1.4 do not say what a row is.
    EXPECT_EQ(names_of_cells(read_rows(
                  R"({"name": "a/8", "real_time": 7}, {"name": "a/8", "real_time": 8},
                     {"name": "a/8_mean", "real_time": 7}, {"name": "a/8_median", "real_time": 7},
                     {"name": "a/8_stddev", "real_time": 1}, {"name": "a/8_cv", "real_time": 1},
                     {"name": "a_BigO", "cpu_coefficient": 1, "real_coefficient": 1, "big_o": "N"},
                     {"name": "a_RMS", "rms": 0.1})")),
              names{"a/8"});
    EXPECT_EQ(names_of_cells(read_rows(R"({"name": "sum_mean", "real_time": 7})")),
              names{"sum_mean"})
        << "nobody's statistic";
    EXPECT_EQ(names_of_cells(read_rows(
                  R"({"name": "a", "run_type": "iteration", "real_time": 7},
                     {"name": "a_mean", "run_type": "iteration", "real_time": 7})")),
              (names{"a", "a_mean"}))
        << "the file says so";
    EXPECT_NE(refusal(R"({"benchmarks": [{"name": "a_mean"}, {"name": "a_stddev"}]})")
                  .find("--benchmark_report_aggregates_only"),
              std::string::npos);
}

TEST(measurement_file, of_google_benchmark_tells_a_failure_from_what_was_skipped) {
    const measurement found = read_rows(
        R"({"name": "a", "error_occurred": true, "error_message": "no"},
           {"name": "b", "skipped": true, "skip_message": "not here"})");
    EXPECT_EQ(found.cells[0].failure, "no");
    EXPECT_EQ(found.cells[1].failure, "");
    EXPECT_EQ(found.cells[1].no_figures, "skipped: not here");
}

TEST(measurement_file, of_ours_can_be_read_by_its_rows_alone) {
    const measurement found = read(to_json(served_study()).dump(), read_as::benchmark_rows);
    EXPECT_TRUE(found.foreign);
    EXPECT_EQ(found.cells[1].name, served_study().cells[1].planned.name());
    EXPECT_EQ(found.cells[1].primary, metric::real_time);
}

struct damage {
    const char* name;
    /// Done to the document, which is then written out.
    std::function<void(json&)> to;
    const char* says;
};

TEST(measurement_file, says_what_is_wrong_and_where) {
    const std::vector<damage> damages = {
        {"schema", [](json& d) { d["stratbench"]["schema_version"] = "4.0.0"; },
         "stratbench.schema_version: is 4.0.0, this stratbench reads 2.x and 3.x"},
        {"no_schema", [](json& d) { d["stratbench"].erase("schema_version"); },
         "stratbench.schema_version: is missing"},
        {"no_plan", [](json& d) { d["stratbench"].erase("plan"); }, "stratbench.plan: is missing"},
        {"no_cells", [](json& d) { d["stratbench"].erase("cells"); },
         "stratbench.cells: is missing"},
        {"cells", [](json& d) { d["stratbench"]["cells"] = 3; },
         "stratbench.cells: must be an array"},
        {"id", [](json& d) { d["stratbench"]["cells"][1]["id"] = 99; },
         "stratbench.cells[1].id: is not the plan's cell of that name"},
        {"negative",
         [](json& d) { d["stratbench"]["cells"][1]["trials"][2]["throughput_per_s"] = -1; },
         "stratbench.cells[1].trials[2].throughput_per_s: must not be negative"},
        {"null",
         [](json& d) { d["stratbench"]["cells"][0]["trials"][0]["latency_ns"]["p50"] = nullptr; },
         "stratbench.cells[0].trials[0].latency_ns.p50: must be a number"},
        {"round", [](json& d) { d["stratbench"]["cells"][0]["trials"][0]["round"] = -1; },
         "stratbench.cells[0].trials[0].round: must not be negative"},
        {"no_round", [](json& d) { d["stratbench"]["cells"][0]["trials"][0].erase("round"); },
         "stratbench.cells[0].trials[0].round: is missing"},
        {"status", [](json& d) { d["stratbench"]["cells"][0]["trials"][0]["status"] = "good"; },
         "stratbench.cells[0].trials[0].status: must be one of ok, skipped, failed"},
        {"large",
         [](json& d) { d["stratbench"]["cells"][0]["trials"][0]["outcomes"]["ok"] = 1e40; },
         "stratbench.cells[0].trials[0].outcomes.ok: must be a whole number in its range"}};
    for (const damage& each : damages) {
        json document = to_json(fixture::full_study());
        each.to(document);
        EXPECT_EQ(refusal(document.dump()), each.says) << each.name;
    }
}

TEST(measurement_file, that_is_no_json_is_refused_at_its_first_wrong_byte) {
    const std::vector<std::pair<std::string, std::string>> texts = {
        {"", "not JSON: this is an empty file"},
        {"\x1f\x8b\x08", "not JSON: this is gzip; unpack it first"},
        {"some nonsense", "not JSON: unexpected 's' at byte 1"},
        {"\x01\x02", "not JSON: unexpected 0x01 at byte 1"},
        {"[]", "is neither a results file of stratbench nor of Google Benchmark"},
        {"{}", "is neither a results file of stratbench nor of Google Benchmark"},
        {R"({"benchmarks": [{"name": "a", "real_time": Nan}]})",
         "not JSON: unexpected 'N' at byte 44"},
        {R"({"benchmarks": [{"name": "a", "real_time": -1}]})",
         "benchmarks[0].real_time: must not be negative"},
        {R"({"benchmarks": [{"name": "a", "time_unit": "h"}]})",
         "benchmarks[0].time_unit: must be one of ns, us, ms, s"},
        {R"({"benchmarks": [{"name": "a_mean", "run_type": "aggregate"}]})",
         "benchmarks: holds statistics alone, no single repetition: measure without "
         "--benchmark_report_aggregates_only"},
        {R"({"benchmarks": [{"name": "a", "name": "b"}]})", "benchmarks[0].name: is there twice"},
        {R"({"benchmarks": []} x)", "not JSON: unexpected 'x' at byte 20"}};
    for (const auto& [text, line] : texts) {
        EXPECT_EQ(refusal(text), line) << text;
    }
    // In a part that is read as a whole, the position is that in the file.
    const std::string before = R"({"stratbench": {"study": )";
    EXPECT_EQ(refusal(before + R"({"id": NaN}}})"),
              fmt::format("not JSON: unexpected 'N' at byte {}", before.size() + 8));
    EXPECT_EQ(refusal(before + R"({"id": -1e999}}})"),
              fmt::format("the number -1e999 at byte {} is out of range", before.size() + 8));
    EXPECT_EQ(refusal(std::string(1 << 20, '[')),
              "is neither a results file of stratbench nor of Google Benchmark");
    EXPECT_EQ(refusal(R"({"a": )" + std::string(1 << 20, '[')),
              "nested deeper than 100 levels at byte 106");
}

TEST(measurement_file, that_ends_too_early_is_refused_wherever_it_ends) {
    const std::string text = to_json(fixture::full_study()).dump();
    for (std::size_t length = 0; length < text.size(); length += 1 + length / 50) {
        const std::string line = refusal(text.substr(0, length));
        EXPECT_NE(line, "accepted") << length;
        EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 0) << line;
    }
}

TEST(measurement_file, of_nonsense_is_not_read_to_its_end) {
    class nonsense final : public text_source {
      public:
        std::string_view block_at(std::uint64_t offset) override {
            asked = std::max(asked, offset);
            return text;
        }
        std::string text = std::string(1 << 16, 'x');
        std::uint64_t asked = 0;
    } source;
    EXPECT_THROW(read_measurement(source, "f.json"), std::runtime_error);
    EXPECT_EQ(source.asked, 0U);
}

TEST(measurement_file, is_a_regular_file) {
    const auto refused = [](const char* path) -> std::string {
        try {
            load_measurement(path);
        } catch (const usage_error& error) {
            return error.what();
        }
        return "accepted";
    };
    EXPECT_EQ(refused("none.json"), "none.json: cannot be read: No such file or directory");
    EXPECT_EQ(refused("/tmp"), "/tmp: is a directory");
    EXPECT_EQ(refused("/dev/zero"), "/dev/zero: is not a regular file");
}

}  // namespace
}  // namespace stratbench
