#include "harness/measure/usable_cpus.hpp"

#include <gtest/gtest.h>
#include <sched.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <system_error>

#include "harness/measure/cgroup.hpp"
#include "harness/measure/cpu_mask.hpp"
#include "tests/directory_fixture.hpp"

namespace stratbench {
namespace {

/// A directory that looks like a mounted cgroup file system.
class cgroup : public fixture::own_directory {
  protected:
    [[nodiscard]] cgroup_limits read() const {
        return read_cgroup_limits({root + "/self", root + "/mount"});
    }

    [[nodiscard]] cgroup_throttling throttling() const {
        return read_cgroup_throttling({root + "/self", root + "/mount"});
    }
};

TEST_F(cgroup, version_two_is_the_tightest_of_the_group_and_its_ancestors) {
    write("/self", "0::/a/b\n");
    write("/mount/a/b/cpu.max", "max 100000\n");
    write("/mount/a/cpu.max", "150000 100000\n");
    write("/mount/a/b/memory.max", "max\n");
    write("/mount/a/memory.max", "1048576\n");
    EXPECT_EQ(read().cpus, 1.5);
    EXPECT_EQ(read().memory_bytes, 1048576U);
}

TEST_F(cgroup, version_one_has_a_hierarchy_for_each_controller) {
    write("/self", "4:memory:/m\n3:cpuset:/\n1:cpu,cpuacct:/c\n");
    write("/mount/cpu/c/cpu.cfs_quota_us", "50000\n");
    write("/mount/cpu/c/cpu.cfs_period_us", "100000\n");
    write("/mount/memory/m/memory.limit_in_bytes", "2097152\n");
    write("/mount/memory/memory.limit_in_bytes", "9223372036854771712\n");
    EXPECT_EQ(read().cpus, 0.5);
    EXPECT_EQ(read().memory_bytes, 2097152U);
}

TEST_F(cgroup, in_a_container_the_root_of_the_mount_counts) {
    write("/self", "0::/not/visible/here\n");
    write("/mount/cpu.max", "300000 100000\n");
    EXPECT_EQ(read().cpus, 3.0);
}

TEST_F(cgroup, no_limit_is_no_limit) {
    write("/self", "1:cpu:/\n0::/\n");
    write("/mount/cpu/cpu.cfs_quota_us", "-1\n");
    write("/mount/cpu/cpu.cfs_period_us", "100000\n");
    EXPECT_FALSE(read().cpus);
    EXPECT_FALSE(read().memory_bytes);
}

TEST_F(cgroup, throttling_of_version_two_counts_in_microseconds) {
    write("/self", "0::/a/b\n");
    write("/mount/a/b/cpu.stat",
          "usage_usec 9\nnr_periods 8\nnr_throttled 3\nthrottled_usec 1500000\n");
    write("/mount/a/cpu.stat",
          "usage_usec 9\nnr_throttled 2\nthrottled_usec 250000\nnr_bursts 0\n");
    write("/mount/cpu.stat", "usage_usec 9\n");
    EXPECT_EQ(throttling().periods, 5U);
    EXPECT_EQ(throttling().stopped_s, 1.75);
}

TEST_F(cgroup, throttling_of_version_one_counts_in_nanoseconds) {
    write("/self", "4:memory:/m\n1:cpu,cpuacct:/c\n");
    write("/mount/cpu/c/cpu.stat", "nr_periods 8\nnr_throttled 3\nthrottled_time 500000000\n");
    write("/mount/memory/m/cpu.stat", "nr_throttled 7\n");
    EXPECT_EQ(throttling().periods, 3U);
    EXPECT_EQ(throttling().stopped_s, 0.5);
}

TEST_F(cgroup, without_a_quota_nothing_is_throttled) {
    write("/self", "0::/a\n");
    EXPECT_EQ(throttling().periods, 0U);
    EXPECT_EQ(throttling().stopped_s, 0);
}

TEST(usable_cpus, follow_the_affinity_mask) {
    cpu_set_t before;
    ASSERT_EQ(sched_getaffinity(0, sizeof before, &before), 0);
    int first = 0;
    while (!CPU_ISSET(first, &before)) {
        ++first;
    }
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(first, &one);
    ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
    EXPECT_EQ(usable_cpus(), 1);
    sched_setaffinity(0, sizeof before, &before);
    EXPECT_LE(usable_cpus(), CPU_COUNT(&before));
}

/// The kernel of a machine of 8,192 CPUs, of which this thread may use four.
int of_a_large_machine(pid_t /*thread*/, std::size_t bytes, cpu_set_t* set) {
    if (bytes < 1024) {
        errno = EINVAL;
        return -1;
    }
    for (const std::size_t cpu : {3U, 1023U, 1024U, 8191U}) {
        CPU_SET_S(cpu, bytes, set);
    }
    return 1024;
}

TEST(cpu_mask, grows_until_the_kernel_takes_it) {
    const cpu_mask all = cpu_mask::of_this_thread(of_a_large_machine);
    EXPECT_EQ(all.count(), 4);
    EXPECT_EQ(all.lowest(3).count(), 3);
    EXPECT_EQ(all.lowest(9).count(), 4);
}

TEST(cpu_mask, gives_each_of_its_cpus_by_itself) {
    const cpu_mask all = cpu_mask::of_this_thread();
    std::set<int> seen;
    for (int i = 0; i < all.count(); ++i) {
        EXPECT_EQ(all.single(i).count(), 1);
        all.single(i).confine_this_thread();
        seen.insert(sched_getcpu());
    }
    all.confine_this_thread();
    EXPECT_EQ(std::ssize(seen), all.count());
}

TEST(cpu_mask, ends_where_another_error_stays) {
    const auto never = [](pid_t, std::size_t, cpu_set_t*) {
        errno = EINVAL;
        return -1;
    };
    EXPECT_THROW(cpu_mask::of_this_thread(never), std::system_error);
}

}  // namespace
}  // namespace stratbench
