"""AsyncerMp (tomvsndev/wrappers): a process for each task, behind a queue, a semaphore and futures.

After its source, limits included: the default executor bounds how many pipes are read at once; the
parent keeps the child's end open, so a child that dies without a word is waited for for ever; fork
and join happen on the loop's thread.
"""

import asyncio
import multiprocessing
import uuid

from board import CANCELLED, Board
from event_loop import serve
from kernels import execute

context = multiprocessing.get_context("fork")


def worker_process(task_data, async_func, pipe):
    pipe.send({"status": "completed", "data": asyncio.run(async_func(task_data))})
    pipe.close()


class AsyncerMp:
    def __init__(self, max_processes, cancelled):
        self.task_queue, self.completed_queue = asyncio.Queue(), asyncio.Queue()
        self.semaphore, self.cancelled = asyncio.Semaphore(max_processes), cancelled

    async def submit(self, task_data, async_func):
        future = asyncio.get_running_loop().create_future()
        await self.task_queue.put((str(uuid.uuid4()), future, task_data, async_func))
        return future

    async def runner(self):
        while True:
            asyncio.create_task(self.run_task(*await self.task_queue.get()))

    async def run_task(self, uid, future, task_data, async_func):
        async with self.semaphore:
            if self.cancelled():  # the board's, of what has not begun: AsyncerMp has none
                future.set_result({"status": "cancelled", "data": (CANCELLED, 0, 0, 0)})
                return
            parent, child = context.Pipe()
            process = context.Process(target=worker_process, args=(task_data, async_func, child))
            process.start()
            try:
                result = await asyncio.get_running_loop().run_in_executor(None, parent.recv)
                future.set_result(result)
                await self.completed_queue.put((uid, result))
            finally:
                parent.close()
                process.join()


async def run(task_data):
    return execute(task_data)


async def monitor(completed_queue):
    while True:
        await completed_queue.get()


async def main():
    board = Board()
    system = AsyncerMp(board.workers, board.cancelled)

    async def handle(number):
        board.give(number, (await (await system.submit(board.task(number), run)))["data"])

    background = [asyncio.create_task(system.runner()),
                  asyncio.create_task(monitor(system.completed_queue))]
    await serve(board, handle)
    for each in background:
        each.cancel()


asyncio.run(main())
