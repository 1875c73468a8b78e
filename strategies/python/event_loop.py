"""An event loop in front: one coroutine for each task, which awaits its result."""

import asyncio
from concurrent.futures.process import BrokenProcessPool

from board import CRASHED, Board
from kernels import execute


async def serve(board, handle):
    """Accepts tasks as they are due; handle(number) is the coroutine of one."""
    for _ in board.windows():
        handled = []
        while ids := await board.take_async():
            handled.append(asyncio.create_task(handle(ids[0])))
            await asyncio.sleep(0)  # it begins, and others may go on
        await asyncio.gather(*handled)


def main(make_executor):
    """The same over an executor of concurrent.futures."""
    board = Board()

    async def handle(number):
        call = asyncio.get_running_loop().run_in_executor
        try:
            result = await call(executor, execute, board.task(number))
        except BrokenProcessPool:  # the death of one worker is the end of all
            result = CRASHED, 0, 0, 0
        board.give(number, result)

    with make_executor(board.workers) as executor:
        asyncio.run(serve(board, handle))
