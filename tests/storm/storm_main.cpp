// A storm runs in a fresh process: this executable, run again as `storm_test storm REQUEST`.

#include <fcntl.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstring>

#include "tests/storm/storm.hpp"

int main(int argc, char** argv) {
    if (argc == 3 && std::strcmp(argv[1], "storm") == 0) {
        try {
            // Whoever wants to know when it has begun listens on descriptor 3.
            const int begun_fd = ::fcntl(3, F_SETFD, FD_CLOEXEC) == 0 ? 3 : -1;
            const auto request = stratbench::test::parse_storm(argv[2]);
            return stratbench::test::survive_storm(request, begun_fd) ? 0 : 1;
        } catch (const std::exception& error) {
            std::fprintf(stderr, "%s: %s\n", argv[2], error.what());
            return 2;
        }
    }
    testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}
