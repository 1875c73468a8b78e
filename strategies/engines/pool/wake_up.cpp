#include "strategies/engines/pool/wake_up.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <array>

#include "harness/base/poll_timeout.hpp"

namespace stratbench {
namespace {

/// Stands for the eventfd where seats stand for workers.
constexpr std::uint64_t woken = ~std::uint64_t{0};

void add(const descriptor& poller, int fd, std::uint64_t event) {
    epoll_event wanted{};
    wanted.events = EPOLLIN;
    wanted.data.u64 = event;
    checked(::epoll_ctl(poller.get(), EPOLL_CTL_ADD, fd, &wanted), "cannot watch a descriptor");
}

}  // namespace

wake_up::wake_up()
    : event_(checked(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "cannot make an eventfd")),
      poller_(checked(::epoll_create1(EPOLL_CLOEXEC), "cannot make an epoll descriptor")) {
    add(poller_, event_.get(), woken);
}

void wake_up::watch(int end_fd, std::size_t seat) {
    add(poller_, end_fd, seat);
}

void wake_up::forget(int end_fd) noexcept {
    ::epoll_ctl(poller_.get(), EPOLL_CTL_DEL, end_fd, nullptr);
}

void wake_up::wake() const noexcept {
    eventfd_write(event_.get(), 1);
}

void wake_up::sleep(std::int64_t until_ns) const noexcept {
    epoll_event event{};
    ::epoll_wait(poller_.get(), &event, 1, poll_timeout_ms(until_ns));
}

wake_up::seats wake_up::ended(int timeout_ms) {
    std::array<epoll_event, seats::static_capacity> events{};
    const int count =
        ::epoll_wait(poller_.get(), events.data(), static_cast<int>(events.size()), timeout_ms);
    seats result;
    for (int i = 0; i < count; ++i) {
        const std::uint64_t event = events[static_cast<std::size_t>(i)].data.u64;
        if (event == woken) {
            eventfd_t ignored = 0;
            eventfd_read(event_.get(), &ignored);
        } else {
            result.push_back(event);
        }
    }
    return result;
}

}  // namespace stratbench
