#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

#include "harness/base/descriptor.hpp"

namespace stratbench {

/// A long text, handed out in blocks.
class text_source {
  public:
    virtual ~text_source() = default;
    /// Some of the text from `offset` on, empty at its end; valid until the next call.
    virtual std::string_view block_at(std::uint64_t offset) = 0;
};

class text_in_memory final : public text_source {
  public:
    explicit text_in_memory(std::string_view all) : text_(all) {}
    std::string_view block_at(std::uint64_t offset) override {
        return text_.substr(offset < text_.size() ? static_cast<std::size_t>(offset)
                                                  : text_.size());
    }

  private:
    std::string_view text_;
};

/// Holds one block of the file in memory, so a file may be larger than that.
class text_in_file final : public text_source {
  public:
    /// Throws usage_error where it is not a regular file, which alone can be read twice and surely
    /// ends, or cannot be read. What is added to the file later is no part of the text.
    explicit text_in_file(const std::filesystem::path& path);
    std::string_view block_at(std::uint64_t offset) override;

  private:
    std::filesystem::path name_;
    descriptor file_;
    /// When it was opened; the largest that there is for files of /proc, which do not say.
    std::uint64_t size_ = 0;
    std::vector<char> block_;
};

}  // namespace stratbench
