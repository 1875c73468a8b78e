#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace stratbench {

/// The content of every chart's specification in the page, or of those for that element.
inline std::vector<std::string> specifications(const std::string& page,
                                               const std::string& of = {}) {
    const std::string open = "<script type=\"application/json\" class=\"spec\"" +
                             (of.empty() ? std::string() : " data-chart=\"" + of + "\"");
    std::vector<std::string> found;
    for (std::size_t at = page.find(open); at != std::string::npos; at = page.find(open, at)) {
        const std::size_t begin = page.find('>', at) + 1;
        at = page.find("</script>", begin);
        found.push_back(page.substr(begin, at - begin));
    }
    return found;
}

inline std::size_t count(const std::string& text, const std::string& wanted) {
    std::size_t n = 0;
    for (std::size_t at = text.find(wanted); at != std::string::npos;
         at = text.find(wanted, at + wanted.size())) {
        ++n;
    }
    return n;
}

/// A page is a megabyte: a failure says what was looked for, not in what.
inline bool has(const std::string& page, const std::string& wanted) {
    return page.find(wanted) != std::string::npos;
}

}  // namespace stratbench
