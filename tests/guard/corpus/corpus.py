#!/usr/bin/env python3
"""corpus.py: measures detection on cases that others wrote.

    corpus.py PROGRAM [--crs DIR] [--attacks FILE…] [--clean FILE…] [--half 1|2] [--show WHAT]

PROGRAM is portico_guard_corpus. --crs reads the regression tests of an OWASP CRS checkout, and takes
those of paranoia level 1; --attacks and --clean read a value a line. --half takes every other case:
tune on one half, report both. --show attack, clean or all prints the cases that went wrong.
"""
import argparse
import base64
import hashlib
import pathlib
import re
import subprocess
import sys
from urllib.parse import quote_from_bytes

KINDS = ("920", "921", "930", "931", "932", "933", "934", "941", "942", "944")


def line(group, label, method, uri, fields=b"", body=b""):
    packed = (quote_from_bytes(part, safe=" !\"#$&'()*+,/:;<=>?@[\\]^`{|}~")
              for part in (uri, fields, body))
    return "\t".join((group, label, method, *packed))


def chosen(name, half):
    return not half or hashlib.sha1(name.encode()).digest()[0] % 2 == half - 1


def first_level(folder):
    """The ids of rules of paranoia level 1 that block."""
    out = set()
    for path in (folder / "rules").glob("REQUEST-9*.conf"):
        for rule in re.split(r"(?m)^SecRule|^SecAction", path.read_text()):
            found = re.search(r"id:(\d+)", rule)
            if found and "paranoia-level/1'" in rule and "block" in rule:
                out.add(int(found[1]))
    return out


def crs(folder, half):
    import yaml
    level_one = first_level(folder)
    for path in sorted((folder / "tests/regression/tests").rglob("*.yaml")):
        document = yaml.safe_load(path.read_bytes())
        if not document:
            continue
        rule = document.get("rule_id") or int(path.stem)
        if str(rule)[:3] not in KINDS or rule not in level_one:
            continue
        for test in document["tests"]:
            if not chosen(f"{rule}-{test['test_id']}", half):
                continue
            for stage in test["stages"]:
                given = stage["input"]
                log = stage["output"].get("log", {})
                expected = rule in log.get("expect_ids", [])
                if "encoded_request" in given or (not expected and rule not in log.get("no_expect_ids", [])):
                    continue
                fields = "\n".join(f"{k}: {v}" for k, v in (given.get("headers") or {}).items())
                body = given.get("data") or ""
                if isinstance(body, dict) or isinstance(body, list):
                    continue
                if body and "content-type" not in fields.lower():
                    fields += "\nContent-Type: application/x-www-form-urlencoded"
                body = str(body)
                if "multipart" in fields.lower():
                    body = body.replace("\r\n", "\n").replace("\n", "\r\n")
                yield line(f"crs-{str(rule)[:3]}",
                           "attack" if expected else "clean", given.get("method") or "GET",
                           str(given.get("uri", "/")).encode(), fields.encode(), body.encode())


def values(path, label, half):
    text = pathlib.Path(path).read_bytes()
    for value in text.split(b"\n"):
        value = value.rstrip(b"\r")
        if value and chosen(value.decode(errors="replace"), half):
            yield line(pathlib.Path(path).stem, label, "-", value)


def main():
    arguments = argparse.ArgumentParser(description=__doc__,
                                        formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("program")
    arguments.add_argument("--crs", type=pathlib.Path)
    arguments.add_argument("--attacks", nargs="*", default=[])
    arguments.add_argument("--clean", nargs="*", default=[])
    arguments.add_argument("--half", type=int, choices=(1, 2))
    arguments.add_argument("--show", choices=("attack", "clean", "all"), default="")
    given = arguments.parse_args()
    lines = list(crs(given.crs, given.half)) if given.crs else []
    for label, paths in (("attack", given.attacks), ("clean", given.clean)):
        for path in paths:
            lines += values(path, label, given.half)
    command = [given.program] + ([given.show] if given.show else [])
    return subprocess.run(command, input="\n".join(lines).encode()).returncode


if __name__ == "__main__":
    sys.exit(main())
