#include "reports/export/markdown.hpp"

#include <fmt/format.h>

#include <cstddef>

#include "harness/judge/ranking.hpp"
#include "reports/study/answer_table.hpp"
#include "reports/study/group_table.hpp"
#include "reports/text/markdown_text.hpp"

namespace stratbench {
namespace {

std::string table_of(const answer_table& table) {
    std::string text = "| times behind the best |", line = "| --- |";
    for (std::size_t i = 0; i < table.groups.size(); ++i) {
        text += fmt::format(" {} |", markdown_escaped(table.groups[i]));
        line += " ---: |";
    }
    text += "\n" + line + "\n";
    for (const answer_table::row& row : table.rows) {
        const std::string name = markdown_code(row.strategy);
        text += fmt::format("| {} |", row.strategy == table.pick ? "**" + name + "**" : name);
        for (const std::string& cell : row.behind) {
            text += fmt::format(" {} |", cell);
        }
        text += "\n";
    }
    return text;
}

}  // namespace

std::string markdown_of_answers(const study_results& results) {
    const std::vector<ranked_group> groups = rank(results);
    const answer_table answers = answer_table_of(groups);
    std::string text;
    if (!answers.headline.empty()) {
        text += fmt::format("### {}\n\n", markdown_escaped(answers.headline));
    }
    if (!answers.groups.empty()) {
        text += table_of(answers) + "\n";
    }
    for (const group_table& table : tables_of(groups)) {
        text += fmt::format("**{}**\n\n", markdown_escaped(table.title));
        for (const auto& [metric, sentence] : table.verdicts) {
            text += fmt::format("- {}: {}\n", markdown_escaped(metric), markdown_escaped(sentence));
        }
        text += "\n";
    }
    for (const warning& w : results.warnings) {
        text += fmt::format("> {} ({})\n", markdown_escaped(w.message), markdown_escaped(w.advice));
    }
    return text;
}

}  // namespace stratbench
