"""Stands in for SciPy in the two functions that Google Benchmark's compare.py takes from it, where
SciPy is not installed: Debian's cannot be, beside Boost 1.81. It is compare.py that has to read our
files, not the p that counts."""
import math
from collections import namedtuple

from numpy import array

_Result = namedtuple("_Result", "statistic pvalue")


def mannwhitneyu(x, y, alternative="two-sided"):
    """By the normal approximation without ties."""
    u = sum((a > b) + 0.5 * (a == b) for a in x for b in y)
    n = len(x) * len(y)
    deviation = math.sqrt(n * (len(x) + len(y) + 1) / 12)
    return _Result(u, math.erfc(abs(u - n / 2) / deviation / math.sqrt(2)))


def gmean(rows):
    """Of each column; 0 where one of its values is 0."""
    def of(column):
        if min(column) <= 0:
            return 0.0
        return math.exp(sum(math.log(value) for value in column) / len(column))
    return array([of(column) for column in zip(*rows)])
