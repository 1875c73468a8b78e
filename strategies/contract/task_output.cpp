#include "strategies/contract/task_output.hpp"

#include <unistd.h>

#include <cerrno>
#include <exception>
#include <utility>

#include "harness/base/utf8.hpp"

namespace stratbench {
namespace {

/// Whether a character is shown as it is: no control, and none of the separators U+2028 and U+2029,
/// which end a line.
bool is_printable(char32_t point) {
    const bool control = (point < ' ' && point != '\t') || (point >= 0x7f && point < 0xa0);
    return !control && point != 0x2028 && point != 0x2029;
}

void append_printable(std::string& to, std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    while (!text.empty()) {
        const auto [length, point] = decode_utf8(text);
        if (length != 0 && is_printable(point)) {
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

labelled_output::labelled_output(int fd, std::string name)
    : fd_(fd), name_(std::move(name)), before_each_(::isatty(fd) == 1 ? "\r\033[K" : "") {}

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
