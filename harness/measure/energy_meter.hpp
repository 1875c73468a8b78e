#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace stratbench {

/// Energy that the processor packages use, by the CPU's own meter (RAPL, through the kernel's
/// powercap files): everybody's share, not only this program's.
///
/// Thread safety: none.
class energy_meter {
  public:
    /// Starts to measure. `root` goes before /sys; another directory in tests.
    explicit energy_meter(const std::string& root = "");

    /// Why there is nothing to measure; empty where there is.
    [[nodiscard]] const std::string& absent() const { return reason_; }

    /// Joules since the constructor. The meter starts again at 0 after some hundred kilojoules;
    /// that may happen once.
    [[nodiscard]] std::optional<double> joules() const;

  private:
    struct package {
        std::filesystem::path counter;
        /// Microjoules.
        std::uint64_t began = 0, range = 0;
    };
    std::vector<package> packages_;
    std::string reason_;
};

}  // namespace stratbench
