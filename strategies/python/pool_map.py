"""multiprocessing.Pool.map over all that is due: no result before the whole batch is back.

A worker that dies is replaced, but its chunk is lost: map never returns (bpo-22393).
"""

import multiprocessing
import sys

from board import Board
from kernels import execute


def main():
    board = Board()
    with multiprocessing.get_context("fork").Pool(board.workers) as pool:
        for _ in board.windows():
            while ids := board.take(sys.maxsize):
                board.give_block(ids, pool.map(execute, board.tasks(ids)))


main()
