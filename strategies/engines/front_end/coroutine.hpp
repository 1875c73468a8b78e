#pragma once

#include <coroutine>
#include <cstddef>
#include <memory_resource>

namespace stratbench {

/// A detached coroutine, for which nothing waits: it begins at once, and its frame is gone when it
/// ends. An exception leaves through the call that resumed it. Frames come from a pool of the
/// thread, so a coroutine must begin and end on one thread.
class detached {
  public:
    struct promise_type {
        static detached get_return_object() noexcept { return {}; }
        static std::suspend_never initial_suspend() noexcept { return {}; }
        static std::suspend_never final_suspend() noexcept { return {}; }
        static void return_void() noexcept {}
        static void unhandled_exception() { throw; }

        static void* operator new(std::size_t bytes) { return frames().allocate(bytes); }
        static void operator delete(void* frame, std::size_t bytes) noexcept {
            frames().deallocate(frame, bytes);
        }

      private:
        static std::pmr::unsynchronized_pool_resource& frames() {
            thread_local std::pmr::unsynchronized_pool_resource pool;
            return pool;
        }
    };
};

}  // namespace stratbench
