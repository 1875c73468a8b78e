"""multiprocessing.Pool.apply_async with a callback, which runs on the pool's result thread.

A worker that dies is replaced, but its task is lost: that result never comes.
"""

import functools
import multiprocessing

from board import Board
from kernels import execute


def main():
    board = Board()
    with multiprocessing.get_context("fork").Pool(board.workers) as pool:
        for _ in board.windows():
            while ids := board.take():
                number = ids[0]
                pool.apply_async(execute, (board.task(number),),
                                 callback=functools.partial(board.give, number))
            board.drain()


main()
