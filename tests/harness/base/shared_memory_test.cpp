#include "harness/base/shared_memory.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string>

namespace stratbench {
namespace {

TEST(shared_memory, belongs_to_its_user_alone_and_is_not_passed_on) {
    const shared_memory memory(4096);
    struct stat info {};
    ASSERT_EQ(::fstat(memory.fd(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0600U);
    EXPECT_NE(::fcntl(memory.fd(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST(shared_memory, has_no_name_in_the_file_system) {
    const shared_memory memory(4096);
    struct stat info {};
    ASSERT_EQ(::fstat(memory.fd(), &info), 0);
    EXPECT_EQ(info.st_nlink, 0U);
    for (const auto& entry : std::filesystem::directory_iterator("/dev/shm")) {
        struct stat other {};
        if (::stat(entry.path().c_str(), &other) != 0) {
            continue;
        }
        EXPECT_FALSE(other.st_dev == info.st_dev && other.st_ino == info.st_ino) << entry.path();
    }
}

TEST(shared_memory, cannot_be_opened_by_another_user) {
    if (::geteuid() != 0) {
        GTEST_SKIP() << "only root can become another user";
    }
    const shared_memory memory(4096);
    // Through its own copy of the descriptor: the way to that of another process is closed anyway.
    const std::string path = "/proc/self/fd/" + std::to_string(memory.fd());
    const pid_t child = ::fork();
    if (child == 0) {
        constexpr uid_t somebody = 54'321;
        if (::setgid(somebody) != 0 || ::setuid(somebody) != 0) {
            ::_exit(2);
        }
        ::_exit(::open(path.c_str(), O_RDONLY) < 0 && errno == EACCES ? 0 : 1);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace stratbench
