"""Lets others' tools, or the rules by which they read, read what the program writes.

Each check of a format states what its reader wants, from the reader's sources and reference:
bencher.dev's metric format, github-action-benchmark's extract.ts, Bencher's cpp_google adapter, the
JUnit schemas of Jenkins and GitLab. Google Benchmark's compare.py is run itself.
"""
import csv
import glob
import json
import math
import os
import re
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as xml

SAMPLES = os.environ["STRATBENCH_SAMPLES"]
HERE = os.path.dirname(os.path.abspath(__file__))
DOCS = os.path.join(HERE, "..", "..", "docs", "ci")
COMPARE = "/usr/share/benchmark/compare.py"


def sample(name):
    return os.path.join(SAMPLES, name)


def text_of(name):
    with open(sample(name), encoding="utf-8", newline="") as file:
        return file.read()


def read_json(name):
    def refuse(constant):
        raise ValueError(f"{constant} is not JSON")
    return json.loads(text_of(name), parse_constant=refuse)


def missing(what):
    """A test without its tool is skipped, but has failed where CI has installed everything."""
    if os.environ.get("STRATBENCH_REQUIRE_CONSUMERS"):
        raise AssertionError(f"{what} is not installed")
    raise unittest.SkipTest(f"{what} is not installed")


class Bencher(unittest.TestCase):
    def test_reads_the_metric_format(self):
        for name in ("export-study.bmf.json", "export-hostile.bmf.json"):
            benchmarks = read_json(name)
            self.assertTrue(benchmarks)
            for benchmark, measures in benchmarks.items():
                self.assertTrue(0 < len(benchmark) <= 1024)
                self.assertTrue(measures)
                for measure, figure in measures.items():
                    self.assertRegex(measure, r"^[a-z0-9]+(-[a-z0-9]+)*$")
                    self.assertLessEqual(len(measure), 64)
                    self.assertLessEqual({"value"}, set(figure))
                    self.assertLessEqual(set(figure), {"value", "lower_value", "upper_value"})
                    for value in figure.values():
                        self.assertTrue(isinstance(value, (int, float)) and math.isfinite(value))
                    self.assertLessEqual(figure.get("lower_value", -math.inf), figure["value"])
                    self.assertGreaterEqual(figure.get("upper_value", math.inf), figure["value"])

    def test_reads_the_rows_of_google_benchmark(self):
        for name in ("export-study.gbench.json", "study.json"):
            document = read_json(name)
            self.assertIsInstance(document["context"]["caches"], list)
            for row in document["benchmarks"]:
                self.assertIsInstance(row["name"], str)
                self.assertIsInstance(row["real_time"], (int, float))
                self.assertIn(row["time_unit"], ("ns", "us", "ms", "s"))


class GithubActionBenchmark(unittest.TestCase):
    def test_reads_customSmallerIsBetter(self):
        entries = read_json("export-study.github.json")
        self.assertTrue(entries)
        for entry in entries:
            self.assertLessEqual(set(entry), {"name", "value", "unit", "range", "extra"})
            for key in ("name", "unit"):
                self.assertTrue(entry[key] and isinstance(entry[key], str))
            # It divides by the previous value.
            self.assertGreater(entry["value"], 0)
            self.assertRegex(entry["range"], r"^± [0-9.]+(e\+[0-9]+)?$")
        # Its search for the previous entry ends at the first of a name.
        self.assertEqual(len({entry["name"] for entry in entries}), len(entries))

    def test_reads_googlecpp_with_one_row_for_each_name(self):
        rows = read_json("export-study.gbench.json")["benchmarks"]
        self.assertTrue(rows)
        for row in rows:
            self.assertGreater(row["real_time"], 0)
            for key in ("name", "time_unit", "iterations", "cpu_time", "threads"):
                self.assertIn(key, row)
        self.assertEqual(len({row["name"] for row in rows}), len(rows))


class JUnit(unittest.TestCase):
    ATTRIBUTES = {
        "testsuites": {"name", "tests", "failures", "errors"},
        "testsuite": {"name", "tests", "failures", "errors", "skipped"},
        "testcase": {"classname", "name"},
        "failure": {"type", "message"},
        "error": {"type", "message"},
        "skipped": {"message"},
        "system-out": set(),
    }
    CHILDREN = {
        "testsuites": {"testsuite"},
        "testsuite": {"testcase", "system-out"},
        "testcase": {"failure", "error", "skipped", "system-out"},
    }

    def test_documents_are_well_formed_and_of_these_elements_alone(self):
        files = glob.glob(sample("compare-*.xml"))
        self.assertEqual(len(files), 8)
        for file in files:
            root = xml.parse(file).getroot()
            self.assertEqual(root.tag, "testsuites")
            for element in root.iter():
                self.assertEqual(set(element.attrib), self.ATTRIBUTES[element.tag])
                for child in element:
                    self.assertIn(child.tag, self.CHILDREN.get(element.tag, ()))
            suite = root[0]
            cases = suite.findall("testcase")
            # Jenkins and GitLab know a test by its class and name.
            self.assertEqual(len({case.get("name") for case in cases}), len(cases))
            self.assertEqual(int(suite.get("tests")), len(cases))
            for counter, tag in (("failures", "failure"), ("errors", "error"),
                                 ("skipped", "skipped")):
                found = len(suite.findall(f"testcase/{tag}"))
                self.assertEqual(int(suite.get(counter)), found)

    def test_a_hostile_name_comes_out_of_the_parser_as_a_name(self):
        root = xml.parse(sample("compare-hostile.xml")).getroot()
        names = [case.get("name") for case in root.iter("testcase")]
        self.assertTrue(all(name.startswith("</script>|`a`<img src=x") for name in names), names)


class Csv(unittest.TestCase):
    def test_every_record_has_the_fields_of_the_head(self):
        for name, file in (("study", "export-study.csv"), ("hostile", "export-hostile.csv")):
            text = text_of(file)
            self.assertTrue(text.endswith("\r\n"))
            records = list(csv.DictReader(text.splitlines(keepends=True), strict=True))
            self.assertTrue(records)
            for record in records:
                self.assertNotIn(None, record, name)
                self.assertNotIn(None, record.values(), name)
                self.assertIn(record["status"], ("ok", "failed"))
                float(record["throughput_per_s"])

    def test_there_are_as_many_records_as_trials(self):
        trials = sum(len(cell["trials"]) for cell in read_json("study.json")["stratbench"]["cells"])
        records = list(csv.reader(text_of("export-study.csv").splitlines(keepends=True)))
        self.assertEqual(len(records), trials + 1)


class GoogleBenchmark(unittest.TestCase):
    @staticmethod
    def interpreter():
        """One that has NumPy, which compare.py needs."""
        for python in (sys.executable, "/usr/bin/python3"):
            if subprocess.run([python, "-c", "import numpy"], capture_output=True).returncode == 0:
                return python
        return missing("NumPy")

    def compare(self, base, new):
        if not os.path.exists(COMPARE):
            missing("compare.py (libbenchmark-tools)")
        python = self.interpreter()
        environment = dict(os.environ, PYTHONDONTWRITEBYTECODE="1")
        if subprocess.run([python, "-c", "import scipy.stats"], capture_output=True).returncode:
            environment["PYTHONPATH"] = HERE
        done = subprocess.run(
            [python, COMPARE, "--no-color", "benchmarks", sample(base), sample(new)],
            capture_output=True, text=True, env=environment)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_compare_py_reads_two_results_files_and_tests_their_repetitions(self):
        text = self.compare("study.json", "study-slower.json")
        rows = [row for row in read_json("study.json")["benchmarks"] if "error_message" not in row]
        for row in rows:
            self.assertRegex(text, rf"(?m)^{re.escape(row['name'])} ")
        self.assertIn("U Test, Repetitions: 5 vs 5", text)
        first = re.escape(rows[0]["run_name"])
        # Twice the time: (new - old) / |old| is 1.
        self.assertRegex(text, rf"(?m)^{first}_median +\+1\.0000 ")

    def test_compare_py_reads_one_row_for_each_cell(self):
        text = self.compare("export-study.gbench.json", "export-study.gbench.json")
        for row in read_json("export-study.gbench.json")["benchmarks"]:
            self.assertRegex(text, rf"(?m)^{re.escape(row['name'])} +\+0\.0000 ")


class Workflows(unittest.TestCase):
    """Their commands are run as they stand there, on cells that take a moment."""

    OUTPUT = {"results.json", "results.base.json", "compare.html", "compare.md", "compare.xml"}

    def expect_comparison(self, command, checkout, base):
        """Both are folders below one, in which builds are where `./dev build` leaves them."""
        with tempfile.TemporaryDirectory() as top:
            for folder in (checkout, base):
                build = os.path.join(top, folder, "build", "release")
                os.makedirs(build)
                os.symlink(os.environ["STRATBENCH"], os.path.join(build, "stratbench"))
            # Where the command runs: beside both, or in the checkout.
            place = os.path.join(top, "" if command.startswith("head/") else checkout)
            cells = "--strategy sync --workload noop --load batch:100 --quick"
            ran = subprocess.run(
                ["bash", "-e", "-c", command], cwd=place, capture_output=True, text=True,
                env={**os.environ, "CELLS": cells, "BUDGET": "1s"}, check=False)
            # Noise may be taken for a change; an error is another thing.
            self.assertIn(ran.returncode, (0, 1), ran.stderr)
            self.assertLessEqual(self.OUTPUT, set(os.listdir(place)))
            xml.parse(os.path.join(place, "compare.xml"))

    def load(self, name):
        try:
            import yaml
        except ImportError:
            missing("PyYAML (python3-yaml)")
        with open(os.path.join(DOCS, name), encoding="utf-8") as file:
            return yaml.safe_load(file)

    def test_the_one_for_github_is_yaml_with_least_rights(self):
        workflow = self.load("github-actions.yml")
        # YAML 1.1 takes `on` for true.
        self.assertIn("pull_request", workflow[True])
        self.assertNotIn("pull_request_target", workflow[True])
        self.assertEqual(workflow["permissions"], {"contents": "read"})
        measure = workflow["jobs"]["compare"]
        self.assertNotIn("permissions", measure)
        commands = "\n".join(step.get("run", "") for step in measure["steps"])
        for needed in ("--against", "--markdown", "--junit", "GITHUB_STEP_SUMMARY"):
            self.assertIn(needed, commands)
        # Text that others choose must not be pasted into a script.
        self.assertNotRegex(commands, r"\$\{\{")
        measures = [step["run"] for step in measure["steps"] if "--against" in step.get("run", "")]
        self.assertEqual(len(measures), 1)
        self.expect_comparison(measures[0], "head", "base")

    def test_the_one_for_gitlab_is_yaml_and_hands_over_junit(self):
        job = self.load("gitlab-ci.yml")["benchmark"]
        self.assertEqual(job["artifacts"]["when"], "always")
        self.assertEqual(job["artifacts"]["reports"]["junit"], "compare.xml")
        self.assertEqual(len(job["script"]), 1)
        self.expect_comparison(job["script"][0], "project", "base")


if __name__ == "__main__":
    unittest.main()
