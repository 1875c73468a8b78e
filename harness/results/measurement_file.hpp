#pragma once

#include <filesystem>

#include "harness/json/text_source.hpp"
#include "harness/model/measurement.hpp"

namespace stratbench {

/// What a results file is read as.
enum class read_as {
    /// Ours where it has our object, else Google Benchmark's.
    what_it_is,
    /// Its `benchmarks` rows alone, which ours have as well: to hold it against a file that has
    /// nothing else.
    benchmark_rows
};

/// Reads a results file of ours, or Google Benchmark's JSON, once and without keeping it: a file of
/// 100,000 trials takes some 10 MB. Throws usage_error with one line that names the file and what
/// is wrong with it.
measurement load_measurement(const std::filesystem::path& path, read_as what = {});

/// The same of any text; `file` is what messages call it. Throws std::runtime_error.
measurement read_measurement(text_source& from, const std::string& file, read_as what = {});

}  // namespace stratbench
