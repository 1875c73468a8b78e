// What is made of the bytes that workers print, without any process.

#include "strategies/engines/pool/output_lines.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "strategies/contract/task_output.hpp"
#include "strategies/engines/worker/output_marks.hpp"

namespace stratbench {
namespace {

constexpr pid_t worker = 100;
constexpr pid_t child = 200;

std::string begin(int id) {
    return std::string(mark_prefix) + "begin " + std::to_string(id) + "\n";
}
std::string end(int id) {
    return std::string(mark_prefix) + "end " + std::to_string(id) + "\n";
}
std::string gone(pid_t process, int id) {
    return std::string(mark_prefix) + "gone " + std::to_string(process) + " " + std::to_string(id) +
           "\n";
}

class printed_bytes : public testing::Test {
  protected:
    void expect(const std::vector<std::string>& wanted) {
        EXPECT_EQ(got, wanted);
        got.clear();
    }

    std::vector<std::string> got;
    std::size_t longest = 0;
    output_lines lines{worker, [this](const output_lines::found& line) {
                           longest = std::max(longest, line.text.size());
                           std::string label = "?";
                           if (line.task) {
                               label = std::to_string(*line.task);
                           }
                           got.push_back((line.likely ? "~" : "") + label + ": " +
                                         std::string(line.text.substr(0, 60)));
                       }};
};

TEST_F(printed_bytes, become_lines_of_the_task_between_whose_marks_they_are) {
    lines.add(worker, "before\n" + begin(7) + "one\ntwo\n" + end(7) + begin(8) + "three\n" +
                          end(8) + "after\n");
    expect({"?: before", "7: one", "7: two", "8: three", "?: after"});
}

TEST_F(printed_bytes, give_the_same_lines_however_they_are_cut) {
    const std::string all = begin(1) + "a line\n" + end(1) + begin(2) + "unfinished" + end(2);
    for (const char byte : all) {
        lines.add(worker, {&byte, 1});
    }
    expect({"1: a line", "2: unfinished"});
}

TEST_F(printed_bytes, that_end_without_a_newline_are_a_line_of_the_task_that_ended) {
    lines.add(worker, begin(1) + "half" + end(1) + begin(2) + "other half" + end(2));
    expect({"1: half", "2: other half"});
}

TEST_F(printed_bytes, of_a_worker_that_died_are_a_line_of_the_task_that_it_was_executing) {
    lines.add(worker, begin(42) + "last wor");
    expect({});
    lines.finish();
    expect({"42: last wor"});
}

TEST_F(printed_bytes, of_two_processes_are_never_joined) {
    lines.add(child, begin(1) + "from the ");
    lines.add(child + 1, begin(2) + "from another");
    lines.add(child, "child\n");
    lines.add(child + 1, "\n");
    expect({"1: from the child", "2: from another"});
}

TEST_F(printed_bytes, of_a_child_that_died_are_a_line_of_its_task_as_the_server_says) {
    lines.add(child, "last wor");
    lines.add(worker, gone(child, 42));
    expect({"42: last wor"});
}

TEST_F(printed_bytes, of_a_process_that_a_task_made_likely_belong_to_the_task) {
    lines.add(worker, begin(3));
    lines.add(child, "grandchild\n");
    expect({"~3: grandchild"});
}

TEST_F(printed_bytes, that_look_like_marks_are_text) {
    const std::vector<std::string> nearly{
        "begin", "begin x", "begin 1 2", "begin -1",
        "end",   "gone 1",  "gone x 1",  "begin 99999999999999999999999"};
    for (const std::string& each : nearly) {
        lines.add(worker, std::string(mark_prefix) + each + "\n");
    }
    EXPECT_EQ(got.size(), nearly.size());
    got.clear();
    // Only the server may say that a child is gone, and not that it is gone itself.
    lines.add(child, "still here");
    lines.add(child + 1, gone(child, 1));
    lines.add(worker, gone(worker, 1));
    lines.add(child, "\n");
    ASSERT_EQ(got.size(), 3U);
    EXPECT_EQ(got.back(), "?: still here");
}

TEST_F(printed_bytes, without_an_end_come_in_pieces_and_the_mark_behind_them_still_counts) {
    // Whatever the length, the mark may lie across the place where a piece would end.
    for (std::size_t more = 0; more < 100; ++more) {
        const std::string text(output_lines::longest_line - 50 + more, 'x');
        for (const char* const tail : {"", "\n"}) {
            lines.add(worker, begin(1) + text.substr(0, 60'000));
            lines.add(worker, text.substr(60'000) + tail + end(1) + "next\n");
            ASSERT_FALSE(got.empty());
            EXPECT_EQ(got.back(), "?: next") << more;
            for (std::size_t i = 0; i + 1 < got.size(); ++i) {
                ASSERT_EQ(got[i].substr(0, 4), "1: x");
            }
            got.clear();
        }
    }
    std::size_t bytes = 0;
    output_lines counting(worker, [&](const output_lines::found& line) {
        bytes += line.text.size();
        longest = std::max(longest, line.text.size());
    });
    const std::string megabyte(1 << 20, 'x');
    counting.add(worker, megabyte + "\n");
    EXPECT_EQ(bytes, megabyte.size());
    EXPECT_LE(longest, output_lines::longest_line);
}

TEST_F(printed_bytes, of_any_kind_are_survived) {
    std::mt19937 draw(4);
    const std::vector<std::string> parts{
        begin(1), end(1),  gone(child, 1), "\n",       std::string(mark_prefix),
        "\x1e",   "gone ", "begin 5\n",    "\xff\xfe", "text"};
    for (int i = 0; i < 100'000; ++i) {
        std::string bytes = parts[draw() % parts.size()];
        if (draw() % 3 == 0) {
            bytes += static_cast<char>(draw());
        }
        lines.add(worker + static_cast<pid_t>(draw() % 3000), bytes);
    }
    lines.finish();
    EXPECT_FALSE(got.empty());
}

TEST(labelled_text, names_strategy_worker_and_task) {
    EXPECT_EQ(labelled_text("pool_map", {.worker = 1, .process = 77, .task = 42, .text = "hello"}),
              "[pool_map worker 1 task 42] hello");
    EXPECT_EQ(labelled_text("pool_map", {.worker = 1, .task = 42, .likely = true, .text = "x"}),
              "[pool_map worker 1 task ~42] x");
    EXPECT_EQ(labelled_text("process_per_task", {.process = 77, .task = 42, .text = "x"}),
              "[process_per_task process 77 task 42] x");
    EXPECT_EQ(labelled_text("sync", {.task = 42, .text = "x"}), "[sync task 42] x");
    EXPECT_EQ(labelled_text("", {.worker = 0, .text = ""}), "[worker 0] ");
}

TEST(labelled_text, has_nothing_in_it_that_a_terminal_obeys) {
    const auto text = [](std::string_view bytes) {
        return labelled_text("s", {.text = bytes}).substr(4);
    };
    EXPECT_EQ(text("a\tb \x1b[31m\r\x07\x7f"), "a\tb \\x1b[31m\\x0d\\x07\\x7f");
    EXPECT_EQ(text(std::string_view("\0", 1)), "\\x00");
    EXPECT_EQ(text("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"), "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80")
        << "UTF-8 stays";
    EXPECT_EQ(text("\xc2\x9b"), "\\xc2\\x9b") << "a control character in UTF-8";
    EXPECT_EQ(text("\xc3"), "\\xc3") << "cut short";
    EXPECT_EQ(text("\xc0\xaf\xed\xa0\x80\xf5\x80\x80\x80\xff"),
              "\\xc0\\xaf\\xed\\xa0\\x80\\xf5\\x80\\x80\\x80\\xff");
}

}  // namespace
}  // namespace stratbench
