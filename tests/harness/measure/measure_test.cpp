// The machine's own figures, read from files that look like its.

#include <gtest/gtest.h>
#include <sched.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "harness/judge/harness_cost.hpp"
#include "harness/measure/energy_meter.hpp"
#include "harness/measure/event_counters.hpp"
#include "harness/measure/machine_cpu.hpp"
#include "harness/measure/process_tree.hpp"
#include "harness/measure/processor.hpp"
#include "harness/model/labels.hpp"
#include "harness/study/environment.hpp"
#include "harness/study/warnings.hpp"
#include "harness/trial/loop_lag.hpp"
#include "tests/directory_fixture.hpp"

namespace stratbench {
namespace {

/// A directory that looks like the root of a machine.
class machine_files : public fixture::own_directory {
  protected:
    void write_zone(const std::string& zone, const std::string& name, const std::string& used) {
        const std::string directory = "/sys/class/powercap/" + zone;
        write(directory + "/name", name + "\n");
        write(directory + "/energy_uj", used + "\n");
        write(directory + "/max_energy_range_uj", "10000000\n");
    }
    [[nodiscard]] std::vector<std::string> warned(const environment& machine, int rounds = 5) {
        study_plan plan;
        plan.rounds = rounds;
        std::vector<std::string> codes;
        for (const warning& w : warnings_before(machine, plan, root)) {
            EXPECT_FALSE(w.advice.empty());
            codes.push_back(w.code);
        }
        return codes;
    }
};

TEST_F(machine_files, a_processor_is_known_by_its_name_and_on_arm_by_its_parts) {
    const auto name_of = [&](const std::string& cpuinfo) {
        write("/proc/cpuinfo", cpuinfo);
        return processor_name(root);
    };
    EXPECT_EQ(processor_name("/nowhere"), "");
    EXPECT_EQ(name_of("processor\t: 0\nmodel name\t: Fast CPU\n\nprocessor\t: 1\n"
                      "model name\t: Fast CPU\n"),
              "Fast CPU");
    const auto arm = [](const char* part) {
        return std::string("processor : 0\nCPU implementer : 0x41\nCPU architecture: 8\n") +
               "CPU variant : 0x3\nCPU part : " + part + "\nCPU revision : 1\n\n";
    };
    EXPECT_EQ(name_of(arm("0xd0c")), "cpu 0x41/0xd0c/0x3");
    EXPECT_NE(name_of(arm("0xd0c")), name_of(arm("0xd40")));
    EXPECT_EQ(name_of(arm("0xd05") + arm("0xd05") + arm("0xd0b")),
              "cpu 0x41/0xd05/0x3, cpu 0x41/0xd0b/0x3")
        << "large and small cores";
    EXPECT_EQ(name_of("processor : 0\ncpu : POWER9\n"), "POWER9");
    EXPECT_EQ(name_of("processor : 0\nisa : rv64gc\nuarch : sifive,u74\n"), "sifive,u74");
}

using codes = std::vector<std::string>;

TEST_F(machine_files, energy_is_the_sum_over_the_packages_and_nothing_below_them) {
    write_zone("intel-rapl:0", "package-0", "1000000");
    write_zone("intel-rapl:0:0", "core", "77");
    write_zone("intel-rapl:1", "package-1", "5000000");
    write_zone("intel-rapl:2", "psys", "88");
    const energy_meter meter(root);
    EXPECT_EQ(meter.absent(), "");
    EXPECT_EQ(meter.joules(), 0.0);
    write_zone("intel-rapl:0", "package-0", "1500000");
    write_zone("intel-rapl:0:0", "core", "99999");
    write_zone("intel-rapl:1", "package-1", "7000000");
    write_zone("intel-rapl:2", "psys", "99999");
    EXPECT_EQ(meter.joules(), 2.5);
}

TEST_F(machine_files, the_energy_meter_may_start_again_at_zero) {
    write_zone("intel-rapl:0", "package-0", "9000000");
    const energy_meter meter(root);
    write_zone("intel-rapl:0", "package-0", "500000");
    EXPECT_EQ(meter.joules(), 1.5);
}

TEST_F(machine_files, no_energy_meter_is_explained) {
    const energy_meter none(root);
    EXPECT_NE(none.absent().find("RAPL"), std::string::npos);
    EXPECT_FALSE(none.joules());
    write_zone("intel-rapl:0", "package-0", "1");
    write_zone("intel-rapl:1", "package-1", "not for you");
    const energy_meter refused(root);
    EXPECT_NE(refused.absent().find("root"), std::string::npos) << refused.absent();
    EXPECT_FALSE(refused.joules());
}

TEST_F(machine_files, busy_and_stolen_time_of_the_machine) {
    write("/proc/stat", "cpu  100 20 30 1000 500 6 4 50 7 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n");
    const std::int64_t tick_ns = 1'000'000'000 / sysconf(_SC_CLK_TCK);
    EXPECT_EQ(read_machine_cpu(root).busy_ns, 160 * tick_ns);
    EXPECT_EQ(read_machine_cpu(root).steal_ns, 50 * tick_ns);
}

TEST_F(machine_files, heat_is_counted_over_all_cpus) {
    EXPECT_EQ(thermal_throttles(root), 0U);
    write("/sys/devices/system/cpu/cpu0/thermal_throttle/core_throttle_count", "3\n");
    write("/sys/devices/system/cpu/cpu1/thermal_throttle/core_throttle_count", "4\n");
    write("/sys/devices/system/cpu/cpu1/thermal_throttle/package_throttle_count", "5\n");
    EXPECT_EQ(thermal_throttles(root), 12U);
}

TEST_F(machine_files, a_machine_without_faults_is_not_warned_about) {
    environment machine;
    machine.governor = "performance";
    machine.build_type = "release";
    EXPECT_EQ(warned(machine), codes{});
}

TEST_F(machine_files, each_fault_of_a_machine_has_its_warning) {
    environment machine;
    machine.build_type = "debug";
    EXPECT_EQ(warned(machine), codes{"debug_build"});
    machine.build_type = "release";
    machine.governor = "powersave";
    EXPECT_EQ(warned(machine), codes{"no_cpu_governor_performance"});
    machine.governor = "";
    machine.online_cpus = 4;
    machine.cgroup_cpu_limit = 1.5;
    EXPECT_EQ(warned(machine), codes{"throttled_cgroup"});
    machine.cgroup_cpu_limit.reset();
    write("/sys/devices/system/cpu/smt/active", "1\n");
    EXPECT_EQ(warned(machine), codes{"smt"});
    write("/sys/devices/system/cpu/smt/active", "0\n");
    write("/proc/sys/kernel/randomize_va_space", "2\n");
    EXPECT_EQ(warned(machine), codes{}) << "enough rounds average over it";
    EXPECT_EQ(warned(machine, 2), (codes{"aslr", "few_rounds"}));
}

TEST(warnings, a_speed_that_changed_without_steal_is_said_with_by_how_much) {
    cell_result cell;
    cell.summary.speed_spread = 0.83;
    EXPECT_TRUE(warnings_after({cell}, 0).empty()) << "the label decides";
    cell.labels.emplace_back(label::hidden_steal);
    const auto result = warnings_after({cell, cell_result{}}, 0);
    ASSERT_EQ(result.size(), 1U);
    EXPECT_EQ(result[0].code, "hidden_steal");
    EXPECT_NE(result[0].message.find("83 % longer"), std::string::npos) << result[0].message;
    EXPECT_NE(result[0].message.find("1 of 2 cells"), std::string::npos) << result[0].message;
}

TEST(warnings, a_rate_that_was_found_while_the_cpus_were_slow_is_said) {
    cell_result cell;
    cell.planned.workload = "noop";
    cell.planned.serial_ns = 1500;
    cell.planned.load = {
        .kind = load_plan::shape::poisson, .text = "poisson:80%sync", .rate_per_s = 1000};
    cell.trials.resize(8);
    for (trial_record& t : cell.trials) {
        t.cpu.serial_task_ns = 1300;
    }
    EXPECT_TRUE(warnings_after({cell}, 0).empty()) << "by a seventh";
    cell.trials[3].cpu.serial_task_ns = 100;
    EXPECT_TRUE(warnings_after({cell}, 0).empty()) << "one reading is none";
    for (std::size_t i = 0; i < 4; ++i) {
        cell.trials[i].cpu.serial_task_ns = 1000;
    }
    const auto result = warnings_after({cell}, 0);
    ASSERT_EQ(result.size(), 1U);
    EXPECT_EQ(result[0].code, "slow_start");
    EXPECT_NE(result[0].message.find("50 % more"), std::string::npos) << result[0].message;
    cell.planned.load.text = "poisson:1000/s";
    EXPECT_TRUE(warnings_after({cell}, 0).empty());
    cell.planned.load = {.kind = load_plan::shape::trace, .text = "trace:of%sync"};
    EXPECT_TRUE(warnings_after({cell}, 0).empty()) << "the name of a file";
}

TEST(warnings, what_happened_to_trials_is_counted_for_each_label_of_the_machine) {
    cell_result cell;
    cell.trials.resize(3);
    for (const auto label : {label::steal, label::foreign_load, label::throttled}) {
        cell.trials[1].labels.emplace_back(label);
    }
    codes seen;
    for (const warning& w : warnings_after({cell}, 0)) {
        EXPECT_NE(w.message.find("1 of 3 trials"), std::string::npos) << w.message;
        EXPECT_FALSE(w.advice.empty());
        seen.push_back(w.code);
    }
    EXPECT_EQ(seen, (codes{"steal", "foreign_load", "throttled_cgroup"}));
    ASSERT_EQ(warnings_after({}, 7).size(), 1U);
    EXPECT_EQ(warnings_after({}, 7)[0].code, "thermal");
}

TEST(warnings, only_those_about_the_environment_are_named_to_the_strict) {
    const std::vector<warning> plan = {
        make_warning("few_rounds", "a"), make_warning("oversubscribed", "b"),
        make_warning("harness_overhead", "c"), make_warning("pacing", "d")};
    EXPECT_EQ(environment_line(plan), "");
    for (const warning_entry& entry : warning_codes()) {
        const std::vector<warning> one = {plan[0], make_warning(entry.code, "as seen")};
        const std::string line = environment_line(one);
        if (entry.about == finding::of_the_plan) {
            continue;
        }
        EXPECT_NE(line.find("as seen"), std::string::npos);
        EXPECT_NE(line.find(entry.advice), std::string::npos);
    }
}

TEST(warnings, the_harness_costs_its_stamps_and_its_hand_over) {
    environment machine;
    machine.stamp_ns = 40;
    machine.hand_over_ns = 60;
    cell what;
    what.serial_ns = 1000;
    EXPECT_DOUBLE_EQ(harness_cost(what, machine).value(), 0.1);
    what.stamp_one_in = 4;
    EXPECT_DOUBLE_EQ(harness_cost(what, machine).value(), 0.07);
    study_plan plan;
    plan.rounds = 5;
    plan.cells = {what};
    machine.build_type = "release";
    const auto warned = warnings_before(machine, plan, "/no/such/root");
    ASSERT_EQ(warned.size(), 1U);
    EXPECT_EQ(warned[0].code, "harness_overhead");
    plan.cells[0].serial_ns = 10'000;
    EXPECT_TRUE(warnings_before(machine, plan, "/no/such/root").empty());
}

TEST(loop_lag, is_the_lag_of_all_beats_and_the_record_keeps_the_worst_of_each_step) {
    std::vector<heartbeat> beats;
    for (std::int64_t i = 0; i < 1200; ++i) {
        beats.push_back({1000 + i, i % 3 == 1 ? 100 + i : 5});
    }
    trial_record record;
    analyse_heartbeats(beats, 1000, record);
    ASSERT_TRUE(record.front_end.loop_lag);
    EXPECT_EQ(record.front_end.loop_lag->beats, 1200U);
    EXPECT_EQ(record.front_end.loop_lag->p50_ns, 5);
    EXPECT_EQ(record.front_end.loop_lag->max_ns, 100 + 1198);
    EXPECT_EQ(record.front_end.loop_lag->p99_ns, 100 + 1162);
    ASSERT_EQ(record.heartbeats.size(), 400U);
    for (const loop_beat& beat : record.heartbeats) {
        EXPECT_EQ(beat.lag_ns, 100 + beat.at_ns);
    }
}

TEST(loop_lag, of_no_loop_is_absent_and_of_a_few_beats_is_kept_whole) {
    trial_record record;
    analyse_heartbeats({}, 0, record);
    EXPECT_FALSE(record.front_end.loop_lag);
    analyse_heartbeats(std::vector<heartbeat>{{7, 1}, {8, 2}}, 5, record);
    EXPECT_EQ(record.heartbeats, (std::vector<loop_beat>{{2, 1}, {3, 2}}));
}

TEST(process_usage, between_two_readings_is_never_below_nothing_and_keeps_the_sum_of_cpu_time) {
    const process_usage before{0, 5'000'000, 3, 1, 12, 0};
    // A tick in user mode later the kernel takes most of what it had called system for user.
    const process_usage moved = used_between(before, {20'000'000, 4'000'000, 5, 1, 10, 0});
    EXPECT_EQ(moved.system_ns, 0);
    EXPECT_EQ(moved.user_ns, 19'000'000);
    EXPECT_EQ(moved.voluntary_switches, 2);
    EXPECT_EQ(moved.minor_faults, 0);
    const process_usage back = used_between({9'000'000, 0}, {1'000'000, 12'000'000});
    EXPECT_EQ(back.system_ns, 4'000'000);
    EXPECT_EQ(back.user_ns, 0);
    EXPECT_EQ(used_between({5, 5}, {4, 5}).cpu_ns(), 0);
}

TEST(event_counters, count_what_threads_made_later_do_or_say_why_not) {
    const int before = descriptor_count();
    {
        const event_counters counters;
        EXPECT_EQ(descriptor_count() - before, counters.descriptors());
        const auto began = counters.read();
        std::thread([] {
            cpu_set_t usable;
            sched_getaffinity(0, sizeof usable, &usable);
            for (int round = 0; round < 10; ++round) {
                for (std::size_t cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
                    if (!CPU_ISSET(cpu, &usable)) {
                        continue;
                    }
                    cpu_set_t one;
                    CPU_ZERO(&one);
                    CPU_SET(cpu, &one);
                    sched_setaffinity(0, sizeof one, &one);
                }
            }
        }).join();
        const auto counted = counters.read() - began;
        cpu_set_t usable;
        sched_getaffinity(0, sizeof usable, &usable);
        EXPECT_EQ(counted.migrations.has_value(), counters.migrations_absent().empty());
        if (counted.migrations && CPU_COUNT(&usable) > 1) {
            EXPECT_GE(*counted.migrations, 10U);
        }
        EXPECT_EQ(counted.hardware.cycles.has_value(), counters.hardware_absent().empty());
        EXPECT_GT(counted.hardware.cycles.value_or(1), 0U);
    }
    EXPECT_EQ(descriptor_count(), before);
}

}  // namespace
}  // namespace stratbench
