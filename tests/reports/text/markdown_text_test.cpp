#include "reports/text/markdown_text.hpp"

#include <gtest/gtest.h>

namespace stratbench {
namespace {

TEST(markdown_text, leaves_letters_and_figures_alone_and_no_sign_that_means_something) {
    EXPECT_EQ(markdown_escaped("a-b 1/2, c=3 %"), "a-b 1/2, c=3 %");
    EXPECT_EQ(markdown_escaped("a|b`c*d_e<f>&[g](h)\\!~"),
              "a&#124;b&#96;c&#42;d&#95;e&#60;f&#62;&#38;&#91;g&#93;&#40;h&#41;&#92;&#33;&#126;");
}

TEST(markdown_text, mentions_nobody_and_links_to_nothing) {
    EXPECT_EQ(markdown_escaped("@all"), "&#64;&#8288;all");
    EXPECT_EQ(markdown_escaped("#1"), "&#35;&#8288;1");
    EXPECT_EQ(markdown_escaped("http://www.x"), "http&#58;//www&#46;x");
}

TEST(markdown_text, is_one_line_of_text_whatever_the_bytes) {
    EXPECT_EQ(markdown_escaped("a\r\nb\tc\xff"), "a&#63;&#63;b&#63;c\xef\xbf\xbd");
}

TEST(markdown_text, code_around_nothing_is_nothing) {
    EXPECT_EQ(markdown_code(""), "");
    EXPECT_EQ(markdown_code("a`b"), "<code>a&#96;b</code>");
}

}  // namespace
}  // namespace stratbench
