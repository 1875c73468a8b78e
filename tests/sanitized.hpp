#pragma once

namespace stratbench::test {

/// Whether this is built with ThreadSanitizer, whose vfork is a fork.
#if defined(__SANITIZE_THREAD__)
inline constexpr bool thread_sanitized = true;
#elif defined(__has_feature)
inline constexpr bool thread_sanitized = __has_feature(thread_sanitizer);
#else
inline constexpr bool thread_sanitized = false;
#endif

/// Whether this is built with a sanitizer, which needs memory, descriptors and instructions of its
/// own.
#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool sanitized = true;
#elif defined(__has_feature)
inline constexpr bool sanitized = thread_sanitized || __has_feature(address_sanitizer);
#else
inline constexpr bool sanitized = thread_sanitized;
#endif

}  // namespace stratbench::test
