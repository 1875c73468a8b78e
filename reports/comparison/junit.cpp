#include "reports/comparison/junit.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <string_view>

#include "reports/comparison/table.hpp"
#include "reports/text/format.hpp"
#include "reports/text/html_text.hpp"

namespace stratbench {
namespace {

using row = comparison_table::row;

/// XML forbids most control characters, even as references. Its five escapes are HTML's.
std::string xml(std::string_view text) {
    return html_escaped(utf8(printable(text)));
}

class suite {
  public:
    explicit suite(bool inconclusive_fails) : strict_(inconclusive_fails) {}

    void add(const compared_cell& cell, const row& r) {
        if (r.figure != nullptr && !r.figure->gated && !cell.ignored) {
            return;
        }
        ++tests_;
        cases_ += fmt::format("    <testcase classname=\"stratbench.compare\" name=\"{}\">\n",
                              xml(r.cell + " " + r.metric));
        outcome_of(cell, r);
        cases_ += "    </testcase>\n";
    }

    [[nodiscard]] std::string document(const comparison_table& table) const {
        const std::string counts =
            fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\"", tests_, failures_, errors_);
        std::string text = fmt::format(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<testsuites name=\"stratbench compare\" {0}>\n"
            "  <testsuite name=\"stratbench compare\" {0} skipped=\"{1}\">\n",
            counts, skipped_);
        text += cases_ + "    <system-out>" + xml(table.verdict);
        for (const auto* lines : {&table.differences, &table.footer}) {
            for (const std::string& line : *lines) {
                text += fmt::format("\n{}", xml(line));
            }
        }
        return text + "</system-out>\n  </testsuite>\n</testsuites>\n";
    }

  private:
    void outcome_of(const compared_cell& cell, const row& r) {
        if (cell.ignored) {
            ++skipped_;
            cases_ += "      <skipped message=\"ignored on request\"/>\n";
        } else if (r.figure == nullptr) {
            ++errors_;
            element("error", "not_compared", r.note, r.note);
        } else if (r.figure->result == verdict::regressed ||
                   (strict_ && r.figure->result == verdict::inconclusive)) {
            ++failures_;
            element("failure", r.result, r.result + ": " + r.change, sentence(r));
        } else {
            cases_ += "      <system-out>" + xml(sentence(r)) + "</system-out>\n";
        }
    }

    static std::string sentence(const row& r) {
        return fmt::format("{}: {}, {} -> {}{}{}", r.result, r.change, r.base, r.candidate,
                           r.note.empty() ? "" : "; ", r.note);
    }

    void element(std::string_view name, std::string_view type, std::string_view message,
                 std::string_view text) {
        cases_ += fmt::format("      <{0} type=\"{1}\" message=\"{2}\">{3}</{0}>\n", name,
                              xml(type), xml(message), xml(text));
    }

    bool strict_;
    std::string cases_;
    std::size_t tests_ = 0, failures_ = 0, errors_ = 0, skipped_ = 0;
};

}  // namespace

std::string junit_comparison(const comparison& found, bool strict) {
    suite all(strict);
    for (const compared_cell& cell : found.cells) {
        const std::vector<row> rows = rows_of(cell);
        for (const row& r : rows) {
            all.add(cell, r);
            // One is enough to say that it is left out.
            if (cell.ignored) {
                break;
            }
        }
    }
    return all.document(table_of(found));
}

}  // namespace stratbench
