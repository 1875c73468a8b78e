#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "harness/base/hash.hpp"
#include "workloads/task.hpp"

namespace stratbench {

// What a task gives back besides its value: task::reply_bytes bytes, which follow from the task, so
// that whoever receives them can read and check each of them as cheaply as a copy would be.

/// The words of a reply: an arithmetic progression that begins where the task's seed says.
class reply_words {
  public:
    explicit reply_words(const task& t) : next_(mix64(t.seed, t.id)) {}
    std::uint64_t next() { return next_ += 0x9e3779b97f4a7c15ULL; }

  private:
    std::uint64_t next_;
};

/// Writes the reply of `t` to `room`, which has task::reply_bytes bytes.
inline void write_reply(const task& t, std::span<std::byte> room) {
    reply_words words(t);
    while (!room.empty()) {
        const std::uint64_t word = words.next();
        const std::size_t bytes = room.size() < sizeof word ? room.size() : sizeof word;
        std::memcpy(room.data(), &word, bytes);
        room = room.subspan(bytes);
    }
}

/// Reads all of a reply; whether each byte is as write_reply leaves it.
inline bool is_reply_of(const task& t, std::span<const std::byte> got) {
    if (got.size() != t.reply_bytes) {
        return false;
    }
    reply_words words(t);
    std::uint64_t wrong = 0;
    while (!got.empty()) {
        const std::uint64_t word = words.next();
        const std::size_t bytes = got.size() < sizeof word ? got.size() : sizeof word;
        std::uint64_t read = word;
        std::memcpy(&read, got.data(), bytes);
        wrong |= read ^ word;
        got = got.subspan(bytes);
    }
    return wrong == 0;
}

}  // namespace stratbench
