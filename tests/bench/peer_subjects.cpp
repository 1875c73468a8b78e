#include "tests/bench/peer_subjects.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <sstream>

#include "harness/base/process/program_file.hpp"
#include "harness/launch/launcher.hpp"
#include "harness/launch/subordinate.hpp"
#include "tests/bench/ballast.hpp"
#include "tests/bench/peers/peer.hpp"
#include "tests/bench/programs.hpp"
#include "tests/bench/python_subjects.hpp"

namespace stratbench {
namespace {

constexpr std::int64_t deadline_ns = 60'000'000'000;

/// Names that the goals speak of, and what is missing where they are not among peers().
constexpr struct {
    std::string_view name, needs;
} optional_peers[] = {{"tbb_task_group", "built without oneTBB"},
                      {"tbb_parallel_for", "built without oneTBB"}};

constexpr std::string_view python_peers[] = {"pool_map",        "pool_map_chunk_1",
                                             "apply_async",     "asyncio_processes",
                                             "asyncio_threads", "process_per_task"};

/// Runs a program that answers "TASKS NANOSECONDS CPU_NANOSECONDS".
sample run_peer(const std::vector<std::string>& arguments, const std::atomic<bool>& stop) {
    using enum subordinate::heard;
    const subordinate_result ran =
        run_subordinate(arguments, {{STDERR_FILENO, STDOUT_FILENO}}, deadline_ns, stop);
    if (ran.ended == stopped) {
        throw interrupted();
    }
    if (ran.ended != ended) {
        throw cannot_measure("it hung");
    }
    double tasks = 0;
    double took_ns = 0;
    double cpu_ns = 0;
    std::istringstream answer(ran.answer);
    if (ran.wait_status != 0 || !(answer >> tasks >> took_ns >> cpu_ns) || tasks < 1) {
        throw cannot_measure(how_it_ended(ran.wait_status));
    }
    return {.tasks = tasks,
            .seconds = took_ns * 1e-9,
            .ns_per_task = took_ns / tasks,
            .cpu_ns_per_task = cpu_ns / tasks};
}

subject program(std::string name, std::vector<std::string> arguments,
                const std::atomic<bool>& stop) {
    return {std::move(name),
            [arguments = std::move(arguments), &stop](int) { return run_peer(arguments, stop); }};
}

subject absent(std::string name, std::string_view why) {
    return {std::move(name),
            [why = std::string(why)](int) -> sample { throw cannot_measure(why); }};
}

bool built(std::string_view name) {
    for (const peer* p : peers()) {
        if (p->name == name) {
            return true;
        }
    }
    return false;
}

/// Whether an executable of that name is on the PATH.
}  // namespace

sample measure_peer(std::string_view name, std::size_t ballast_bytes,
                    const std::atomic<bool>& stop) {
    const ballast_of_children progress(ballast_bytes);
    return run_peer({this_program(), "peer", std::string(name)}, stop);
}

std::vector<subject> peer_subjects(const std::atomic<bool>& stop) {
    std::vector<subject> all;
    for (const peer* p : peers()) {
        all.push_back({fmt::format("peer/{}", p->name),
                       [p, &stop](int) { return measure_peer(p->name, 0, stop); }});
    }
    all.push_back({"peer/fork from 1 GiB",
                   [&stop](int) { return measure_peer("fork", std::size_t{1} << 30, stop); }});
    for (const auto& p : optional_peers) {
        if (!built(p.name)) {
            all.push_back(absent(fmt::format("peer/{}", p.name), p.needs));
        }
    }
    all.push_back(std::filesystem::exists(static_program())
                      ? program("peer/static_forks", {static_program()}, stop)
                      : absent("peer/static_forks", "built without a static libc"));
    const auto add_python = [&](std::string full, std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), {"/usr/bin/env", "python3", python_script()});
        all.push_back(find_program("python3").empty()
                          ? absent(std::move(full), "no python3")
                          : program(std::move(full), std::move(arguments), stop));
    };
    for (const std::string_view name : python_peers) {
        add_python(fmt::format("python/{}", name), {std::string(name)});
    }
    for (const python_pair& pair : python_pairs()) {
        add_python(fmt::format("python/{}, sums", pair.peer), {std::string(pair.peer), "sums"});
    }
    return all;
}

}  // namespace stratbench
