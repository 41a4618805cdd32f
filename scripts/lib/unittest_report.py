#!/usr/bin/env python3
"""unittest_report.py FOLDER REPORT [TEST...]: runs the unittests of a folder (test_*.py, or only those
named: a module, a class, a test) and writes a report of the kind that GoogleTest writes, for
summary.py."""
import pathlib
import sys
import time
import unittest
import xml.etree.ElementTree as xml


class Result(unittest.TextTestResult):
    """Remembers each test once: failed when it, or one of its subtests, failed."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.report = xml.Element("testsuites")
        self.began = {}

    def startTest(self, test):
        super().startTest(test)
        self.began[test.id()] = time.monotonic()

    def stopTest(self, test):
        super().stopTest(test)
        mine = (test, getattr(test, "test_case", test))
        wrong = [text for bad, text in self.failures + self.errors
                 if getattr(bad, "test_case", bad) in mine]
        skipped = any(bad is test for bad, _ in self.skipped)
        kind, _, name = test.id().rpartition(".")
        case = xml.SubElement(self.report, "testcase", classname=kind, name=name,
                              result="skipped" if skipped else "completed",
                              time=f"{time.monotonic() - self.began[test.id()]:.3f}")
        for text in wrong:
            xml.SubElement(case, "failure", message=text.strip().splitlines()[-1]).text = text


def main():
    folder, report, *names = sys.argv[1:]
    sys.path.insert(0, folder)
    loader = unittest.defaultTestLoader
    tests = loader.loadTestsFromNames(names) if names else loader.discover(folder)
    result = unittest.TextTestRunner(sys.stdout, verbosity=2, resultclass=Result).run(tests)
    # What failed outside a test, such as in setUpClass.
    for bad, text in result.errors:
        if not isinstance(getattr(bad, "test_case", bad), unittest.TestCase):
            case = xml.SubElement(result.report, "testcase", classname="unittest", name=str(bad),
                                  result="completed")
            xml.SubElement(case, "failure", message=text.strip().splitlines()[-1]).text = text
    pathlib.Path(report).parent.mkdir(exist_ok=True)
    xml.ElementTree(result.report).write(report)
    return 0 if result.wasSuccessful() and result.testsRun else 1


if __name__ == "__main__":
    sys.exit(main())
