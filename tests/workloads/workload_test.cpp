// The registry, the resolution of specs, templates and timing.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cstdint>
#include <exception>
#include <set>
#include <string>

#include "tests/workloads/resolved.hpp"
#include "workloads/task_template.hpp"
#include "workloads/timing.hpp"

namespace stratbench {
namespace {

using test::error_of;
using test::resolved;

TEST(registry, names_are_unique_and_lead_back_to_their_workload) {
    std::set<std::string_view> names;
    for (std::uint16_t i = 0; i < workloads().size(); ++i) {
        EXPECT_TRUE(names.insert(workloads()[i]->name).second);
        EXPECT_EQ(workload_index(workloads()[i]->name), i);
    }
    EXPECT_TRUE(names.contains("sqrt_log"));
}

TEST(registry, every_workload_describes_itself_and_its_parameters) {
    for (const workload* w : workloads()) {
        EXPECT_FALSE(w->summary.empty()) << w->name;
        EXPECT_LE(w->parameters.size(), task{}.args.size()) << w->name;
        EXPECT_EQ((w->payload_bytes == nullptr), (w->generate == nullptr)) << w->name;
        if (w->has_size) {
            ASSERT_FALSE(w->parameters.empty()) << w->name;
            EXPECT_EQ(w->parameters[0].name, "n") << w->name;
        }
        for (const parameter& p : w->parameters) {
            EXPECT_FALSE(p.fallback.empty()) << w->name << " " << p.name;
            EXPECT_FALSE(p.summary.empty()) << w->name << " " << p.name;
        }
    }
}

TEST(registry, an_unknown_name_gets_a_suggestion_and_the_list) {
    const std::string error = error_of("sqrtlog");
    EXPECT_EQ(error.find("unknown workload 'sqrtlog'; did you mean 'sqrt_log'?; accepted: "), 0U)
        << error;
    EXPECT_NE(error.find("noop"), std::string::npos);
}

TEST(templates, defaults_are_the_parameters_own) {
    const task_template t = resolved("sqrt_values");
    EXPECT_EQ(t.first.args[0], 10000);
    EXPECT_EQ(t.first.args[1], 10000);
    EXPECT_EQ(t.first.payload_bytes, 40000U);
    EXPECT_EQ(t.text(), "sqrt_values");
}

TEST(templates, their_text_reads_back_as_the_same_tasks) {
    for (const char* text : {"noop", "noop:wait=5us", "sqrt_log:n=50000,step=10000,wait=2ms",
                             "sqrt_values:max=7", "sqrt_log_simd:lanes=4", "sum_range:step=1"}) {
        const task_template t = resolved(text);
        EXPECT_EQ(t.text(), text);
        EXPECT_EQ(resolved(t.text()).text(), text);
    }
    EXPECT_EQ(resolved("sqrt_log:wait=0s,step=0,n=3e5").text(), "sqrt_log");
    EXPECT_EQ(resolved("sqrt_log:wait=1000us,n=1e3").text(), "sqrt_log:n=1000,wait=1ms");
}

TEST(templates, tasks_differ_in_id_and_seed_and_grow_by_the_step) {
    const task_template t = resolved("sqrt_log:n=100,step=10,wait=3us");
    const task third = t.make(2, 77);
    EXPECT_EQ(third.id, 2U);
    EXPECT_EQ(third.args[0], 120);
    EXPECT_EQ(third.wait_us, 3U);
    EXPECT_EQ(third.workload, workload_index("sqrt_log"));
    EXPECT_EQ(third.seed, t.make(2, 77).seed);
    EXPECT_NE(third.seed, t.make(3, 77).seed);
    EXPECT_NE(third.seed, t.make(2, 78).seed);
}

TEST(templates, sizes_stop_growing_at_the_largest_one) {
    const task_template t = resolved("sum_range:n=5,step=9007199254740992");
    EXPECT_EQ(t.make(0, 0).args[0], 5);
    EXPECT_EQ(t.make(1, 0).args[0], 9007199254740992);
    EXPECT_EQ(t.make(~std::uint64_t{0}, 0).args[0], 9007199254740992);
    const task_template with_payload = resolved("sqrt_values:n=1073741823,step=1000000");
    EXPECT_EQ(with_payload.make(5, 0).payload_bytes, 4294967292U);
}

TEST(templates, bad_values_are_refused_with_what_is_accepted) {
    EXPECT_EQ(error_of("sqrt_log:n=0").find("n '0': accepted is a whole number from 1 to"), 0U);
    EXPECT_EQ(
        error_of("sqrt_log:50000"),
        "workload 'sqrt_log': bare value '50000'; accepted are key=value items: n, wait, reply, "
        "step, duration, as in sqrt_log:n=50000");
    EXPECT_EQ(error_of("sqrt_log:m=1"),
              "workload 'sqrt_log': no parameter 'm'; accepted: n, wait, reply, step, duration");
    EXPECT_EQ(error_of("noop:n=1"), "workload 'noop': no parameter 'n'; accepted: wait, reply");
    EXPECT_EQ(error_of("noop:wait=1ns"),
              "wait '1ns': accepted are whole microseconds up to 4294967295us");
    EXPECT_EQ(error_of("sqrt_log:n=5,duration=1ms"),
              "workload 'sqrt_log': n and duration are both given; accepted is one of them");
    EXPECT_EQ(error_of("sqrt_log_simd:lanes=3"),
              "workload 'sqrt_log_simd': lanes is 3; accepted are 8, 4 and 1");
    EXPECT_EQ(error_of("sqrt_values:n=1073741824"),
              "workload 'sqrt_values': n is 1073741824; a payload holds at most 1073741823");
    EXPECT_EQ(error_of("sqrt_values:max=4294967296"),
              "workload 'sqrt_values': max is 4294967296; accepted is at most 4294967295");
    EXPECT_NE(error_of("sqrt_log:step=-1").find("step '-1'"), std::string::npos);
    EXPECT_NE(error_of("sqrt_log:duration=1").find("duration '1'"), std::string::npos);
}

TEST(timing, a_duration_becomes_a_size_that_the_text_carries) {
    for (const char* name :
         {"sqrt_log", "sqrt_log_simd", "sum_range", "sum_squares", "sqrt_values"}) {
        const task_template t = resolved(std::string(name) + ":duration=200us");
        EXPECT_GT(t.first.args[0], 1000) << name;
        EXPECT_EQ(resolved(t.text()).first.args, t.first.args) << name;
        EXPECT_EQ(resolved(t.text()).first.payload_bytes, t.first.payload_bytes) << name;
        EXPECT_EQ(t.text().find("duration"), std::string::npos) << t.text();
        // A wide bound: the machine that tests may be busy. It catches a wrong unit or power.
        const double cost = serial_cost_ns(t);
        EXPECT_GT(cost, 200'000 / 5.0) << name;
        EXPECT_LT(cost, 200'000 * 5.0) << name;
    }
}

TEST(timing, durations_of_one_study_are_measured_against_one_another) {
    size_timing timing;
    const auto size = [&](const std::string& text) {
        return resolve_workload(parse_spec(text, "workload"), timing).first.args[0];
    };
    const std::int64_t n = size("sqrt_log:duration=200us");
    EXPECT_EQ(size("sqrt_log:duration=400us"), 2 * n);
    EXPECT_EQ(size("sqrt_log:duration=exponential(mean=200us)"), n);
    EXPECT_NEAR(
        static_cast<double>(size("sqrt_log:duration=bimodal(small=100us,large=2100us,share=5%)")),
        static_cast<double>(n), 2);
    EXPECT_EQ(size("sqrt_log:wait=1ms,duration=200us"), n);
    EXPECT_NE(size("sum_range:duration=200us"), n) << "other work has another size";
}

TEST(timing, a_longer_duration_gives_a_larger_size) {
    EXPECT_LT(resolved("sqrt_log:duration=10us").first.args[0] * 20,
              resolved("sqrt_log:duration=10ms").first.args[0]);
}

TEST(timing, a_duration_shorter_than_the_smallest_task_is_refused) {
    EXPECT_EQ(error_of("sqrt_log_simd:duration=1ns").find("duration '1ns' cannot be reached: "),
              0U);
}

TEST(timing, a_duration_longer_than_the_largest_task_is_refused) {
    EXPECT_EQ(error_of("sqrt_values:duration=1000000s").find("workload 'sqrt_values': n is "), 0U);
    EXPECT_EQ(error_of("sum_range:duration=9000000000s").find("duration '9000000000s' cannot"), 0U);
}

TEST(timing, a_larger_task_costs_more) {
    EXPECT_GT(serial_cost_ns(resolved("sqrt_log:n=10000")),
              serial_cost_ns(resolved("sqrt_log:n=100")));
}

TEST(parameters, with_named_values_are_read_and_written_by_name) {
    const task_template t = resolved("faults:kind=late,and=hang,every=100,lasting=20ms");
    EXPECT_EQ(t.text(), "faults:kind=late,and=hang,every=100,lasting=20ms");
    EXPECT_EQ(resolved(t.text()).first.args, t.first.args);
    EXPECT_EQ(t.first.args[3], 20'000'000);
    EXPECT_EQ(resolved("faults:kind=none,lasting=50ms").text(), "faults");
    EXPECT_EQ(error_of("faults:kind=segfalt"),
              "kind 'segfalt'; did you mean 'segfault'?; accepted: none, throw, late, hang, exit, "
              "abort, segfault, kill, memory, print, leak, fork");
    EXPECT_EQ(error_of("faults:kind=throw,and=hang"),
              "workload 'faults': every is 1, which leaves no task for a second kind");
    EXPECT_EQ(error_of("faults:every=5"),
              "workload 'faults': every is for tasks of a kind=, which is none");
    EXPECT_EQ(error_of("faults:kind=hang,lasting=1s"),
              "workload 'faults': lasting is for tasks of kind=late");
    EXPECT_NE(error_of("faults:lasting=20").find("lasting '20'"), std::string::npos);
}

TEST(faults, misbehave_in_their_share_of_the_tasks_and_the_others_are_right) {
    const task_template t = resolved("faults:kind=throw,every=10");
    int thrown = 0;
    for (std::uint64_t id = 0; id < 10'000; ++id) {
        const task each = t.make(id, 5);
        try {
            EXPECT_EQ(execute(each, {}), workloads()[each.workload]->reference(each, {}));
        } catch (const std::exception&) {
            ++thrown;
        }
    }
    EXPECT_NEAR(thrown, 1'000, 150);
}

TEST(faults, are_tamed_for_whoever_only_warms_up_or_times) {
    EXPECT_TRUE(workloads()[workload_index("faults")]->may_misbehave());
    EXPECT_FALSE(workloads()[workload_index("noop")]->may_misbehave());
    const task_template t = resolved("faults:kind=abort");
    EXPECT_GT(serial_cost_ns(t), 0) << "and this process is still there";
    const task tame = t.tamed().make(3, 4);
    EXPECT_EQ(execute(tame, {}), workloads()[tame.workload]->reference(t.make(3, 4), {}));
}

TEST(faults, that_fill_memory_give_a_wrong_result_where_nothing_limits_it) {
    rlimit limit{};
    ASSERT_EQ(getrlimit(RLIMIT_AS, &limit), 0);
    if (limit.rlim_cur != RLIM_INFINITY) {
        GTEST_SKIP() << "the memory of this process is limited";
    }
    const task t = resolved("faults:kind=memory").make(0, 0);
    EXPECT_NE(execute(t, {}), workloads()[t.workload]->reference(t, {}));
}

}  // namespace
}  // namespace stratbench
