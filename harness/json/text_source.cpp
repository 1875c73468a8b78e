#include "harness/json/text_source.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "harness/base/spec.hpp"

namespace stratbench {
namespace {

constexpr std::size_t block_bytes = std::size_t{1} << 18;
constexpr std::uint64_t most_bytes = std::uint64_t{1} << 62;

[[noreturn]] void unreadable(const std::filesystem::path& path, int error) {
    throw usage_error(fmt::format("{}: cannot be read: {}", path.string(),
                                  std::generic_category().message(error)));
}

}  // namespace

text_in_file::text_in_file(const std::filesystem::path& path)
    // A pipe without a writer would keep a blocking open waiting.
    : name_(path),
      file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)),
      block_(block_bytes) {
    struct stat found {};
    if (file_.get() < 0 || ::fstat(file_.get(), &found) != 0) {
        unreadable(path, errno);
    }
    if (S_ISDIR(found.st_mode)) {
        throw usage_error(path.string() + ": is a directory");
    }
    if (!S_ISREG(found.st_mode)) {
        throw usage_error(path.string() + ": is not a regular file");
    }
    size_ = found.st_size > 0 ? static_cast<std::uint64_t>(found.st_size) : most_bytes;
}

std::string_view text_in_file::block_at(std::uint64_t offset) {
    const std::uint64_t left = offset < size_ ? size_ - offset : 0;
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(block_.size(), left));
    ssize_t got = 0;
    do {
        got = ::pread(file_.get(), block_.data(), wanted, static_cast<off_t>(offset));
    } while (got < 0 && errno == EINTR);
    if (got < 0) {
        unreadable(name_, errno);
    }
    return {block_.data(), static_cast<std::size_t>(got)};
}

}  // namespace stratbench
