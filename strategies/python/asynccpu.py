"""asynccpu (yukihiko-shinoda/asynccpu): coroutine functions in a process pool, after its source.

Each task has a queue in a manager process, and the call that creates it waits in the event loop
until a worker has begun: nothing else runs meanwhile. Each has an event loop of its own in its
worker. Signals and logging are left out.
"""

import asyncio
import functools
import multiprocessing
import os
import threading
from concurrent.futures import ProcessPoolExecutor

from event_loop import LoopBoard, serve
from kernels import execute_async


def run(processes, started, coroutine_function, *arguments):
    processes[os.getpid()] = os.getpid()
    started.put(os.getpid())
    try:
        return asyncio.run(coroutine_function(*arguments))
    finally:
        len(processes)
        processes.pop(os.getpid())


class ProcessTaskPoolExecutor(ProcessPoolExecutor):
    def __init__(self, workers):
        context = multiprocessing.get_context("fork")
        self.manager = context.Manager()
        self.processes, self.lock = self.manager.dict(), threading.Lock()
        super().__init__(workers, mp_context=context)

    def create_process_task(self, coroutine_function, *arguments):
        with self.lock:
            started = self.manager.Queue()
            call = functools.partial(run, self.processes, started, coroutine_function)
            task = asyncio.get_running_loop().run_in_executor(self, call, *arguments)
            started.get()
            return task


async def handle(number):
    board.give(number, await executor.create_process_task(execute_async, board.task(number)))


board = LoopBoard()
with ProcessTaskPoolExecutor(board.workers) as executor:
    asyncio.run(serve(board, handle))
