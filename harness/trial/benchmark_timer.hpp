#pragma once

#include <functional>
#include <string>

namespace stratbench {

/// Google Benchmark as the timer of a trial: registers `body` under the cell's name, runs it as one
/// iteration, and gives the wall time that it measured; seconds.
double time_with_google_benchmark(const std::string& name, const std::function<void()>& body);

}  // namespace stratbench
