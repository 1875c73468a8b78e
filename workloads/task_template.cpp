#include "workloads/task_template.hpp"

#include <algorithm>
#include <vector>

#include "workloads/timing.hpp"

namespace stratbench {
namespace {

constexpr std::int64_t longest_wait_ns = std::int64_t{0xffffffff} * 1'000;
constexpr std::uint64_t longest_reply = std::uint64_t{1} << 30;

std::vector<parameter> accepted_parameters(const workload& w) {
    std::vector<parameter> all(w.parameters.begin(), w.parameters.end());
    const std::span<const parameter> also = common_parameters(w);
    all.insert(all.end(), also.begin(), also.end());
    return all;
}

std::int64_t argument(std::string_view text, const parameter& p) {
    if (p.is_duration) {
        return parse_duration_ns(text, p.name);
    }
    if (p.choices.empty()) {
        return parse_integer(text, p.name, 1, largest_argument);
    }
    const auto found = std::find(p.choices.begin(), p.choices.end(), text);
    if (found != p.choices.end()) {
        return found - p.choices.begin();
    }
    std::string list;
    for (const std::string_view choice : p.choices) {
        list.append(list.empty() ? "" : ", ").append(choice);
    }
    throw usage_error(std::string(p.name) + " " + in_quotes(text) + suggestion(text, p.choices) +
                      "; accepted: " + list);
}

std::string argument_text(std::int64_t value, const parameter& p) {
    if (p.is_duration) {
        return duration_text(value);
    }
    if (p.choices.empty()) {
        return std::to_string(value);
    }
    return std::string(p.choices[static_cast<std::size_t>(value)]);
}

}  // namespace

void task_template::resize(task& t) const {
    if (sizes) {
        t.args[0] = sizes->draw(t.id, t.seed);
    } else {
        const std::int64_t room = largest_argument - first.args[0];
        const bool fits = t.id <= static_cast<std::uint64_t>(room / step);
        t.args[0] =
            fits ? first.args[0] + step * static_cast<std::int64_t>(t.id) : largest_argument;
    }
    t.payload_bytes = payload_length(t);
}

task_template task_template::alike() const {
    task_template result = *this;
    result.step = 0;
    result.sizes.reset();
    return result;
}

std::uint32_t task_template::longest_payload(std::uint64_t tasks) const {
    if (sizes) {
        task largest = first;
        largest.args[0] = sizes->largest();
        return payload_length(largest);
    }
    return tasks == 0 ? 0 : make(tasks - 1, 0).payload_bytes;
}

task_template task_template::tamed() const {
    task_template result = *this;
    const workload& w = *workloads()[first.workload];
    if (w.may_misbehave()) {
        w.tame(result.first);
    }
    return result;
}

std::string task_template::text() const {
    const workload& w = *workloads()[first.workload];
    spec s{.name = std::string(w.name)};
    if (w.line.text != nullptr) {
        s.positional = w.line.text(first);
        return s.text();
    }
    for (std::size_t i = 0; i < w.parameters.size(); ++i) {
        const parameter& p = w.parameters[i];
        if (i == 0 && sizes) {
            s.items.emplace_back(p.name, sizes->text());
            continue;
        }
        if (first.args[i] == argument(p.fallback, p)) {
            continue;
        }
        s.items.emplace_back(p.name, argument_text(first.args[i], p));
    }
    if (step != 0) {
        s.items.emplace_back("step", std::to_string(step));
    }
    if (first.wait_us != 0) {
        s.items.emplace_back("wait", duration_text(std::int64_t{first.wait_us} * 1'000));
    }
    if (first.reply_bytes != 0) {
        s.items.emplace_back("reply", bytes_text(first.reply_bytes));
    }
    return s.text();
}

namespace {

void draw_sizes(task_template& t, const drawn_size& sizes) {
    t.sizes = sizes;
    t.first.args[0] = sizes.mean();
}

/// Throws usage_error where the workload cannot have these arguments.
void require_possible(task_template& t) {
    const workload& w = *workloads()[t.first.workload];
    if (w.check != nullptr) {
        task largest = t.first;
        largest.args[0] = t.sizes ? t.sizes->largest() : largest.args[0];
        w.check(largest);
    }
    t.first.payload_bytes = payload_length(t.first);
}

}  // namespace

task_template resolve_workload(const spec& s) {
    size_timing of_its_own;
    return resolve_workload(s, of_its_own);
}

task_template resolve_workload(const spec& s, size_timing& timing) {
    task_template t;
    t.first.workload = workload_index(s.name);
    const workload& w = *workloads()[t.first.workload];
    if (w.line.read != nullptr) {
        w.line.read(s.positional.value_or(std::string(w.line.fallback)), t.first);
        require_possible(t);
        return t;
    }
    require_known_keys(s, accepted_parameters(w), "workload");

    for (std::size_t i = 0; i < w.parameters.size(); ++i) {
        const parameter& p = w.parameters[i];
        const std::string_view text = s.find(p.name).value_or(p.fallback);
        if (i == 0 && w.has_size && is_drawn_size(text)) {
            draw_sizes(t, {text, p.name, drawn_size::quantity::size});
        } else {
            t.first.args[i] = argument(text, p);
        }
    }
    if (const auto step = s.find("step")) {
        t.step = parse_integer(*step, "step", 0, largest_argument);
    }
    if (const auto wait = s.find("wait")) {
        const std::int64_t ns = parse_duration_ns(*wait, "wait", 0, longest_wait_ns);
        if (ns % 1'000 != 0) {
            throw usage_error("wait '" + std::string(*wait) +
                              "': accepted are whole microseconds up to " +
                              duration_text(longest_wait_ns));
        }
        t.first.wait_us = static_cast<std::uint32_t>(ns / 1'000);
    }
    if (const auto reply = s.find("reply")) {
        const std::uint64_t bytes = parse_bytes(*reply, "reply");
        if (bytes > longest_reply) {
            throw usage_error("reply " + in_quotes(*reply) + ": accepted is at most " +
                              bytes_text(longest_reply));
        }
        t.first.reply_bytes = static_cast<std::uint32_t>(bytes);
    }
    const auto duration = s.find("duration");
    if (duration && s.find("n")) {
        throw usage_error("workload '" + s.name +
                          "': n and duration are both given; accepted is one of them");
    }
    require_possible(t);
    if (duration && is_drawn_size(*duration)) {
        const drawn_size durations(*duration, "duration", drawn_size::quantity::duration_ns);
        draw_sizes(t, durations.sized([&](std::int64_t ns) {
            timing.choose(t, ns);
            return t.first.args[0];
        }));
        require_possible(t);
    } else if (duration) {
        timing.choose(t, parse_duration_ns(*duration, "duration"));
    }
    if (t.sizes && t.step != 0) {
        throw usage_error("workload '" + s.name +
                          "': sizes are drawn and have a step; accepted is one of them");
    }
    return t;
}

std::vector<std::string> files_of_workload(const std::string& text) {
    const spec s = parse_spec(text, "workload");
    for (const workload* w : workloads()) {
        if (w->name == s.name && w->line.files != nullptr) {
            return w->line.files(s.positional.value_or(""));
        }
    }
    std::vector<std::string> files;
    for (const auto& [key, value] : s.items) {
        if (std::string file = drawn_size::file_of(value); !file.empty()) {
            files.push_back(std::move(file));
        }
    }
    return files;
}

void require_duration(std::string_view text) {
    if (is_drawn_size(text)) {
        const drawn_size read(text, "duration", drawn_size::quantity::duration_ns);
    } else {
        parse_duration_ns(text, "duration");
    }
}

}  // namespace stratbench
