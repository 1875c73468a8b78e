#include "harness/judge/comparison/comparability.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/results/json.hpp"
#include "harness/results/measured_figures.hpp"
#include "tests/harness/results/measurement_fixture.hpp"

namespace stratbench {
namespace {

using fixture::read;
using fixture::served_study;

std::vector<difference> differences(const std::function<void(study_results&)>& change) {
    study_results other = served_study();
    change(other);
    for (cell_result& cell : other.cells) {
        cell.planned = other.plan.cells.at(static_cast<std::size_t>(cell.planned.index));
    }
    return differences_of(measurement_of(served_study(), "a"), measurement_of(other, "b"));
}

TEST(comparability, of_equal_files_has_no_difference) {
    EXPECT_TRUE(differences([](study_results&) {}).empty());
}

TEST(comparability, names_what_differs_of_the_machine_and_the_build) {
    const auto found = differences([](study_results& s) {
        s.machine.cpu_model = "other";
        s.machine.usable_cpus = 2;
        s.machine.build_type = "Debug";
    });
    ASSERT_EQ(found.size(), 3U);
    EXPECT_EQ(found[0].name, "cpu");
    EXPECT_EQ(found[0].base, "cpu");
    EXPECT_EQ(found[0].candidate, "other");
    EXPECT_EQ(found[1].name, "usable CPUs");
    EXPECT_EQ(found[2].name, "build type");
}

TEST(comparability, of_a_processor_without_a_name_is_nobodys_but_within_one_study) {
    study_results base = served_study(), candidate = served_study();
    base.machine.cpu_model = candidate.machine.cpu_model = "";
    const auto found = [&] {
        return differences_of(measurement_of(base, "a"), measurement_of(candidate, "b"));
    };
    EXPECT_TRUE(found().empty());
    candidate.info.id = "another";
    ASSERT_EQ(found().size(), 1U);
    EXPECT_EQ(found()[0].name, "cpu");
    EXPECT_EQ(found()[0].base, "unknown");
}

TEST(comparability, names_the_rate_and_the_version_of_a_cell) {
    const auto found = differences([](study_results& s) {
        s.plan.cells[0].load.rate_per_s = 510;
        s.plan.cells[0].workload_version = 3;
    });
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].cell, served_study().plan.cells[0].name());
    EXPECT_EQ(found[0].name, "workload version");
    EXPECT_EQ(found[1].name, "rate");
    EXPECT_EQ(in_one_line(found, "a", "b"),
              fmt::format("workload version is 2 in a, 3 in b ({0}); rate is 500.5/s in a, 510/s "
                          "in b ({0})",
                          served_study().plan.cells[0].name()));
}

TEST(comparability, finds_cells_that_differ_by_their_size_alone) {
    study_results base = served_study(), candidate = served_study();
    base.cells[1].planned.workload = "sqrt_log:n=300000";
    candidate.cells[1].planned.workload = "sqrt_log:n=310000";
    const auto found = differences_of(measurement_of(base, "a"), measurement_of(candidate, "b"));
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].name, "n");
    EXPECT_EQ(found[0].base, "300000");
    EXPECT_EQ(found[0].candidate, "310000");
}

/// A context of version 1.8, one member replaced or removed.
std::string context_with(const std::string& key, const json& value) {
    json context = {{"host_name", "a"},
                    {"num_cpus", 8},
                    {"mhz_per_cpu", 3000},
                    {"cpu_scaling_enabled", false},
                    {"caches", json::array({{{"type", "Data"}, {"level", 1}, {"size", 32768}}})},
                    {"load_avg", json::array({0.5})},
                    {"library_build_type", "release"}};
    if (!key.empty()) {
        context[key] = value;
    }
    return json{{"context", context}, {"benchmarks", json::array()}}.dump();
}

TEST(comparability, of_files_of_google_benchmark_asks_for_one_machine_and_one_library) {
    const auto difference_by = [](const std::string& key, const json& value) -> std::string {
        const auto found =
            differences_of(read(context_with("", {})), read(context_with(key, value)));
        return found.empty() ? "" : found.front().name;
    };
    EXPECT_EQ(difference_by("host_name", "b"), "host");
    EXPECT_EQ(difference_by("num_cpus", 4), "CPUs");
    EXPECT_EQ(difference_by("mhz_per_cpu", 2000), "MHz");
    EXPECT_EQ(difference_by("mhz_per_cpu", 3060), "") << "it is measured anew each time";
    EXPECT_EQ(difference_by("cpu_scaling_enabled", true), "clock scaling");
    EXPECT_EQ(difference_by("caches", json::array()), "caches");
    EXPECT_EQ(difference_by("library_build_type", "debug"), "library build type");
    EXPECT_EQ(difference_by("load_avg", json::array({7})), "");
    EXPECT_EQ(difference_by("date", "2026-01-01"), "");
}

}  // namespace
}  // namespace stratbench
