// The main of tests that launch trials: a trial process is the same executable, run again.

#include <gtest/gtest.h>

#include <cstring>

#include "harness/launch/trial_process.hpp"
#include "harness/trial/trial.hpp"

int main(int argc, char** argv) {
    if (argc == 2 && std::strcmp(argv[1], "trial") == 0) {
        return stratbench::trial_main(3);
    }
    testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}
