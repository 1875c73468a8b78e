#include "harness/measure/machine_cpu.hpp"

#include <filesystem>
#include <fstream>

#include "harness/measure/proc_files.hpp"

namespace stratbench {

machine_cpu read_machine_cpu(const std::string& root) {
    std::ifstream file(root + "/proc/stat");
    std::string label;
    std::int64_t user = 0, nice = 0, system = 0, idle = 0, io_wait = 0, irq = 0, soft_irq = 0,
                 steal = 0;
    file >> label >> user >> nice >> system >> idle >> io_wait >> irq >> soft_irq >> steal;
    return {(user + nice + system + irq + soft_irq) * tick_ns(), steal * tick_ns()};
}

std::uint64_t thermal_throttles(const std::string& root) {
    std::uint64_t sum = 0;
    std::error_code absent;
    for (const auto& cpu :
         std::filesystem::directory_iterator(root + "/sys/devices/system/cpu", absent)) {
        for (const char* what : {"core", "package"}) {
            std::uint64_t count = 0;
            std::ifstream(cpu.path() / "thermal_throttle" /
                          (std::string(what) + "_throttle_count")) >>
                count;
            sum += count;
        }
    }
    return sum;
}

}  // namespace stratbench
