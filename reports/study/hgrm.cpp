#include "reports/study/hgrm.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string_view>

namespace stratbench {
namespace {

/// `value`, not negative, with that many decimals, halves rounded up in decimal as Java and
/// JavaScript do: printf rounds the binary fraction behind the digits instead.
std::string fixed(double value, std::size_t decimals) {
    std::array<char, 400> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                   std::chars_format::fixed);
    std::string text(buffer.data(), end.ptr);
    if (text.find('.') == std::string::npos) {
        text += '.';
    }
    const std::size_t length = text.find('.') + 1 + decimals;
    if (text.size() <= length) {
        return text.append(length - text.size(), '0');
    }
    const bool up = text[length] >= '5';
    text.resize(length);
    if (!up) {
        return text;
    }
    for (std::size_t i = length; i-- > 0;) {
        if (text[i] == '.') {
            continue;
        }
        if (text[i] != '9') {
            ++text[i];
            return text;
        }
        text[i] = '0';
    }
    return "1" + text;
}

std::string line(const histogram::step& at, double percent, double unit_ns) {
    std::string text =
        fmt::format("{:>12} {:>2} {:>10}", fixed(static_cast<double>(at.value_ns) / unit_ns, 3),
                    fixed(percent / 100, 12), at.cumulative);
    if (percent < 100) {
        text += fmt::format(" {:>14}", fixed(1 / (1 - percent / 100), 2));
    }
    return text + "\n";
}

/// The next percentile: the step is halved each time that half of the rest is behind. 100 where a
/// double cannot tell it from this one.
double after(double percent, int ticks_per_half) {
    const double halves = std::floor(std::log2(100 / (100 - percent))) + 1;
    const double next = percent + 100 / (ticks_per_half * std::exp2(halves));
    return next > percent ? next : 100;
}

std::string safe(std::string_view text) {
    constexpr std::size_t longest = 60;
    std::string name;
    for (const char c : text.substr(0, longest)) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '.' || c == '_';
        if (plain || name.empty() || name.back() != '-') {
            name += plain ? c : '-';
        }
    }
    while (!name.empty() && name.back() == '-') {
        name.pop_back();
    }
    return name;
}

std::uint64_t bounds(const cell_result& cell, std::optional<distribution> trial_record::*which) {
    std::uint64_t n = 0;
    for (const trial_record& t : cell.trials) {
        if (t.state == status::ok && t.*which) {
            n += (t.*which)->censored;
        }
    }
    return n;
}

}  // namespace

std::string hgrm(const histogram& h, double unit_ns, int ticks_per_half) {
    std::string text = "       Value     Percentile TotalCount 1/(1-Percentile)\n\n";
    const auto total = static_cast<double>(h.count());
    double percent = 0;
    const std::vector<histogram::step> steps = h.steps();
    for (const histogram::step& at : steps) {
        // 100 % is the last line's alone.
        while (percent < 100 && 100 * static_cast<double>(at.cumulative) / total >= percent) {
            text += line(at, percent, unit_ns);
            percent = after(percent, ticks_per_half);
            if (at.cumulative == h.count()) {
                break;
            }
        }
    }
    if (!steps.empty()) {
        text += line(steps.back(), 100, unit_ns);
    }
    const auto value = [&](double ns) { return fixed(ns / unit_ns, 3); };
    return text + fmt::format(
                      "#[Mean    = {:>12}, StdDeviation   = {:>12}]\n"
                      "#[Max     = {:>12}, Total count    = {:>12}]\n"
                      "#[Buckets = {:>12}, SubBuckets     = {:>12}]\n",
                      value(h.mean()), value(h.deviation()), value(static_cast<double>(h.max())),
                      h.count(), histogram_layout::buckets, histogram_layout::sub_buckets);
}

std::vector<std::pair<std::string, std::string>> hgrm_files(const study_results& results) {
    std::vector<std::pair<std::string, std::string>> files;
    for (const cell_result& cell : results.cells) {
        const auto add = [&](std::string_view kind, const auto& percentiles,
                             std::optional<distribution> trial_record::*which) {
            if (!percentiles || percentiles->histogram_v2.empty()) {
                return;
            }
            std::string text = hgrm(histogram::decode(percentiles->histogram_v2));
            if (const std::uint64_t n = bounds(cell, which); n > 0) {
                text += fmt::format(
                    "# {} of the values are lower bounds: tasks that failed or "
                    "were never served\n",
                    n);
            }
            files.emplace_back(
                fmt::format("{:03}-{}-{}-{}-{}.{}.hgrm", cell.planned.index,
                            safe(cell.planned.strategy), safe(cell.planned.workload),
                            safe(cell.planned.load.text), cell.planned.workers, kind),
                std::move(text));
        };
        add("latency", cell.summary.latency_ns, &trial_record::latency);
        add("service", cell.summary.service_ns, &trial_record::service);
    }
    return files;
}

}  // namespace stratbench
