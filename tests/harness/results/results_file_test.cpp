#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "harness/base/files/file.hpp"
#include "harness/base/files/file_identity.hpp"
#include "harness/base/files/output.hpp"
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
    EXPECT_THROW(write_atomically(folder / "taken", "x"), usage_error);
    EXPECT_THROW(write_atomically(folder / "missing" / "file", "x"), usage_error);
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
    EXPECT_TRUE(output("/dev/null").is_stream());
    EXPECT_NO_THROW(write_atomically("/dev/null", "x"));
    EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST_F(results_file, checking_changes_nothing) {
    const auto path = put("old.json", "precious");
    const output existing(path);
    EXPECT_EQ(content(path), "precious");
    const output fresh(folder / "new.json");
    EXPECT_EQ(entries(), 1U);
}

TEST_F(results_file, a_name_is_written_that_is_as_long_as_the_file_system_takes) {
    const auto path = folder / std::string(255, 'n');
    write_atomically(path, "x");
    EXPECT_EQ(content(path), "x");
    EXPECT_THROW(output{folder / std::string(256, 'n')}, usage_error);
    EXPECT_EQ(entries(), 1U);
}

TEST_F(results_file, a_link_to_what_is_not_there_yet_stays_a_link) {
    fs::create_symlink("real.json", folder / "link.json");
    write_atomically(folder / "link.json", "new");
    EXPECT_TRUE(fs::is_symlink(folder / "link.json"));
    EXPECT_EQ(content(folder / "real.json"), "new");
}

TEST_F(results_file, a_file_whose_folder_takes_no_other_is_written_in_place) {
    if (::geteuid() == 0) {
        GTEST_SKIP() << "root may write anywhere";
    }
    const auto path = put("old.json", "old and longer");
    ::chmod(folder.c_str(), 0500);
    output(path).write("new");
    ::chmod(folder.c_str(), 0700);
    EXPECT_EQ(content(path), "new");
}

TEST_F(results_file, an_error_names_what_was_asked_for) {
    const auto path = folder / "gone" / "r.json";
    fs::create_directory(folder / "gone");
    output place(path);
    fs::remove_all(folder / "gone");
    try {
        place.write("x");
        FAIL() << "written";
    } catch (const usage_error& error) {
        EXPECT_EQ(error.what(), path.string() + ": cannot be written: No such file or directory");
    }
}

TEST_F(results_file, two_paths_to_one_file_have_one_identity_even_before_it_is_there) {
    const auto path = put("real.json", "x");
    fs::create_symlink("real.json", folder / "link.json");
    fs::create_hard_link(path, folder / "hard.json");
    fs::create_symlink("later.json", folder / "dangling.json");
    fs::create_directory(folder / "sub");
    EXPECT_EQ(identity_of(path), identity_of(folder / "link.json"));
    EXPECT_EQ(identity_of(path), identity_of(folder / "hard.json"));
    EXPECT_EQ(identity_of(folder / "later.json"), identity_of(folder / "dangling.json"));
    EXPECT_EQ(identity_of(folder / "later.json"),
              identity_of(folder / "sub" / ".." / "later.json"));
    EXPECT_NE(identity_of(folder / "later.json"), identity_of(folder / "sub" / "later.json"));
}

TEST_F(results_file, what_is_read_is_a_file_or_ends) {
    EXPECT_THROW(read_file("/dev/zero"), usage_error);
    EXPECT_THROW(read_file("/dev/tty"), usage_error);
    EXPECT_EQ(read_file(put("a", "text")), "text");
    EXPECT_FALSE(read_file("/proc/self/status").empty());
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    ASSERT_EQ(::write(ends[1], "piped", 5), 5);
    ::close(ends[1]);
    EXPECT_EQ(read_file("/dev/fd/" + std::to_string(ends[0])), "piped");
    ::close(ends[0]);
}

TEST_F(results_file, an_object_of_very_many_keys_is_refused_and_not_searched) {
    std::string keys = "{";
    for (int i = 0; i < 200'000; ++i) {
        keys += (i > 0 ? ",\"k" : "\"k") + std::to_string(i) + "\":0";
    }
    EXPECT_NE(refusal(put("keys", keys + "}")).find("more than 1000 keys"), std::string::npos);
}

TEST_F(results_file, a_key_that_an_object_has_twice_is_refused) {
    EXPECT_NE(refusal(put("twice", R"({"a": {"b": 1, "c": 2, "b": 3}})"))
                  .find("key 'b' stands there twice"),
              std::string::npos);
    EXPECT_EQ(refusal(put("apart", R"({"a": {"b": 1}, "b": 2})")).find("twice"), std::string::npos);
}

TEST_F(results_file, an_unwritable_path_is_a_usage_error) {
    for (const fs::path& path :
         {folder / "missing" / "file", folder, fs::path(""), folder / "slash" / "",
          put("file", "") / "below", fs::path("/proc/self/comm")}) {
        EXPECT_THROW(output{path}, usage_error) << path;
    }
    if (::geteuid() != 0) {  // root may write anywhere
        ::chmod(folder.c_str(), 0500);
        EXPECT_THROW(output{folder / "new.json"}, usage_error);
        ::chmod(folder.c_str(), 0700);
    }
}

TEST_F(results_file, unreadable_files_are_refused_with_one_line_that_names_them) {
    EXPECT_NE(refusal(folder / "none.json").find("cannot be read: No such file"),
              std::string::npos);
    EXPECT_NE(refusal(folder).find("is a directory"), std::string::npos);
    EXPECT_NE(refusal(put("a", "{\"x\": ")).find("a: not JSON: it ends too early, after 6 bytes"),
              std::string::npos);
    EXPECT_NE(refusal(put("b", "\xff\n\x01")).find("b: not JSON"), std::string::npos);
    EXPECT_NE(refusal(put("c", "")).find("c: not JSON"), std::string::npos);
    EXPECT_NE(
        refusal(put("d", "{\"a\": 1e999}")).find("/d: the number 1e999 at byte 7 is out of range"),
        std::string::npos);
    EXPECT_NE(refusal(put("g", "{\"a\": NaN}")).find("g: not JSON: unexpected 'N' at byte 7"),
              std::string::npos);
    EXPECT_NE(refusal(put("e", "{}")).find("e: not a results file of stratbench"),
              std::string::npos);
    EXPECT_NE(refusal(put("f", std::string(100'000, '['))).find("f: not JSON"), std::string::npos);
    for (const char* name : {"a", "b", "c", "d", "e", "f"}) {
        EXPECT_EQ(refusal(folder / name).find('\n'), std::string::npos);
    }
}

}  // namespace
}  // namespace stratbench
