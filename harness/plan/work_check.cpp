#include "harness/plan/work_check.hpp"

#include <unistd.h>

#include <cstdint>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/process/children.hpp"
#include "harness/base/process/orphans.hpp"
#include "workloads/task_template.hpp"

namespace stratbench {
namespace {

constexpr std::uint64_t tasks_tried = 3;

/// The same workload, with the least work in each task.
spec smallest(spec s) {
    const workload& w = *workloads()[workload_index(s.name)];
    if (w.has_size) {
        const std::string_view size = w.parameters.front().name;
        std::erase_if(s.items, [&](const auto& item) {
            return item.first == size || item.first == "duration";
        });
        s.items.emplace_back(size, "1");
    }
    return s;
}

/// The result of one of the workload's functions.
template <class Function>
std::uint64_t result_of(const workload& w, std::string_view part, Function function, const task& t,
                        payload_view payload) {
    std::string why = "something that is no std::exception";
    try {
        return function(t, payload);
    } catch (const std::exception& error) {
        why = error.what();
    } catch (...) {
    }
    throw usage_error("workload '" + std::string(w.name) + "': " +
                      (w.works_elsewhere ? "" : "its " + std::string(part) + " throws for ") +
                      "task " + std::to_string(t.id) + ": " + why);
}

void require_sound(const workload& w, const task& t) {
    std::vector<std::byte> payload(t.payload_bytes);
    generate_payload(t, payload);
    const std::uint64_t reference = result_of(w, "reference", w.reference, t, payload);
    const std::uint64_t first = result_of(w, "work", w.execute, t, payload);
    const std::uint64_t again = result_of(w, "work", w.execute, t, payload);
    const std::string about =
        "workload '" + std::string(w.name) + "': task " + std::to_string(t.id) + " gives ";
    if (first != again) {
        throw usage_error(about + value_text(t, first) + " and then " + value_text(t, again) +
                          "; a result has to follow from the task alone");
    }
    if (!w.matches(t, first, reference)) {
        throw usage_error(about + value_text(t, first) + ", and its reference says " +
                          value_text(t, reference));
    }
}

}  // namespace

void require_sound_work(const spec& s) {
    const task_template tasks = resolve_workload(smallest(s)).tamed();
    adopt_orphans();
    const std::vector<pid_t> before = children_of(::getpid());
    for (std::uint64_t id = 0; id < tasks_tried; ++id) {
        require_sound(*workloads()[tasks.first.workload], tasks.make(id, 1));
    }
    if (children_of(::getpid()).size() > before.size()) {
        end_children_but(before);
        throw usage_error("workload " + in_quotes(s.text()) +
                          ": a task leaves a process behind; it has to wait for those that it "
                          "starts");
    }
}

}  // namespace stratbench
