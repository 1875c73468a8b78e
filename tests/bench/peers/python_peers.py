"""CPython's own ways to run tasks on two workers, as peers: python_peers.py NAME [sums].

Tasks are empty; with `sums` each is the sum of the workload sqrt_log:n=1000, as a program would
write it that knows of no harness. Answers "TASKS NANOSECONDS CPU_NANOSECONDS" on descriptor 3, as
the other peers do.
"""

import asyncio
import ctypes
import math
import multiprocessing
import os
import resource
import select
import signal
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing.connection import wait

WANTED_NS = 200e6
ENOUGH_NS = 100e6


def die_with_parent():
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started us ends us


def empty(number):
    return number


def sums(number):
    return sum(math.sqrt(i) * math.log(i + 1) for i in range(1, 1000))


task = sums if "sums" in sys.argv[2:] else empty


def nothing():
    pass


def send_sum(pipe):
    pipe.send(task(0))


def pool_map(chunksize):
    pool = multiprocessing.Pool(2, die_with_parent)
    return lambda tasks: pool.map(task, range(tasks), chunksize)


def pool_apply_async():
    pool = multiprocessing.Pool(2, die_with_parent)

    def run(tasks):
        results = []
        pending = [pool.apply_async(task, (i,), callback=results.append) for i in range(tasks)]
        for one in pending:
            one.wait()
        assert len(results) == tasks

    return run


def asyncio_with(executor):
    loop = asyncio.new_event_loop()

    async def gather(tasks):
        await asyncio.gather(*(loop.run_in_executor(executor, task, i) for i in range(tasks)))

    return lambda tasks: loop.run_until_complete(gather(tasks))


def process_with_pipe():
    """As process_per_task, but for the result."""
    def run(tasks):
        living = {}
        for _ in range(tasks):
            if len(living) == 2:
                finish_one(living)
            ours, theirs = multiprocessing.Pipe(duplex=False)
            living[ours] = multiprocessing.Process(target=send_sum, args=(theirs,))
            living[ours].start()
            theirs.close()
        while living:
            finish_one(living)

    return run


def finish_one(living):
    pipe = wait(list(living))[0]
    pipe.recv()
    pipe.close()
    living.pop(pipe).join()


def process_per_task():
    def run(tasks):
        living = []
        for _ in range(tasks):
            if len(living) == 2:
                living.pop(0).join()
            living.append(multiprocessing.Process(target=nothing))
            living[-1].start()
        for last in living:
            last.join()

    return run


PEERS = {
    "pool_map": lambda: pool_map(None),
    "pool_map_chunk_1": lambda: pool_map(1),
    "apply_async": pool_apply_async,
    "asyncio_processes": lambda: asyncio_with(ProcessPoolExecutor(2, initializer=die_with_parent)),
    "asyncio_threads": lambda: asyncio_with(ThreadPoolExecutor(2)),
    "process_per_task": process_per_task,
    "process_with_pipe": process_with_pipe,
}


def cpu_ns():
    """CPU time of this process, of those that it has reaped, and of its living children."""
    gone = resource.getrusage(resource.RUSAGE_CHILDREN)
    total = time.process_time_ns() + int((gone.ru_utime + gone.ru_stime) * 1e9)
    for child in multiprocessing.active_children():
        clock_of_process = ((~child.pid) << 3) | 2  # as the kernel numbers them
        total += time.clock_gettime_ns(clock_of_process)
    return total


def measure(run):
    tasks = 2
    while True:
        cpu_before, began = cpu_ns(), time.monotonic_ns()
        run(tasks)
        took = time.monotonic_ns() - began
        if took >= ENOUGH_NS:
            return tasks, took, cpu_ns() - cpu_before
        tasks = int(tasks * min(100.0, max(2.0, WANTED_NS / took)))


def main():
    die_with_parent()
    reader = select.poll()
    reader.register(3, 0)
    if reader.poll(0):  # it died before that took effect
        return
    answer = measure(PEERS[sys.argv[1]]())
    os.write(3, ("%d %d %d\n" % answer).encode())
    os._exit(0)  # the pools' processes die with this one


if __name__ == "__main__":
    main()
