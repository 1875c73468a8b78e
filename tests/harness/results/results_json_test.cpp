#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include <nlohmann/json.hpp>

#include "harness/launch/protocol.hpp"
#include "harness/results/json.hpp"
#include "tests/harness/results/results_fixture.hpp"

namespace stratbench {
namespace {

using fixture::full_study;

/// The one line with which from_json refuses a document.
std::string refusal(const json& document) {
    try {
        from_json(document);
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return "accepted";
}

TEST(results_json, what_is_written_is_read_back_equal) {
    const study_results study = full_study();
    EXPECT_EQ(from_json(to_json(study)), study);
    EXPECT_EQ(from_json(json::parse(to_json(study).dump())), study);
}

TEST(results_json, a_study_without_optional_figures_is_read_back_equal) {
    auto study = fixture::study_of({fixture::batch_cell("sync", {100})});
    study.machine.benchmark_context = "{\n  \"caches\": []\n}";
    EXPECT_EQ(from_json(to_json(study)), study);
}

TEST(results_json, has_the_three_objects_and_always_the_caches) {
    auto study = full_study();
    study.machine.benchmark_context.clear();
    const json document = to_json(study);
    EXPECT_EQ(document.size(), 3U);
    EXPECT_TRUE(document["context"]["caches"].is_array());
    EXPECT_EQ(document["stratbench"]["schema_version"], results_schema_version);
    EXPECT_EQ(document["stratbench"]["cells"][2]["latency_ns"]["absent"], "no trial succeeded");
}

TEST(results_json, summaries_are_computed_again_and_not_believed) {
    json document = to_json(full_study());
    document["stratbench"]["cells"][1]["throughput_per_s"]["median"] = 1e9;
    EXPECT_EQ(from_json(document), full_study());
}

TEST(results_json, holds_no_figure_that_json_cannot_express) {
    auto study = full_study();
    study.machine.clock_ns = std::numeric_limits<double>::quiet_NaN();
    study.cells[0].summary.user_s = std::numeric_limits<double>::infinity();
    const json document = to_json(study);
    EXPECT_TRUE(document["stratbench"]["environment"]["clock_ns"].is_null());
    EXPECT_TRUE(document["stratbench"]["cells"][0]["cpu"]["user_s"].is_null());
    const auto flat = document.flatten();
    for (const auto& [key, value] : flat.items()) {
        if (value.is_number_float()) {
            EXPECT_TRUE(std::isfinite(value.get<double>())) << key;
        }
    }
}

TEST(results_json, a_reader_is_told_the_place_and_the_fault) {
    json bad = to_json(full_study());
    bad["stratbench"]["cells"][0]["trials"][1]["cpu"].erase("user_s");
    EXPECT_EQ(refusal(bad), "stratbench.cells[0].trials[1].cpu.user_s: is missing");

    bad = to_json(full_study());
    bad["stratbench"]["plan"]["cells"][1]["workers"] = -1;
    EXPECT_EQ(refusal(bad), "stratbench.plan.cells[1].workers: must be at least 1");

    bad = to_json(full_study());
    bad["stratbench"]["plan"]["rounds"] = 1e10;
    EXPECT_EQ(refusal(bad), "stratbench.plan.rounds: must be a whole number in its range");

    bad = to_json(full_study());
    bad["stratbench"]["cells"][3]["status"] = "great";
    EXPECT_EQ(refusal(bad), "stratbench.cells[3].status: must be one of ok, skipped, failed");

    bad = to_json(full_study());
    bad["stratbench"]["cells"][1]["id"] = 77;
    EXPECT_EQ(refusal(bad), "stratbench.cells[1].id: is not the plan's cell of that name");

    bad = to_json(full_study());
    bad["stratbench"]["cells"][1]["name"] = bad["stratbench"]["cells"][0]["name"];
    EXPECT_EQ(refusal(bad), "stratbench.cells[1].id: is not the plan's cell of that name");

    bad = to_json(full_study());
    bad["stratbench"]["cells"][0]["trials"][0]["latency_ns"]["histogram_v2"] = "AAAA";
    EXPECT_EQ(refusal(bad).substr(0, 27), "stratbench.cells[0].trials:");

    bad = to_json(full_study());
    bad["stratbench"]["cells"][0]["trials"][0]["throughput_per_s"] = nullptr;
    EXPECT_EQ(refusal(bad), "stratbench.cells[0].trials[0].throughput_per_s: must be a number");
}

TEST(results_json, foreign_documents_and_other_versions_are_refused) {
    EXPECT_EQ(refusal(json::array()), "not a results file of stratbench");
    EXPECT_EQ(refusal({{"context", 1}}), "not a results file of stratbench");
    EXPECT_EQ(refusal({{"stratbench", 5}}), "stratbench: must be an object");
    json other = to_json(full_study());
    other["stratbench"]["schema_version"] = "4.0.0";
    EXPECT_EQ(refusal(other),
              "stratbench.schema_version: is 4.0.0, this stratbench reads 2.x and 3.x");
    other["stratbench"]["schema_version"] = "2.99.0";
    EXPECT_EQ(refusal(other), "accepted");
}

TEST(results_json, what_contains_nothing_leaves_no_trace_and_earlier_files_are_read) {
    const auto study = fixture::study_of({fixture::batch_cell("sync", {100})});
    const json document = to_json(study);
    EXPECT_EQ(document.dump().find("containment"), std::string::npos);
    EXPECT_EQ(document.dump().find("cancel_pending"), std::string::npos);

    const json contained = to_json(full_study())["stratbench"];
    EXPECT_EQ(contained["plan"]["cells"][0]["containment"]["retries"], 2);
    EXPECT_EQ(contained["cells"][0]["containment"]["workers_replaced"], 12) << "of three trials";
    json negative{{"stratbench", contained}};
    negative["stratbench"]["plan"]["cells"][0]["containment"]["task_timeout_ns"] = -1;
    EXPECT_EQ(refusal(negative),
              "stratbench.plan.cells[0].containment.task_timeout_ns: must not be negative");
}

TEST(results_json, no_single_change_of_a_type_gets_past_the_reader_uncaught) {
    const json good = to_json(full_study())["stratbench"];
    const auto flat = good.flatten();
    for (const auto& [pointer, value] : flat.items()) {
        json document{{"stratbench", good}};
        document["stratbench"][json::json_pointer(pointer)] = json::array({json::object()});
        // Either accepted, because a summary is not read, or refused with one line.
        EXPECT_EQ(refusal(document).find('\n'), std::string::npos) << pointer;
    }
}

TEST(plan_json, a_plan_is_read_back_equal) {
    const study_plan plan = full_study().plan;
    EXPECT_EQ(plan_from_json(to_json(plan)), plan);
}

TEST(trial_protocol, request_and_record_are_read_back_equal) {
    trial_request request;
    request.planned = full_study().plan.cells[0];
    request.detail = {true, true};
    request.round = 3;
    request.study_seed = 1ULL << 63;
    request.study_id = "id";
    request.events_fd = 4;
    request.pacing_spin_ns = 4;
    request.warm_up_ns = 5;
    const trial_request back = parse_request(request_text(request));
    EXPECT_EQ(back.planned, request.planned);
    EXPECT_EQ(back.detail, request.detail);
    EXPECT_EQ(back.round, 3);
    EXPECT_EQ(back.study_seed, request.study_seed);
    EXPECT_EQ(back.study_id, "id");
    EXPECT_EQ(back.events_fd, 4);
    EXPECT_EQ(back.pacing_spin_ns, 4);
    EXPECT_EQ(back.warm_up_ns, 5);

    const trial_record record = fixture::full_trial(2);
    EXPECT_EQ(parse_record(record_text(record)), record);
}

TEST(trial_protocol, text_that_is_not_utf8_does_not_stop_a_record) {
    trial_record record = fixture::full_trial(0);
    record.reason = "\xff\xfe";
    EXPECT_NO_THROW(parse_record(record_text(record)));
}

TEST(trial_protocol, another_version_and_nonsense_are_refused) {
    std::string text = record_text({});
    const std::string ours = ":" + std::to_string(trial_protocol_version) + ",";
    text.replace(text.find(ours), ours.size(), ":1,");
    EXPECT_THROW(parse_record(text), std::runtime_error);
    for (const char* nonsense : {"", "x", "[]", "{}", "{\"protocol_version\":2}", "null"}) {
        EXPECT_THROW(parse_record(nonsense), std::runtime_error) << nonsense;
    }
    EXPECT_THROW(parse_record(request_text({})), std::runtime_error);
}

TEST(trial_protocol, a_record_with_a_figure_that_is_no_number_is_refused) {
    trial_record record = fixture::full_trial(0);
    record.throughput_per_s = std::numeric_limits<double>::quiet_NaN();
    EXPECT_THROW(parse_record(record_text(record)), std::runtime_error);
}

}  // namespace
}  // namespace stratbench
