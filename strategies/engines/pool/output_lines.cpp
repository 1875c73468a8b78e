#include "strategies/engines/pool/output_lines.hpp"

#include <charconv>
#include <utility>

#include "strategies/engines/worker/output_marks.hpp"

namespace stratbench {
namespace {

/// Takes `word` and a number behind it from the front of `text`.
template <class T>
std::optional<T> number_after(std::string_view word, std::string_view& text) {
    if (!text.starts_with(word)) {
        return std::nullopt;
    }
    text.remove_prefix(word.size());
    T number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{}) {
        return std::nullopt;
    }
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return number;
}

}  // namespace

void output_lines::add(pid_t writer, std::string_view bytes) {
    if (!streams_.contains(writer) && streams_.size() >= most_writers) {
        finish();
    }
    stream& from = streams_[writer];
    while (!bytes.empty()) {
        const std::size_t newline = bytes.find('\n');
        const std::string_view part = bytes.substr(0, newline);
        if (from.unfinished.empty() && newline < longest_line) {
            take_line(writer, from, part);
        } else {
            from.unfinished.append(part);
            while (from.unfinished.size() > longest_line) {
                cut(writer, from);
            }
            if (newline != std::string_view::npos) {
                const std::string line = std::exchange(from.unfinished, {});
                take_line(writer, from, line);
            }
        }
        bytes.remove_prefix(newline == std::string_view::npos ? bytes.size() : newline + 1);
    }
    if (from.unfinished.empty() && !from.task) {
        streams_.erase(writer);
    }
}

void output_lines::finish() {
    for (auto& [writer, from] : streams_) {
        pass_on_unfinished(writer, from);
    }
    std::erase_if(streams_, [this](const auto& each) { return each.first != worker_; });
}

void output_lines::take_line(pid_t writer, stream& from, std::string_view line) {
    // A mark ends a line that its task left unfinished.
    const std::size_t at = line.rfind(mark_prefix);
    if (at == std::string_view::npos) {
        pass_on(writer, from, line);
        return;
    }
    stream before{std::string(line.substr(0, at)), from.task};
    if (obey(writer, from, line.substr(at + mark_prefix.size()))) {
        pass_on_unfinished(writer, before);
    } else {
        pass_on(writer, from, line);
    }
}

bool output_lines::obey(pid_t writer, stream& from, std::string_view mark) {
    if (const auto begun = number_after<std::uint64_t>("begin ", mark)) {
        if (!mark.empty()) {
            return false;
        }
        from.task = begun;
        return true;
    }
    if (number_after<std::uint64_t>("end ", mark)) {
        if (!mark.empty()) {
            return false;
        }
        from.task.reset();
        return true;
    }
    const auto child = number_after<pid_t>("gone ", mark);
    if (!child) {
        return false;
    }
    const auto task = number_after<std::uint64_t>(" ", mark);
    // Only the server itself, which reaps, knows who is gone.
    if (!task || !mark.empty() || writer != worker_ || *child == worker_) {
        return false;
    }
    if (const auto gone = streams_.find(*child); gone != streams_.end()) {
        gone->second.task = task;
        pass_on_unfinished(*child, gone->second);
        streams_.erase(gone);
    }
    return true;
}

void output_lines::cut(pid_t writer, stream& from) {
    // Not within what may be a mark, whose rest is still to come.
    const std::string_view whole = from.unfinished;
    const std::size_t last = whole.rfind(mark_prefix.front(), longest_line);
    const bool near =
        last != std::string_view::npos && last != 0 && last + longest_mark > longest_line;
    const std::size_t length = near ? last : longest_line;
    pass_on(writer, from, whole.substr(0, length));
    from.unfinished.erase(0, length);
}

void output_lines::pass_on(pid_t writer, const stream& from, std::string_view text) {
    const stream* owner = &from;
    if (!from.task && writer != worker_) {
        // A process that a task made.
        if (const auto maker = streams_.find(worker_); maker != streams_.end()) {
            owner = &maker->second;
        }
    }
    receive_line_({writer, owner->task, owner != &from && owner->task.has_value(), text});
}

void output_lines::pass_on_unfinished(pid_t writer, stream& from) {
    if (from.unfinished.empty()) {
        return;
    }
    const std::string text = std::exchange(from.unfinished, {});
    pass_on(writer, from, text);
}

}  // namespace stratbench
