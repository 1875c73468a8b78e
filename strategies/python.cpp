// Python's own architectures: each a program of strategies/python/ that executes tasks from a
// board.

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/clock.hpp"
#include "harness/base/process/program_file.hpp"
#include "harness/base/process/program_parts.hpp"
#include "harness/base/process/program_run.hpp"
#include "strategies/contract/strategy.hpp"
#include "strategies/engines/board/board_strategy.hpp"

namespace stratbench {
namespace {

constexpr std::string_view kernels[] = {"own", "native"};

constexpr parameter kernel_parameters[] = {
    {.name = "kernel",
     .fallback = "own",
     .summary = "what executes a task: Python, or the C++ workers' code through ctypes",
     .choices = kernels},
};

/// As in strategies/python/kernels.py.
constexpr std::string_view workloads_with_kernels[] = {
    "noop", "sum_range", "sum_squares", "sqrt_log", "sqrt_log_simd", "sqrt_values", "faults"};

constexpr std::string_view prefix = "python_";

bool has_file(const std::string& path) {
    return ::access(path.c_str(), R_OK) == 0;
}

/// The folder strategies/python, where this binary finds it: programs, helper and kernels.
std::string python_folder() {
    return part_of_this_program("stratbench_python");
}

std::string native_library() {
    return part_of_this_program("libstratbench_kernels.so");
}

/// Names the interpreter for this process and all that it starts.
constexpr const char* interpreter_variable = "STRATBENCH_PYTHON";

/// The program that is to be Python; empty where there is none.
std::string python_program() {
    const char* const told = std::getenv(interpreter_variable);
    return find_program(told == nullptr ? "python3" : told);
}

/// Why its Python is not what they need; empty where it is. A version manager's python3 is a
/// script that takes ten times as long to start as the interpreter that it finds: what is started
/// from here on is the interpreter.
std::string unusable_python() {
    const std::string program = python_program();
    const char* const told = std::getenv(interpreter_variable);
    if (program.empty()) {
        return told == nullptr
                   ? "there is no python3"
                   : fmt::format("{} of {} is no program", in_quotes(told), interpreter_variable);
    }
    std::string interpreter;
    try {
        constexpr std::int64_t long_enough_ns = 10'000'000'000;
        std::string words[] = {
            program, "-S", "-c",
            "import sys\n"
            "sys.stdout.buffer.write(sys.executable.encode('utf-8', 'surrogateescape'))\n"
            "sys.exit(sys.version_info < (3, 9))"};
        char* const arguments[] = {words[0].data(), words[1].data(), words[2].data(),
                                   words[3].data(), nullptr};
        const program_end end = run_program(arguments, now_ns() + long_enough_ns);
        interpreter = end.exit_code == 0 ? find_program(end.first_line) : "";
    } catch (const std::runtime_error&) {
        // It cannot be started, prints without end, or does not end: there is none.
    }
    if (interpreter.empty()) {
        return program + " is no Python of 3.9 or later";
    }
    ::setenv(interpreter_variable, interpreter.c_str(), 1);
    return "";
}

/// Why a Python strategy cannot run here; empty where it can.
std::string unavailable(const spec& s) {
    static const std::string python = unusable_python();
    if (!python.empty()) {
        return python;
    }
    if (s.find("kernel") == "native" && !has_file(native_library())) {
        return "this build has no " + native_library();
    }
    const std::string helper = python_folder() + "/board.py";
    return has_file(helper) ? "" : "there is no " + helper;
}

std::string script_of(const spec& s) {
    return python_folder() + "/" + s.name.substr(prefix.size()) + ".py";
}

std::vector<std::string> files_of(const spec& s) {
    const std::string folder = python_folder();
    return {script_of(s), folder + "/board.py", folder + "/kernels.py", native_library()};
}

std::unique_ptr<strategy> make_python(const spec& s) {
    const std::string_view kernel = s.find("kernel").value_or("own");
    if (kernel != "own" && kernel != "native") {
        throw usage_error("strategy '" + s.name + "': kernel " + in_quotes(kernel) +
                          "; accepted are own and native");
    }
    // -B: nothing is written beside the sources; -s: nobody's own packages.
    backend_command command{s.name, {python_program(), "-B", "-s", script_of(s)}};
    if (kernel == "native") {
        command.arguments.push_back(native_library());
    }
    return std::make_unique<board_strategy>(std::move(command));
}

constexpr strategy_info python(std::string_view name, std::string_view twin,
                               std::string_view summary, strategy_properties properties) {
    properties.own_program = true;
    return {.name = name,
            .summary = summary,
            .parameters = kernel_parameters,
            .properties = properties,
            .make = make_python,
            .unavailable = unavailable,
            .twin = twin,
            .files = files_of,
            .kernels = workloads_with_kernels};
}

}  // namespace

// None isolates crashes but process_per_task: a Pool waits for ever for what its dead worker had,
// and an executor fails all that is pending. least_task_ns: a fork of Python and its end; of
// asynccpu the round trips through its manager.

extern const strategy_info strategy_python_sync;
const strategy_info strategy_python_sync = python(
    "python_sync", "sync", "Python: the caller executes each task itself, one after the other",
    {.in_caller = true});

extern const strategy_info strategy_python_pool_map;
const strategy_info strategy_python_pool_map =
    python("python_pool_map", "pool_map", "Python: multiprocessing.Pool.map over all that is due",
           {.payload_crosses_process = true, .returns_in_batches = true});

extern const strategy_info strategy_python_apply_async;
const strategy_info strategy_python_apply_async = python(
    "python_apply_async", "apply_async", "Python: multiprocessing.Pool.apply_async with a callback",
    {.front_end_stays_free = true, .payload_crosses_process = true});

extern const strategy_info strategy_python_async_process_pool;
const strategy_info strategy_python_async_process_pool =
    python("python_async_process_pool", "async_process_pool",
           "Python: asyncio and run_in_executor over a ProcessPoolExecutor",
           {.front_end_stays_free = true, .payload_crosses_process = true});

extern const strategy_info strategy_python_async_thread_pool;
const strategy_info strategy_python_async_thread_pool =
    python("python_async_thread_pool", "async_thread_pool",
           "Python: asyncio and run_in_executor over a ThreadPoolExecutor",
           {.front_end_stays_free = true});

extern const strategy_info strategy_python_process_per_task;
const strategy_info strategy_python_process_per_task =
    python("python_process_per_task", "process_per_task",
           "Python: a multiprocessing.Process for each task, as many at once as workers",
           {.isolates_crashes = true, .payload_crosses_process = true, .least_task_ns = 500'000});

extern const strategy_info strategy_python_asyncermp;
const strategy_info strategy_python_asyncermp = python(
    "python_asyncermp", "process_per_task",
    "Python, after AsyncerMp: a process per task behind a queue and a semaphore",
    {.front_end_stays_free = true, .payload_crosses_process = true, .least_task_ns = 500'000});

extern const strategy_info strategy_python_asynccpu;
const strategy_info strategy_python_asynccpu = python(
    "python_asynccpu", "async_process_pool",
    "Python, after asynccpu: coroutines in a process pool, each begun before the next is taken",
    {.payload_crosses_process = true, .least_task_ns = 500'000});

}  // namespace stratbench
