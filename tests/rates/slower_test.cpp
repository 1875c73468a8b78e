// This executable's sqrt_log is the slower one, as in the binaries that are made to be found.

#include <gtest/gtest.h>

#include "workloads/task_template.hpp"

namespace stratbench {
namespace {

const workload& sqrt_log() {
    return *workloads()[workload_index("sqrt_log")];
}

TEST(slower, takes_the_place_of_the_workload_and_gives_the_same_result) {
    EXPECT_NE(sqrt_log().execute, sqrt_log().reference) << "the library's own was linked";
    const task_template model = resolve_workload(parse_spec("sqrt_log:n=1000", "workload"));
    const task t = model.make(0, 0);
    EXPECT_EQ(sqrt_log().execute(t, {}), sqrt_log().reference(t, {}));
}

}  // namespace
}  // namespace stratbench
