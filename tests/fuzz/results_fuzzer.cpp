// What `report` and `run --plan` read.

#include <nlohmann/json.hpp>

#include "harness/results/json.hpp"
#include "tests/fuzz/fuzzed.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace stratbench;
    const json document = json::parse(fuzzed_text(data, size), nullptr, false);
    if (document.is_discarded()) return 0;
    study_results study;
    if (!refusal_of([&] { study = from_json(document); }).empty()) return 0;
    // What was accepted once is accepted again.
    const json written = to_json(study);
    if (!refusal_of([&] { from_json(written); }).empty()) std::abort();
    return 0;
}
