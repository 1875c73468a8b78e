#include "harness/base/process/children.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>

#include "harness/base/spec.hpp"
#include "tests/directory_fixture.hpp"

namespace stratbench {
namespace {

class proc : public fixture::own_directory {};

TEST_F(proc, tells_of_the_children_of_a_process_in_two_ways) {
    const pid_t child = ::fork();
    if (child == 0) {
        ::pause();
        ::_exit(0);
    }
    for (const auto& found : {children_of(::getpid()), children_by_parent(::getpid())}) {
        EXPECT_EQ(std::ranges::count(found, child), 1);
    }
    EXPECT_TRUE(children_of(child).empty());
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
}

TEST_F(proc, of_a_kernel_without_lists_is_searched_by_the_parents) {
    write("/10/stat", "10 (a) S 7 10 10 0 -1 4194304");
    write("/11/stat", "11 (b) R (c 7) S 8 10 10 0 -1 4194304");
    write("/12/stat", "12 (d 7)) Z 7 10 10 0 -1 4194304");
    write("/self/stat", "13 (e) S 7 10");
    std::vector<pid_t> found = children_by_parent(7, root);
    std::ranges::sort(found);
    EXPECT_EQ(found, (std::vector<pid_t>{10, 12}));
    EXPECT_TRUE(children_by_parent(7, root + "/nowhere").empty());
}

TEST_F(proc, that_does_not_show_this_process_is_refused) {
    EXPECT_NO_THROW(require_proc());
    EXPECT_THROW(require_proc(root), usage_error);
    std::filesystem::create_directories(root);
    std::filesystem::create_symlink("1", root + "/self");
    EXPECT_THROW(require_proc(root), usage_error) << "that of another namespace";
    std::filesystem::remove(root + "/self");
    std::filesystem::create_symlink(std::to_string(::getpid()), root + "/self");
    EXPECT_NO_THROW(require_proc(root));
}

}  // namespace
}  // namespace stratbench
