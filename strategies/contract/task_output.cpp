#include "strategies/contract/task_output.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <exception>
#include <utility>

namespace stratbench {
namespace {

/// Length of the printable UTF-8 sequence at the front of `text`; 0 where there is none.
std::size_t printable_sequence(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    if (byte(0) < 0x80) {
        return byte(0) == '\t' || (byte(0) >= ' ' && byte(0) != 0x7f) ? 1 : 0;
    }
    const std::size_t length = byte(0) < 0xc2    ? 0
                               : byte(0) < 0xe0  ? 2
                               : byte(0) < 0xf0  ? 3
                               : byte(0) <= 0xf4 ? 4
                                                 : 0;
    if (length == 0 || text.size() < length) {
        return 0;
    }
    std::uint32_t point = byte(0) & (0xffU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xc0U) != 0x80) {
            return 0;
        }
        point = point << 6 | (byte(i) & 0x3fU);
    }
    constexpr std::array<std::uint32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
    const bool surrogate = point >= 0xd800 && point < 0xe000;
    const bool control = point < 0xa0 || point == 0x2028 || point == 0x2029;
    if (point < least[length] || point > 0x10ffff || surrogate || control) {
        return 0;
    }
    return length;
}

void append_printable(std::string& to, std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    while (!text.empty()) {
        if (const std::size_t length = printable_sequence(text); length != 0) {
            to.append(text.substr(0, length));
            text.remove_prefix(length);
            continue;
        }
        const auto byte = static_cast<unsigned char>(text.front());
        to += {'\\', 'x', digits[byte >> 4], digits[byte & 0xf]};
        text.remove_prefix(1);
    }
}

}  // namespace

std::string labelled_text(std::string_view strategy, const output_line& printed) {
    std::string label;
    const auto add = [&label](std::string_view word, std::string_view value) {
        if (!label.empty()) {
            label += ' ';
        }
        label.append(word).append(value);
    };
    if (!strategy.empty()) {
        add("", strategy);
    }
    if (printed.worker) {
        add("worker ", std::to_string(*printed.worker));
    } else if (printed.process != 0) {
        add("process ", std::to_string(printed.process));
    }
    if (printed.task) {
        add(printed.likely ? "task ~" : "task ", std::to_string(*printed.task));
    }
    std::string text = '[' + label + "] ";
    append_printable(text, printed.text);
    return text;
}

labelled_output::labelled_output(int to, std::string strategy)
    : fd_(to), name_(std::move(strategy)), before_each_(::isatty(to) == 1 ? "\r\033[K" : "") {}

labelled_output::~labelled_output() {
    if (dropped_lines_ == 0) {
        return;
    }
    const std::string text = "dropped " + std::to_string(dropped_lines_) + " more lines, " +
                             std::to_string(dropped_bytes_) + " bytes";
    write(before_each_ + labelled_text(name_, {.text = text}) + '\n');
}

void labelled_output::line(const output_line& printed) noexcept {
    const std::lock_guard lock(mutex_);
    try {
        if (written_bytes_ < most_bytes) {
            const std::string text = before_each_ + labelled_text(name_, printed) + '\n';
            if (write(text)) {
                written_bytes_ += text.size();
                return;
            }
        }
    } catch (const std::exception&) {  // no memory for it
    }
    ++dropped_lines_;
    dropped_bytes_ += printed.text.size();
}

bool labelled_output::write(const std::string& text) noexcept {
    std::string_view left = text;
    while (!left.empty()) {
        const ssize_t wrote = ::write(fd_, left.data(), left.size());
        if (wrote < 0 && errno == EINTR) {
            continue;
        }
        if (wrote < 0) {
            return false;
        }
        left.remove_prefix(static_cast<std::size_t>(wrote));
    }
    return true;
}

output_sink& standard_error_output() {
    static labelled_output output(STDERR_FILENO, "");
    return output;
}

}  // namespace stratbench
