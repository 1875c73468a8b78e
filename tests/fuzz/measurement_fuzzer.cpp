// What `compare` reads of a file, and what it makes of it.

#include <algorithm>
#include <cmath>

#include "harness/judge/comparison/comparability.hpp"
#include "harness/judge/comparison/comparison.hpp"
#include "harness/results/measurement_file.hpp"
#include "tests/fuzz/fuzzed.hpp"

namespace stratbench {
namespace {

/// Blocks that end everywhere.
class text_in_crumbs final : public text_source {
  public:
    explicit text_in_crumbs(std::string_view all) : text(all) {}
    std::string_view block_at(std::uint64_t offset) override {
        // The scanner counts on so many characters at once where there are any left.
        constexpr std::size_t crumb = 512;
        const auto from = std::min(text.size(), static_cast<std::size_t>(offset));
        return text.substr(from, crumb);
    }

  private:
    std::string_view text;
};

void require(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "does not hold: %s\n", what);
    std::abort();
}

void check(const measurement& m) {
    for (const measured_cell& cell : m.cells)
        for (const measured_trial& trial : cell.trials)
            for (const double figure : trial.figures)
                require(std::isnan(figure) || (figure > 0 && std::isfinite(figure)),
                        "figures are above 0 or none");
    for (const difference& d : differences_of(m, m))
        require(d.base == "unknown", "a file is comparable with itself, as far as it is known");
    const comparison found = compare(m, m, {});
    require(found.overall() != verdict::improved, "a file is no better than itself");
    require(found.overall() != verdict::regressed || !found.failed().empty(),
            "a file is no worse than itself, unless it says that the build failed");
}

}  // namespace
}  // namespace stratbench

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace stratbench;
    const std::string_view text = fuzzed_text(data, size);
    measurement whole, crumbs;
    const auto read = [&](auto source, measurement& into, read_as what) {
        return refusal_of([&] { into = read_measurement(source, "file", what); });
    };
    const std::string refused = read(text_in_memory(text), whole, read_as::what_it_is);
    require(read(text_in_crumbs(text), crumbs, read_as::what_it_is) == refused,
            "blocks are of no importance");
    if (refused.empty()) check(whole);
    if (read(text_in_memory(text), whole, read_as::benchmark_rows).empty()) check(whole);
    return 0;
}
