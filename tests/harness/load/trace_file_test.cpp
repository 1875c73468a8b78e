#include "harness/load/trace_file.hpp"

#include <gtest/gtest.h>

#include <string>

#include "harness/base/spec.hpp"
#include "tests/temporary_file.hpp"

namespace stratbench {
namespace {

using times = std::vector<std::int64_t>;

times due_times(const std::string& content, double speed = 1) {
    const test::temporary_file file(content);
    return read_trace(file.path(), speed).due_ns;
}

/// What is said of a file with this content, behind its name.
std::string file_refusal(const std::string& content, double speed = 1) {
    const test::temporary_file file(content);
    try {
        read_trace(file.path(), speed);
    } catch (const usage_error& error) {
        const std::string text = error.what(), name = "trace '" + file.path() + "': ";
        return text.starts_with(name) ? text.substr(name.size()) : "without its name: " + text;
    }
    return "";
}

TEST(trace_file, is_seconds_in_the_first_column) {
    EXPECT_EQ(due_times("0\n0.25\n0.25\n1e0\n"),
              (times{0, 250'000'000, 250'000'000, 1'000'000'000}));
    EXPECT_EQ(due_times("0.000000001"), times{1}) << "without a line break at the end";
}

TEST(trace_file, may_have_names_comments_blank_lines_and_further_columns) {
    EXPECT_EQ(
        due_times("\xef\xbb\xbf# of Monday\r\n\r\n due ,who\r\n 1 ,7\r\n  \r\n# noon\r\n2,x\r\n"),
        (times{1'000'000'000, 2'000'000'000}));
}

TEST(trace_file, is_played_as_many_times_as_fast_as_asked) {
    EXPECT_EQ(due_times("0\n1\n3\n", 2), (times{0, 500'000'000, 1'500'000'000}));
    EXPECT_EQ(due_times("0\n1\n", 0.5), (times{0, 2'000'000'000}));
}

TEST(trace_file, is_known_by_its_content) {
    const test::temporary_file one("0\n1\n"), same("0\n1\n"), other("0\n2\n");
    EXPECT_EQ(read_trace(one.path(), 1).hash, read_trace(same.path(), 1).hash);
    EXPECT_NE(read_trace(one.path(), 1).hash, read_trace(other.path(), 1).hash);
}

TEST(trace_file, what_is_wrong_is_said_with_its_line) {
    EXPECT_EQ(file_refusal(""), "not a CSV file of due times: this is an empty file");
    EXPECT_EQ(file_refusal("# nothing\n\ntime\n"), "has no due time in it");
    EXPECT_EQ(file_refusal("0\n\nx,1\n"),
              "line 3: 'x' is not a number; accepted are seconds from the start, as in 0.25");
    for (const char* wrong :
         {"time\nname\n", "0\n1.5x\n", "# c\n0x10\n", "0\n,5\n", "0\n+1\n", "names\n+1\n"}) {
        EXPECT_TRUE(file_refusal(wrong).starts_with("line 2: ")) << wrong << file_refusal(wrong);
        EXPECT_NE(file_refusal(wrong).find("is not a number"), std::string::npos) << wrong;
    }
    EXPECT_NE(file_refusal("+1\n2\n").find("line 1: '+1' is not a number"), std::string::npos)
        << "a due time with a mistake is no column's name";
    for (const char* wrong : {"0\n-1\n", "time\n-0.5\n", "0\nnan\n", "0\ninf\n"}) {
        EXPECT_TRUE(file_refusal(wrong).starts_with("line 2: ")) << wrong << file_refusal(wrong);
        EXPECT_NE(file_refusal(wrong).find("is no due time"), std::string::npos) << wrong;
    }
    EXPECT_EQ(file_refusal("1\n3\n2\n"), "line 3: 2 s comes after 3 s; sort the file");
    EXPECT_NE(file_refusal("0\n3601\n").find("line 2: 3601 s is too late"), std::string::npos);
    EXPECT_EQ(file_refusal("0\n3601\n", 2), "");
}

TEST(trace_file, what_may_mean_something_else_is_refused) {
    const std::vector<std::pair<const char*, const char*>> doubtful = {
        {"0,00\n0,25\n0,50\n", "may be decimal commas"},
        {"0,25\n", "may be decimal commas"},
        {"0,0,7\n0,25,8\n", "may be decimal commas"},
        {"time\n0,25\n0,50\n", "line 2: has 2 columns below 1 name"},
        {"0,25;7\n", "line 1: has a semicolon"},
        {"time;size\n0;7\n", "line 1: has a semicolon"},
        {"0,0.0\n1,0.25\n2,0.5\n", "may number the lines"},
        {"1,0.0\n2,0.25\n3,0.5\n", "may number the lines"},
        {"id,time\n0,0.0\n1,0.25\n", "the first column is 'id'"},
        {"row_number,time\n0,0.0\n1,0.25\n", "the first column is 'row_number'"},
        {"0\n0,5\n1\n1,5\n", "line 2: has 2 columns where lines before have 1"},
        {"0\n0.5\n1,000\n", "line 3: has 2 columns where lines before have 1"},
        {"0.5,a\n1\n", "line 2: has 1 column where lines before have 2"},
        {"size,time\n5,0.1\n6,0.2\n", "the first column is 'size'; accepted are due times"},
        {"latency,size,arrival_time\n5,1,0.1\n", "the first column is 'latency'"},
        {"service_time,due\n5,0.1\n", "the first column is 'service_time'"},
        {"gap\n0\n1\n", "the first column is 'gap'; accepted are due times in it, in seconds from"},
        {"iat\n0\n1\n", "not from one to the next"},
        {"inter_arrival_time\n0\n1\n", "not from one to the next"},
        {"interarrival,time\n0,1\n", "not from one to the next"},
        {"dt\n0\n1\n", "not from one to the next"},
        {"h\n0\n1\n", "the first column is 'h'; accepted are seconds"},
        {"time [\xc2\xb5s]\n0\n1\n", "accepted are seconds"},
        {",time\n0,0.0\n1,0.25\n", "line 1: '' is not a number"},
        {"time_ms\n0\n250\n", "the first column is 'time_ms'"},
        {"\"timeMs\",size\n0,1\n250,1\n", "the first column is 'timeMs'"},
        {"\"0.0\"\n\"0.5\"\n", "line 1: '\"0.0\"' is not a number"},
        {"0 0.25\n", "line 1: '0 0.25' is not a number"},
        {"0\t7\n", "is not a number"},
        {"#!/bin/sh\necho\n", "this is a script"},
        {"\x1f\x8b\x08", "this is gzip"},
        {"\xff\xfe"
         "0",
         "this is UTF-16"},
        {"<!DOCTYPE html>", "this is HTML"}};
    for (const auto& [content, why] : doubtful) {
        EXPECT_NE(file_refusal(content).find(why), std::string::npos) << content << '\n'
                                                                      << file_refusal(content);
    }
}

TEST(trace_file, may_have_columns_that_mean_nothing_else) {
    EXPECT_EQ(due_times("time,size\n0,25\n1,50\n2,75\n").size(), 3U);
    EXPECT_EQ(due_times("0.5,x\n1.5,y\n").size(), 2U);
    EXPECT_EQ(due_times("arrival,service_time\n0,1\n1,2\n").size(), 2U);
    EXPECT_EQ(due_times("begun,service_time_s\n0,1\n1,2\n").size(), 2U) << "one is for due times";
    EXPECT_EQ(due_times("start,end\n0,1\n1,2\n").size(), 2U);
    EXPECT_EQ(due_times("time,x\n0\n1,2\n").size(), 2U) << "below names a line may have fewer";
    EXPECT_EQ(due_times("0,get\n0,put\n").size(), 2U);
    EXPECT_EQ(due_times("0\n1\n2\n").size(), 3U) << "seconds";
}

TEST(trace_file, that_cannot_be_read_again_is_refused) {
    for (const char* path : {"/no/such/file", "/", "/dev/zero"}) {
        EXPECT_THROW(read_trace(path, 1), usage_error) << path;
    }
}

}  // namespace
}  // namespace stratbench
