#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "tests/cli/workplace.hpp"

namespace stratbench::test {

/// Exit code 2, nothing on standard output, and one line on standard error that has `why` in it.
/// `given` is said where it is not so.
inline void expect_one_line(const outcome_of_run& got, const std::string& why,
                            const std::string& given = "") {
    EXPECT_EQ(got.exit_code, 2) << given << why;
    EXPECT_EQ(got.out, "") << given << why;
    EXPECT_EQ(std::count(got.err.begin(), got.err.end(), '\n'), 1) << given << got.err;
    EXPECT_NE(got.err.find(why), std::string::npos) << given << got.err << "\nlacks: " << why;
}

}  // namespace stratbench::test
