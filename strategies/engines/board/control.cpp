#include "strategies/engines/board/control.hpp"

#include <fmt/format.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "harness/base/spec.hpp"

namespace stratbench {

backend_line parse_backend_line(std::string_view text) {
    const auto read = nlohmann::json::parse(text, nullptr, false);
    const auto refuse = [&](const char* why) {
        throw std::runtime_error(fmt::format("it said {}, {}", in_quotes(text), why));
    };
    if (!read.is_object()) {
        refuse("which is no object of JSON");
    }
    const auto say = read.find("say");
    const auto now = read.find("now_ns");
    if (say == read.end() || !say->is_string() || now == read.end() || !now->is_number_integer()) {
        refuse("without 'say' and 'now_ns'");
    }
    backend_line line{.say = say->get<std::string>(), .now_ns = now->get<std::int64_t>()};
    if (const auto protocol = read.find("protocol");
        protocol != read.end() && protocol->is_number_unsigned()) {
        line.protocol = protocol->get<std::uint32_t>();
    }
    if (const auto sums = read.find("sums"); sums != read.end()) {
        if (*sums != "left_to_right" && *sums != "other") {
            refuse("whose 'sums' are neither 'left_to_right' nor 'other'");
        }
        line.floats = *sums == "other" ? sum_order::other : sum_order::left_to_right;
    }
    if (const auto why = read.find("why"); why != read.end() && why->is_string()) {
        line.why = why->get<std::string>();
    }
    return line;
}

void control_stream::say(std::string_view line) {
    const std::string text = std::string(line) + '\n';
    const ssize_t sent =
        ::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && (errno == EPIPE || errno == ECONNRESET)) {
        return;
    }
    if (sent != static_cast<ssize_t>(text.size())) {
        throw std::runtime_error("it does not read what it is told");
    }
}

bool control_stream::read() {
    std::array<char, longest_line> piece{};
    const ssize_t got = ::recv(socket_.get(), piece.data(), piece.size(), MSG_DONTWAIT);
    if (got > 0) {
        unread_.append(piece.data(), static_cast<std::size_t>(got));
    }
    return got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR));
}

bool control_stream::next(std::string& line) {
    const std::size_t end = unread_.find('\n');
    if (end == std::string::npos ? unread_.size() > longest_line : end > longest_line) {
        throw std::runtime_error(fmt::format("it said a line of more than {} bytes", longest_line));
    }
    if (end == std::string::npos) {
        return false;
    }
    line = unread_.substr(0, end);
    unread_.erase(0, end + 1);
    return true;
}

}  // namespace stratbench
