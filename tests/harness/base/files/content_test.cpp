#include "harness/base/files/content.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stratbench {
namespace {

using namespace std::string_view_literals;

TEST(content, that_is_something_else_is_named) {
    const std::vector<std::pair<std::string_view, std::string_view>> kinds = {
        {"\x1f\x8b\x08\0"sv, "gzip"},
        {"PK\x03\x04"sv, "a zip archive"},
        {"BZh9"sv, "bzip2"},
        {"\x28\xb5\x2f\xfd"sv, "zstd"},
        {"\xff\xfe{\0"sv, "UTF-16"},
        {"\xfe\xff\0{"sv, "UTF-16"},
        {"{\0\"\0"sv, "UTF-16"},
        {"\0{\0\""sv, "UTF-16"},
        {"\xff\xfe\0\0"sv, "UTF-32"},
        {"\x7f"
         "ELF"sv,
         "a program"},
        {"#!/bin/sh\n"sv, "a script"},
        {"%PDF-1.4"sv, "PDF"},
        {"version https://git-lfs.github.com/spec/v1"sv, "a pointer of Git LFS"},
        {" \n<!DOCTYPE HTML>"sv, "HTML"},
        {"<html>"sv, "HTML"},
        {"<?xml version"sv, "XML or HTML"},
        {"\0\0\0\0\0"sv, "binary"},
        {""sv, "an empty file"},
        {" \r\n\t"sv, "an empty file"},
        {"\xef\xbb\xbf"sv, "an empty file"}};
    for (const auto& [content, what] : kinds) {
        EXPECT_TRUE(
            other_content(content, "JSON").starts_with("not JSON: this is " + std::string(what)))
            << what << " is " << other_content(content, "JSON");
    }
}

TEST(content, that_may_be_text_is_left_to_who_reads_it) {
    for (const std::string_view text :
         {"{"sv, "{}"sv, "0\n0.25\n"sv, "nonsense"sv, "# c\n0\n"sv, "\xef\xbb\xbf{}"sv, "[1]"sv}) {
        EXPECT_EQ(other_content(text, "JSON"), "") << text;
    }
    EXPECT_EQ(other_content(std::string(1000, ' ') + "{}", "JSON"), "");
}

}  // namespace
}  // namespace stratbench
