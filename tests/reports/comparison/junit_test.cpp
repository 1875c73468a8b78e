#include "reports/comparison/junit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/reports/sample_comparison.hpp"
#include "tests/reports/text_of_lines.hpp"

namespace stratbench {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(junit_comparison, has_a_test_for_each_figure_that_the_gate_looks_at) {
    const std::string text = junit_comparison(sample_comparison());
    EXPECT_THAT(text, HasSubstr("<testsuite name=\"stratbench compare\" tests=\"7\" failures=\"1\" "
                                "errors=\"1\" skipped=\"1\">"));
    EXPECT_THAT(text, HasSubstr("<testcase classname=\"stratbench.compare\" "
                                "name=\"sync/sqrt_log:n=300000/batch:100/workers:2 throughput\">\n"
                                "      <failure type=\"regressed\" message=\"regressed: 5.1 % "
                                "slower [4.2, 6.0]\">regressed: 5.1 % slower [4.2, 6.0], 960/s "
                                "-&gt; 914/s; confirmed by 15 fresh generations: 4.9 % slower"
                                "</failure>\n    </testcase>\n"));
    EXPECT_THAT(text, Not(HasSubstr(" cpu\"")));
}

TEST(junit_comparison, what_is_missing_is_an_error_and_what_is_ignored_is_skipped) {
    const std::string text = junit_comparison(sample_comparison());
    EXPECT_THAT(text, HasSubstr("<error type=\"not_compared\" message=\"failed in new.json"));
    EXPECT_THAT(text, HasSubstr("async_inline/sqrt_log:n=300000/batch:100/workers:2 throughput\">\n"
                                "      <skipped message=\"ignored on request\"/>\n"));
}

TEST(junit_comparison, what_is_inconclusive_passes_with_its_reason_unless_it_is_strict) {
    const comparison found = sample_comparison();
    EXPECT_THAT(junit_comparison(found),
                HasSubstr("p50\">\n      <system-out>inconclusive: 2.1 % slower [-2.5, 6.7]"));
    const std::string strict = junit_comparison(found, true);
    EXPECT_THAT(strict, HasSubstr("p50\">\n      <failure type=\"inconclusive\""));
    EXPECT_THAT(strict, HasSubstr("failures=\"2\""));
}

TEST(junit_comparison, holds_nothing_that_xml_forbids) {
    const std::string text = junit_comparison(hostile_comparison());
    for (const char* forbidden : {"\x1b", "\x01", "\xff", "\xef\xbf\xbf", "<img", "]]>", "\r"}) {
        EXPECT_THAT(text, Not(HasSubstr(forbidden)));
    }
}

}  // namespace
}  // namespace stratbench
