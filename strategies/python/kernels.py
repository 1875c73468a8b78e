"""What a task does: the sums as Python programs write them, or the C++ workers' code.

`execute` is what a worker of any kind calls. It knows the workload from the board, which it has by
fork.
"""

import array
import ctypes
import math
import mmap
import os
import resource
import signal
import struct
import sys
import time

from board import CANCELLED, ERROR, HEADER, OK, STOP_AT

LOWEST_64 = (1 << 64) - 1
MEMORY = mmap.mmap(3, HEADER.size)


def bits(value):
    return struct.unpack("<Q", struct.pack("<d", value))[0]


def mix64(x):
    x = (x + 0x9E3779B97F4A7C15) & LOWEST_64
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9 & LOWEST_64
    x = (x ^ (x >> 27)) * 0x94D049BB133111EB & LOWEST_64
    return x ^ (x >> 31)


def noop(task):
    return mix64(task[0] ^ task[5])


def sum_range(task):
    total = 0
    for i in range(1, task[1] + 1):
        total += i
    return total & LOWEST_64


def sum_squares(task):
    return sum(i * i for i in range(task[1])) & LOWEST_64


def sqrt_log(task):
    return bits(sum(math.sqrt(i) * math.log(i + 1) for i in range(1, task[1])) + 0.0)


def sqrt_values(task):
    return bits(sum(math.sqrt(i) for i in array.array("I", task[8])) + 0.0)


def faults(task):
    """The kinds of workloads/faults.cpp, in their order."""
    number, kind, also, every, lasting, seed = task[:6]
    draw = mix64(number ^ mix64(seed)) % every
    fault = kind if draw == 0 else also if draw == 1 else 0
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if fault == 1:
        raise RuntimeError("this task throws")
    if fault == 2:
        until = time.monotonic_ns() + lasting
        while time.monotonic_ns() < until:
            pass
    elif fault == 3:
        while True:
            signal.pause()
    elif fault == 4:
        os._exit(0)
    elif fault in (5, 6, 7):
        death = {5: signal.SIGABRT, 6: signal.SIGSEGV, 7: signal.SIGKILL}[fault]
        os.kill(os.getpid(), death)
        signal.pause()  # until it is delivered
    elif fault == 9:
        for stream in (1, 2):
            os.write(stream, b"task %d prints a line\nand another\nand ends amid a" % number)
    elif fault == 10:
        os.open("/dev/null", os.O_RDONLY | os.O_CLOEXEC)
    elif fault == 11 and os.fork() == 0:
        time.sleep(60)
        os._exit(0)
    return noop(task)


OWN = {b"noop": noop, b"sum_range": sum_range, b"sum_squares": sum_squares, b"sqrt_log": sqrt_log,
       b"sqrt_log_simd": sqrt_log, b"sqrt_values": sqrt_values, b"faults": faults}


def native(path):
    """The same from the library of the C++ workloads; it runs without the interpreter's lock."""
    run = ctypes.CDLL(path).stratbench_execute
    run.argtypes = ([ctypes.c_char_p, ctypes.c_uint64] + [ctypes.c_int64] * 4 +
                    [ctypes.c_uint64, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_void_p])

    def kernel(name):
        def execute_native(task):
            value = ctypes.c_uint64()
            number, a, b, c, d, seed, _, _, payload = task
            if run(name, number, a, b, c, d, seed, payload, len(payload), ctypes.byref(value)):
                raise RuntimeError("this task throws")
            return value.value
        return execute_native

    return {name: kernel(name) for name in OWN}


NAME_BYTES = 40
NAME_AT = HEADER.size - NAME_BYTES
KERNELS = {name.ljust(NAME_BYTES, b"\0"): kernel
           for name, kernel in (native(sys.argv[1]) if len(sys.argv) > 1 else OWN).items()}


def execute(task):
    """Executes a task: (outcome, value, started, finished). What it raises is its outcome; what was
    not begun before the board says so is cancelled."""
    if MEMORY[STOP_AT] == 2:
        return CANCELLED, 0, 0, 0
    kernel = KERNELS[MEMORY[NAME_AT:]]
    stamped = task[7]
    started = time.monotonic_ns() if stamped else 0
    try:
        outcome, value = OK, kernel(task)
    except Exception as error:
        outcome, value = ERROR, 0
        print("task %d: %r" % (task[0], error), file=sys.stderr, flush=True)
    if task[6]:
        time.sleep(task[6] / 1e6)
    return outcome, value, started, time.monotonic_ns() if stamped else 0


async def execute_async(task):
    """The same as a coroutine function."""
    return execute(task)
