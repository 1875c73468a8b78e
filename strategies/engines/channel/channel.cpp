#include "strategies/engines/channel/channel.hpp"

#include <new>

#include "harness/base/this_build.hpp"
#include "workloads/workload.hpp"

namespace stratbench {
namespace {

/// Hands out consecutive, aligned pieces of a mapping.
struct cursor {
    std::byte* at;
    template <class T>
    T* take(std::size_t count) {
        auto* const result = reinterpret_cast<T*>(at);
        at += on_cache_lines(sizeof(T) * count);
        return result;
    }
};

}  // namespace

std::size_t channel_view::request_bytes(const channel_shape& shape) {
    return on_cache_lines(sizeof(request_header)) + on_cache_lines(sizeof(task) * shape.capacity) +
           2 * on_cache_lines(sizeof(std::uint64_t) * shape.capacity) +
           on_cache_lines(shape.arena_bytes);
}

std::size_t channel_view::reply_bytes(const channel_shape& shape) {
    return on_cache_lines(sizeof(reply_header)) + on_cache_lines(sizeof(reply) * shape.capacity) +
           on_cache_lines(sizeof(child_entry) * shape.max_live) +
           on_cache_lines(shape.reply_arena_bytes);
}

channel_view::channel_view(std::byte* requests_at, std::byte* replies_at,
                           const channel_shape& shape) {
    cursor ours{requests_at};
    requests = ours.take<request_header>(1);
    tasks = ours.take<task>(shape.capacity);
    payload_offsets = ours.take<std::uint64_t>(shape.capacity);
    reply_offsets = ours.take<std::uint64_t>(shape.capacity);
    arena = ours.take<std::byte>(shape.arena_bytes);
    cursor theirs{replies_at};
    answers = theirs.take<reply_header>(1);
    replies = theirs.take<reply>(shape.capacity);
    children = theirs.take<child_entry>(shape.max_live);
    reply_arena = theirs.take<std::byte>(shape.reply_arena_bytes);
}

channel::channel(const channel_shape& shape)
    : shape_(shape),
      requests_(channel_view::request_bytes(shape_)),
      replies_(channel_view::reply_bytes(shape_)),
      view_(requests_.data(), replies_.data(), shape_),
      payloads_(shape_.arena_bytes),
      given_back_(shape_.reply_arena_bytes),
      private_slots_(shape_.capacity) {
    requests_.seal_against_writing();
    // The memory is zero-filled, which is the initial state of every other field.
    new (view_.requests) request_header;
    new (view_.answers) reply_header;
    view_.requests->build = this_build.hash;
    view_.requests->shape = shape_;
}

bool channel::has_room(const task& t) const noexcept {
    return outstanding() != shape_.capacity && payloads_.has_room(t.payload_bytes) &&
           given_back_.has_room(t.reply_bytes);
}

void channel::stage(const task& t, owner_data kept) {
    const std::uint32_t at = slot(pushed_);
    in_flight& mine = private_slots_[at];
    mine.kept = kept;
    mine.taken = false;
    if (t.payload_bytes != 0) {
        const std::uint64_t offset = payloads_.take(t.payload_bytes);
        view_.payload_offsets[at] = offset;
        generate_payload(t, {view_.arena + offset, t.payload_bytes});
    }
    if (t.reply_bytes != 0) {
        view_.reply_offsets[at] = given_back_.take(t.reply_bytes);
    }
    mine.payload_end = payloads_.head();
    mine.given_back_end = given_back_.head();
    view_.tasks[at] = t;
    ++pushed_;
}

void channel::publish() {
    if (pushed_ == published_) {
        return;
    }
    // transition: pushed += staged; releases the slots' contents to the worker's claim
    view_.answers->window.fetch_add(static_cast<std::uint64_t>(pushed_ - published_) << 32);
    published_ = pushed_;
    view_.answers->worker.wake();
}

void channel::require_earlier_lap(const reply& theirs, std::uint32_t ticket) const {
    const std::uint32_t number = theirs.sequence.load(std::memory_order_relaxed);
    // It may have been answered since.
    if (number != 0 && number != ticket + 1 && number != ticket + 1 - shape_.capacity) {
        throw corrupt_channel("a reply out of sequence");
    }
}

std::uint32_t channel::checked_claimed(std::uint64_t window) const {
    const auto claimed = static_cast<std::uint32_t>(window);
    if (window >> 32 != published_ || published_ - claimed > published_ - collected_) {
        throw corrupt_channel("impossible indices");
    }
    return claimed;
}

std::optional<std::uint32_t> channel::executing() const {
    if (collected_ == published_ || claimed_by_worker() == collected_) {
        return std::nullopt;
    }
    return collected_;
}

bool channel::has_replies() const noexcept {
    for (std::uint32_t ticket = collected_; ticket != published_; ++ticket) {
        const std::uint32_t at = slot(ticket);
        if (!private_slots_[at].taken &&
            view_.replies[at].answers(ticket, std::memory_order_seq_cst)) {
            return true;
        }
        if (in_order()) {
            break;
        }
    }
    return false;
}

void channel::release(std::uint32_t up_to) {
    if (up_to == collected_) {
        return;
    }
    const in_flight& last = private_slots_[slot(up_to - 1)];
    payloads_.release_to(last.payload_end);
    given_back_.release_to(last.given_back_end);
    collected_ = up_to;
}

void channel::quit() {
    view_.requests->quit.store(1);
    view_.answers->worker.wake();
}

channel_worker::channel_worker(const channel_view& view)
    : view_(view), capacity_(view.requests->shape.capacity) {
    if (view_.requests->build != this_build.hash) {
        throw std::runtime_error("this worker is of another build than its caller");
    }
}

std::uint32_t channel_worker::claim(std::uint32_t most) noexcept {
    std::uint64_t seen = view_.answers->window.load(std::memory_order_acquire);
    std::uint32_t count = 0;
    std::uint64_t wanted = 0;
    do {  // transition: claimed += count, only while pushed is what was seen
        const auto available = static_cast<std::uint32_t>(seen >> 32) - claimed_;
        count = std::min(available, most);
        if (count == 0) {
            return 0;
        }
        wanted = (seen & 0xffffffff'00000000) | static_cast<std::uint32_t>(claimed_ + count);
    } while (!view_.answers->window.compare_exchange_weak(seen, wanted, std::memory_order_acq_rel,
                                                          std::memory_order_acquire));
    claimed_ += count;
    last_claim_ = count;
    return count;
}

}  // namespace stratbench
