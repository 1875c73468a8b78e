#pragma once

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace stratbench::test {

/// A file with this content, gone when the test is over.
class temporary_file {
  public:
    explicit temporary_file(const std::string& content) {
        ::close(::mkstemp(name_.data()));
        write(content);
    }
    temporary_file(const temporary_file&) = delete;
    temporary_file& operator=(const temporary_file&) = delete;
    ~temporary_file() { ::unlink(name_.c_str()); }

    void write(const std::string& content) const {
        std::ofstream(name_, std::ios::binary) << content;
    }
    [[nodiscard]] const std::string& path() const { return name_; }

  private:
    std::string name_ = std::filesystem::temp_directory_path() / "stratbench_test_XXXXXX";
};

}  // namespace stratbench::test
