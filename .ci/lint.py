#!/usr/bin/env python3
"""clang-tidy on every unit that CMake makes of a target's files; every file that is in a unit with
others, and every header, compiled alone by Clang without a warning. A header that a file includes
before anything else is compiled alone by that. Generated files are left out.

What passed before is not checked again as long as nothing that it reads has changed: a key is made of
the command, of every file of ours that is included, directly or not, of .clang-tidy and of the
packages that are installed. Keys of what passed are empty files in the user's cache, in whatever folder
the sources were; those that nobody asked for in 30 days go.
"""

import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
PASSED = CACHE / "stratbench" / "lint"
SHALLOW = [f"--extra-arg={word}" for word in ("-Xclang", "-analyzer-config", "-Xclang", "mode=shallow")]
INCLUDE = re.compile(rb'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)
FIRST_INCLUDE = re.compile(rb'^\s*#\s*include\s*["<]([^">]+)', re.MULTILINE)


def output_of(*command):
    try:
        return subprocess.run(command, capture_output=True, check=False).stdout
    except FileNotFoundError:
        return b""


def include_folders(arguments):
    return [pathlib.Path(a[2:]) for a in arguments if a.startswith("-I")]


class Includes:
    """Finds what a file of ours includes, once for each file."""

    def __init__(self):
        self.known = {}

    @staticmethod
    def places(name, file, folders):
        """Where it is, if it is ours: one at most."""
        each = [file.parent / name, *(folder / name for folder in folders)]
        return [place.resolve() for place in each if place.is_file()][:1]

    def first(self, file, arguments):
        """The header that a file includes before all others; none, if that is not ours."""
        name = FIRST_INCLUDE.search(file.read_bytes())
        folders = include_folders(arguments)
        return set(self.places(os.fsdecode(name[1]), file, folders) if name else [])

    def direct(self, file, folders):
        if file not in self.known:
            content = file.read_bytes()
            names = [os.fsdecode(name) for name in INCLUDE.findall(content)]
            self.known[file] = (hashlib.sha256(content).digest(), names)
        digest, names = self.known[file]
        found = []
        for name in names:
            found += self.places(name, file, folders)
        return digest, found

    def closure(self, file, folders):
        """Digests of all of them, by path."""
        digests, left = {}, [file.resolve()]
        while left:
            each = left.pop()
            if each not in digests:
                digests[each], more = self.direct(each, folders)
                left += more
        return digests


def members(unit):
    """The files that a unit of CMake's consists of; of any other file, itself."""
    if "Unity" not in unit.parts:
        return [unit]
    return [pathlib.Path(os.fsdecode(name)) for name in INCLUDE.findall(unit.read_bytes())]


def commands(folder):
    """(file, arguments) of each unit, without compiler, launcher and output."""
    database = ROOT / "build" / folder / "compile_commands.json"
    for entry in json.loads(database.read_text()):
        file = pathlib.Path(entry["file"])
        generated = (ROOT / "build") in file.parents and "Unity" not in file.parts
        if generated or file.suffix == ".c":  # clang-tidy's rules are for C++
            continue
        words = shlex.split(entry["command"])
        words = words[next(i for i, w in enumerate(words) if re.search(r"(^|/)(clang|g|c)\+\+$", w)) + 1:]
        words = words[:words.index("-o")]
        yield file, [w for w in words if not w.startswith(("-M", "-ffile-prefix-map"))
                     and not w.endswith((".o", ".d"))]


def headers(units):
    """(file, arguments) of each header of ours, with the arguments of a unit of its folder, or else of
    the nearest one. `units` are files with theirs."""
    known = {}
    for file, arguments in units:
        known.setdefault(file.parent, arguments)

    def arguments_for(header):
        for folder in header.parents:
            for other in sorted(known):
                if other == folder or folder in other.parents:
                    return known[other]

    tops = {ROOT / folder.relative_to(ROOT).parts[0] for folder in known if folder != ROOT}
    for header in sorted(header for top in tops for header in top.rglob("*.hpp")):
        yield header, arguments_for(header)


def checks(deep):
    """(size, name, command, key) of everything to check."""
    includes = Includes()
    environment = b"".join(
        [output_of("clang-tidy", "--version"), output_of("clang++", "--version"),
         output_of("dpkg-query", "-W"), (ROOT / ".clang-tidy").read_bytes(),
         pathlib.Path(__file__).read_bytes()])
    shared, seen = set(), set()  # files that are in a unit with others; keys
    proven = set()  # headers that a file alone includes first

    def check(tool, file, arguments, command):
        folders = include_folders(arguments)
        key = hashlib.sha256(environment)
        key.update("\0".join(command).replace(str(ROOT), "").encode())
        for path, digest in sorted(includes.closure(file, folders).items()):
            if "Unity" not in path.parts:  # which holds nothing but paths
                key.update(str(path).replace(str(ROOT), "").encode() + digest)
        if key.hexdigest() not in seen:
            seen.add(key.hexdigest())
            size = sum(member.stat().st_size for member in members(file))
            yield size, f"{tool} {file.relative_to(ROOT)}", command, PASSED / key.hexdigest()

    for file, arguments in commands("UnifiedSource"):
        of_unit = members(file)
        if len(of_unit) > 1:
            shared.update(of_unit)
        else:  # it is alone, and every warning counts
            file, arguments = of_unit[0], [*arguments, "-Wshadow"]
            if (ROOT / "build") in file.parents:
                continue
            proven |= includes.first(file, arguments)
        # Assertions make paths beyond counting: three quarters of the analyser's time, for code of
        # which the sanitizers see every line run.
        shallow = "tests" in file.relative_to(ROOT).parts and not deep
        yield from check("clang-tidy", file, arguments,
                         ["clang-tidy", "--quiet", *(SHALLOW if shallow else []), str(file), "--",
                          *arguments])
    alone = list(commands("dev"))
    for file, arguments in alone:
        if file in shared:
            proven |= includes.first(file, arguments)
            yield from check("clang++", file, arguments,
                             ["clang++", "-fsyntax-only", *arguments, str(file)])
    for file, arguments in headers(alone):
        if file in proven:
            continue
        yield from check("clang++", file, arguments,
                         ["clang++", "-fsyntax-only", *arguments, "-x", "c++-header", str(file)])


def run(command):
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    said = "\n".join(line for line in done.stdout.splitlines()
                     if not re.match(r"\d+ warnings?( and \d+ errors?)? (generated|treated)", line))
    return done.returncode, said


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", action="store_true", help="also what passed before")
    parser.add_argument("--deep", action="store_true", help="the analyser's full depth in tests, too")
    asked = parser.parse_args()

    PASSED.mkdir(parents=True, exist_ok=True)
    for passed in PASSED.iterdir():
        if passed.stat().st_mtime < time.time() - 30 * 86400:
            passed.unlink(missing_ok=True)

    wanted, known = [], 0
    # What takes longest begins first, so that nothing runs alone at the end.
    for _, name, command, passed in sorted(checks(asked.deep), reverse=True):
        if passed.exists() and not asked.all:
            passed.touch()
            known += 1
        else:
            wanted.append((name, command, passed))

    failures = 0
    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        outcomes = pool.map(lambda check: run(check[1]), wanted)
        for number, ((name, _, passed), (code, said)) in enumerate(zip(wanted, outcomes), 1):
            print(f"[{number}/{len(wanted)}] {name}", flush=True)
            if said:
                print(said, flush=True)
            if code == 0:
                passed.touch()
            else:
                failures += 1
    print(f"lint: {len(wanted)} checked, {known} as they were when they passed, {failures} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
