#include "strategies/engines/worker/worker_executable.hpp"

#include <stdexcept>

#include "harness/base/process/program_parts.hpp"
#include "harness/base/this_build.hpp"

namespace stratbench {
namespace {

namespace fs = std::filesystem;

std::string worker_name() {
    return std::string(this_build.program) + "_worker";
}

}  // namespace

std::string worker_of(const fs::path& program) {
    return part_of(program, worker_name());
}

std::string worker_executable() {
    const fs::path self = fs::read_symlink("/proc/self/exe");
    std::string worker = worker_of(self);
    if (worker.empty()) {
        throw std::runtime_error("no " + worker_name() + " beside " + self.string());
    }
    return worker;
}

}  // namespace stratbench
