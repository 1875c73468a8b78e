#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "harness/base/file.hpp"
#include "harness/base/spec.hpp"
#include "harness/results/file.hpp"
#include "tests/harness/results/results_fixture.hpp"

namespace stratbench {
namespace {

namespace fs = std::filesystem;

class results_file : public testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = (fs::temp_directory_path() / "results_file.XXXXXX").string();
        folder = ::mkdtemp(pattern.data());
    }
    void TearDown() override { fs::remove_all(folder); }

    [[nodiscard]] std::size_t entries() const {
        return static_cast<std::size_t>(
            std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
    }
    fs::path put(const char* name, const std::string& content) {
        std::ofstream(folder / name) << content;
        return folder / name;
    }
    static std::string content(const fs::path& path) {
        std::ostringstream all;
        all << std::ifstream(path).rdbuf();
        return all.str();
    }
    static std::string refusal(const fs::path& path) {
        try {
            load_results(path);
        } catch (const usage_error& error) {
            return error.what();
        }
        return "accepted";
    }

    fs::path folder;
};

TEST_F(results_file, what_is_saved_is_loaded_equal_and_leaves_no_temporary_file) {
    const auto path = folder / "results.json";
    save_results(fixture::full_study(), path);
    EXPECT_EQ(load_results(path), fixture::full_study());
    save_results(fixture::full_study(), path);
    EXPECT_EQ(entries(), 1U);
}

TEST_F(results_file, a_write_that_fails_keeps_the_old_content_and_leaves_nothing) {
    fs::create_directory(folder / "taken");
    EXPECT_THROW(write_atomically(folder / "taken", "x"), std::system_error);
    EXPECT_THROW(write_atomically(folder / "missing" / "file", "x"), std::system_error);
    EXPECT_EQ(entries(), 1U);
}

TEST_F(results_file, replacing_keeps_the_mode_and_symbolic_links) {
    const auto path = put("real.json", "old");
    ::chmod(path.c_str(), 0640);
    fs::create_symlink("real.json", folder / "link.json");
    write_atomically(folder / "link.json", "new");
    EXPECT_TRUE(fs::is_symlink(folder / "link.json"));
    EXPECT_EQ(content(path), "new");
    EXPECT_EQ(static_cast<int>(fs::status(path).permissions()), 0640);
}

TEST_F(results_file, a_device_is_written_to_and_not_replaced) {
    EXPECT_NO_THROW(check_writable("/dev/null"));
    EXPECT_NO_THROW(write_atomically("/dev/null", "x"));
    EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST_F(results_file, checking_changes_nothing) {
    const auto path = put("old.json", "precious");
    check_writable(path);
    EXPECT_EQ(content(path), "precious");
    check_writable(folder / "new.json");
    EXPECT_EQ(entries(), 1U);
}

TEST_F(results_file, an_unwritable_path_is_a_usage_error) {
    for (const fs::path& path : {folder / "missing" / "file", folder, fs::path(""),
                                 folder / "slash" / "", put("file", "") / "below"}) {
        EXPECT_THROW(check_writable(path), usage_error) << path;
    }
    if (::geteuid() != 0) {  // root may write anywhere
        ::chmod(folder.c_str(), 0500);
        EXPECT_THROW(check_writable(folder / "new.json"), usage_error);
        ::chmod(folder.c_str(), 0700);
    }
}

TEST_F(results_file, unreadable_files_are_refused_with_one_line_that_names_them) {
    EXPECT_NE(refusal(folder / "none.json").find("cannot be read: No such file"),
              std::string::npos);
    EXPECT_NE(refusal(folder).find("is a directory"), std::string::npos);
    EXPECT_NE(refusal(put("a", "{\"x\": ")).find("a: not JSON: error at byte 7 of 6"),
              std::string::npos);
    EXPECT_NE(refusal(put("b", "\xff\n\x01")).find("b: not JSON"), std::string::npos);
    EXPECT_NE(refusal(put("c", "")).find("c: not JSON"), std::string::npos);
    EXPECT_NE(refusal(put("d", "{\"a\": 1e999}")).find("/d: "), std::string::npos);
    EXPECT_NE(refusal(put("e", "{}")).find("e: not a results file of stratbench"),
              std::string::npos);
    EXPECT_NE(refusal(put("f", std::string(100'000, '['))).find("f: not JSON"), std::string::npos);
    for (const char* name : {"a", "b", "c", "d", "e", "f"}) {
        EXPECT_EQ(refusal(folder / name).find('\n'), std::string::npos);
    }
}

}  // namespace
}  // namespace stratbench
