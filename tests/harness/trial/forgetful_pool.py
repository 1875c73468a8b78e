"""forgetful_pool.py HELPERS: a backend whose pool forgets task 3, as CPython's may forget what is
submitted in the moment in which a worker's death ends all."""

import functools
import multiprocessing
import sys
from concurrent.futures import Future, ProcessPoolExecutor

sys.path.insert(0, sys.argv[1])
del sys.argv[1]

from event_loop import main


class ForgetfulPool(ProcessPoolExecutor):
    def submit(self, execute, task):
        call = super().submit(execute, task)  # what is broken already refuses it
        warming_up = task[1] == 0  # nobody dies
        return Future() if task[0] == 3 and not warming_up else call


main(functools.partial(ForgetfulPool, mp_context=multiprocessing.get_context("fork")))
