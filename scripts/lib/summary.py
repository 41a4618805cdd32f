#!/usr/bin/env python3
"""summary.py BUILD...: counts test cases in the reports of `ctest`, each once however often it ran.

A GoogleTest binary counts with its cases, from its own report; any other test, and a binary that
died before it could write one, counts as one case. Prints what failed, then `N passed, N failed`.
"""
import pathlib
import re
import sys
import xml.etree.ElementTree as xml


def read(report):
    """GoogleTest writes a test's parameter as it is: bytes that are no UTF-8, or no XML, too."""
    text = pathlib.Path(report).read_text(encoding="utf-8", errors="replace")
    return xml.fromstring(re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "?", text))


def cases(build):
    """Yields (name, passed) for every case that ran in one build folder."""
    reports = pathlib.Path(build) / "reports"
    if not (reports / "ctest.junit").exists():
        yield f"{build} (no test ran)", False
        return
    for test in read(reports / "ctest.junit").iter("testcase"):
        status = test.get("status")
        if status in ("disabled", "notrun") and test.find("skipped") is not None:
            continue
        report, name = reports / f"{test.get('name')}.xml", test.get("name")
        if not report.exists():
            yield name, status == "run"
            continue
        failures = 0
        for case in read(report).iter("testcase"):
            if case.get("result") != "completed":
                continue
            failed = case.find("failure") is not None
            failures += failed
            yield f"{name}: {case.get('classname')}.{case.get('name')}", not failed
        # Such as a leak that a sanitizer finds after the last case.
        if status != "run" and failures == 0:
            yield f"{name} (outside its cases)", False


def main():
    passed, failed = set(), {}
    for build in sys.argv[1:]:
        for name, ok in cases(build):
            passed.add(name) if ok else failed.setdefault(name, build)
    for name, build in sorted(failed.items()):
        print(f"FAILED in {build}: {name}")
    print(f"{len(passed - failed.keys())} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
