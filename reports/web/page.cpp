#include "reports/web/page.hpp"

#include "assets.hpp"
#include "reports/text/html_text.hpp"

namespace stratbench {

std::string page_of(std::string_view title, const std::string& body) {
    return filled(assets::page(), {{"title", html_escaped(title)},
                                   {"body", body},
                                   {"style", std::string(assets::style())},
                                   {"licences", std::string(assets::licences())},
                                   {"libraries", std::string(assets::libraries())},
                                   {"script", std::string(assets::script())}});
}

}  // namespace stratbench
