#include "strategies/engines/worker/worker_executable.hpp"

#include <filesystem>
#include <stdexcept>

namespace stratbench {

std::string worker_executable() {
    const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe");
    const std::filesystem::path worker = self.parent_path() / "stratbench_worker";
    if (!std::filesystem::exists(worker)) {
        throw std::runtime_error("no stratbench_worker beside " + self.string());
    }
    return worker.string();
}

}  // namespace stratbench
