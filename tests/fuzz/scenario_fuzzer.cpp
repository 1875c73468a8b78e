// What `run --scenario FILE` reads.

#include "harness/plan/scenario.hpp"
#include "tests/fuzz/fuzzed.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace stratbench;
    refusal_of([&] { parse_scenario(fuzzed_text(data, size), "file"); });
    return 0;
}
