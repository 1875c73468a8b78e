#include "reports/comparison/markdown.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>

#include "tests/reports/sample_comparison.hpp"
#include "tests/reports/text_of_lines.hpp"

namespace stratbench {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

/// Each line that begins a row of a table.
std::vector<std::string> rows_in(const std::string& text) {
    std::istringstream lines(text);
    std::vector<std::string> rows;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("|")) {
            rows.push_back(line);
        }
    }
    return rows;
}

TEST(markdown_comparison, has_the_verdict_first_then_what_matters_then_the_rest_folded) {
    const std::string text = markdown_comparison(sample_comparison());
    EXPECT_THAT(text, StartsWith("### \u274c 1 of 6 regressed&#58; sync/sqrt&#95;log&#58;"));
    EXPECT_EQ(line_with(text, "<code>sync/"),
              "| <code>sync/sqrt&#95;log&#58;n=300000/batch&#58;100/workers&#58;2</code> | "
              "throughput | 960/s | 914/s | 5.1 % slower [4.2, 6.0] | **regressed** | confirmed by "
              "15 fresh generations&#58; 4&#46;9 % slower |");
    const std::size_t fold = text.find("<details>\n<summary>5 more figures</summary>\n\n|");
    ASSERT_NE(fold, std::string::npos);
    EXPECT_LT(text.find("improved"), fold);
    EXPECT_GT(text.find("apply&#95;async"), fold);
    EXPECT_THAT(text.substr(fold),
                HasSubstr("|\n\n</details>\n\n- 15 generations, both in turns\n"));
    EXPECT_THAT(text, HasSubstr("\n- smallest change that these generations see"));
    EXPECT_THAT(text, HasSubstr("revision 0123abc"));
    EXPECT_THAT(text, HasSubstr("revision 4567def"));
}

TEST(markdown_comparison, warns_of_what_differs) {
    EXPECT_THAT(markdown_comparison(sample_unpaired_comparison()),
                HasSubstr("> [!WARNING]\n> These conditions differ, so the builds may not be to "
                          "blame.\n\n- cpu model&#58; Example CPU"));
    EXPECT_THAT(markdown_comparison(sample_comparison()), Not(HasSubstr("WARNING")));
}

TEST(markdown_comparison, of_what_is_the_same_is_green_and_has_everything_folded) {
    const std::string text = markdown_comparison(sample_same_comparison());
    EXPECT_THAT(text, StartsWith("### \u2705 same&#58; all 2"));
    EXPECT_LT(text.find("<details>"), text.find("| cell"));
}

TEST(markdown_comparison, no_name_leaves_its_field) {
    const std::string text = markdown_comparison(hostile_comparison());
    for (const char* markup :
         {"<script", "</script", "<img", "`", "@all", "](", "*b*", "\x1b", "\r"}) {
        EXPECT_THAT(text, Not(HasSubstr(markup)));
    }
    ASSERT_GE(rows_in(text).size(), 8u);
    for (const std::string& row : rows_in(text)) {
        EXPECT_EQ(std::count(row.begin(), row.end(), '|'), 8) << row;
    }
    EXPECT_EQ(line_with(text, "# head"), "");
}

TEST(markdown_comparison, fits_into_a_comment_however_many_rows_there_are) {
    comparison found = sample_comparison();
    const compared_cell one = found.cells[0];
    for (int i = 0; i < 1000; ++i) {
        found.cells.push_back(one);
    }
    found.only_base.assign(1000, one.name);
    const std::string text = markdown_comparison(found);
    EXPECT_LE(text.size(), 65'000u);
    EXPECT_THAT(text, HasSubstr(" more rows did not fit.\n"));
    EXPECT_THAT(text, HasSubstr("</details>"));
    EXPECT_THAT(text, HasSubstr("- 15 generations, both in turns\n"));
}

}  // namespace
}  // namespace stratbench
