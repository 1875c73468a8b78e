#include <fmt/format.h>

#include <cctype>
#include <string>
#include <string_view>

#include "harness/cli/help/offered.hpp"

namespace stratbench {
namespace {

/// Text of which nothing is taken for a request or an escape of the formatter.
std::string plain(std::string_view text) {
    std::string out;
    bool begins_line = true;
    for (const char c : text) {
        if (begins_line && (c == '.' || c == '\'')) {
            out += "\\&";
        }
        switch (c) {
            case '\\':
                out += "\\e";
                break;
            case '-':
                out += "\\-";
                break;
            default:
                out += c;
        }
        begins_line = c == '\n';
    }
    return out;
}

std::string upper(std::string text) {
    for (char& c : text) {
        c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
    return text;
}

std::string options_of(const offered_command& command) {
    std::string out;
    for (const offered_option& each : command.options) {
        if (each.positional) {
            out += fmt::format(".TP\n.I {}\n{}\n", plain(each.name), plain(each.help));
        } else if (each.placeholder.empty()) {
            out += fmt::format(".TP\n.B {}\n{}\n", plain(each.name), plain(each.help));
        } else {
            out += fmt::format(".TP\n.BI {} \" {}\"\n{}\n", plain(each.name),
                               plain(each.placeholder), plain(each.help));
        }
    }
    return out;
}

/// The examples as they are, line by line.
std::string examples_of(const offered_command& command) {
    std::string_view text = command.examples;
    while (text.starts_with('\n')) {
        text.remove_prefix(1);
    }
    return text.empty() ? "" : fmt::format(".PP\n.nf\n{}\n.fi\n", plain(text));
}

}  // namespace

std::string manual_page(const offered_program& program, const std::string& version) {
    const offered_command& itself = program.itself;
    std::string out = fmt::format(".TH {} 1 \"\" \"{}\" \"User Commands\"\n.SH NAME\n{} \\- {}\n",
                                  upper(plain(itself.name)), plain(version), plain(itself.name),
                                  plain(itself.summary));
    out += ".SH SYNOPSIS\n";
    for (const offered_command& each : program.commands) {
        out += fmt::format(".B {} {}\n", plain(itself.name), plain(each.name));
        for (const offered_option& option : each.options) {
            if (option.positional) {
                out += fmt::format(".I {}\n", plain(option.name));
            }
        }
        out += ".RI [ OPTION \" ...]\"\n.br\n";
    }
    out += fmt::format(".SH OPTIONS\n{}{}", options_of(itself), examples_of(itself));
    for (const offered_command& each : program.commands) {
        out += fmt::format(".SH \"{} {}\"\n{}\n{}{}", upper(plain(itself.name)),
                           upper(plain(each.name)), plain(each.summary), options_of(each),
                           examples_of(each));
    }
    return out;
}

}  // namespace stratbench
