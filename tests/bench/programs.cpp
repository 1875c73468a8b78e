#include "tests/bench/programs.hpp"

#include <filesystem>

namespace stratbench {

std::string static_program() {
    return std::filesystem::read_symlink("/proc/self/exe").replace_filename("static_forks");
}

std::string python_script() {
    return STRATBENCH_PYTHON_PEERS;
}

}  // namespace stratbench
