"""AsyncerMp (tomvsndev/wrappers): a process for each task, behind a queue, a semaphore and futures.

After its source, limits included: the default executor bounds how many pipes are read at once; the
parent keeps the child's end open, so a child that dies without a word is waited for for ever.
"""

import asyncio
import multiprocessing
import uuid

from event_loop import LoopBoard, serve
from kernels import execute_async

context = multiprocessing.get_context("fork")
board = LoopBoard()


def worker_process(task_data, async_func, pipe):
    pipe.send(asyncio.run(async_func(task_data)))


class AsyncerMp:
    def __init__(self, max_processes):
        self.task_queue, self.completed_queue = asyncio.Queue(), asyncio.Queue()
        self.semaphore = asyncio.Semaphore(max_processes)

    async def submit(self, task_data, async_func):
        future = asyncio.get_running_loop().create_future()
        await self.task_queue.put((str(uuid.uuid4()), future, task_data, async_func))
        return await future

    async def runner(self):
        while True:
            asyncio.create_task(self.run_task(*await self.task_queue.get()))

    async def run_task(self, uid, future, task_data, async_func):
        async with self.semaphore:
            parent, child = context.Pipe()
            process = context.Process(target=worker_process, args=(task_data, async_func, child))
            process.start()  # on the loop's thread, as join
            result = await asyncio.get_running_loop().run_in_executor(None, parent.recv)
            future.set_result(result)
            await self.completed_queue.put((uid, result))
            process.join()


async def main():
    system = AsyncerMp(board.workers)
    runner = asyncio.create_task(system.runner())

    async def handle(number):
        board.give(number, await system.submit(board.task(number), execute_async))
        await system.completed_queue.get()

    await serve(board, handle)
    runner.cancel()


asyncio.run(main())
