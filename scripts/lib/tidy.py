#!/usr/bin/env python3
"""tidy.py: clang-tidy over src/ and apps/, for at most TIDY_SECONDS (default 600).

A file that passed is not looked at again until its preprocessed text changes.
"""
import json
import os
import pathlib
import shlex
import subprocess
import sys
import time

import compiling

BUILD = pathlib.Path("build/dev")
DEADLINE = time.monotonic() + int(os.environ.get("TIDY_SECONDS", 600))


def last_change(path):
    return int(subprocess.run(["git", "log", "-1", "--format=%ct", "--", path], capture_output=True,
                              text=True).stdout or time.time())


def preprocessed(entry):
    command = [word for word in shlex.split(entry["command"]) if word != "-c"]
    command = command[next(i for i, word in enumerate(command) if "clang" in word):]
    output = command.index("-o")
    del command[output:output + 2]
    return compiling.run([*command, "-E", "-P"])[1]


def examine(entry):
    """None when there was no time; else what clang-tidy said, empty when nothing."""
    path = pathlib.Path(entry["file"]).relative_to(pathlib.Path.cwd())
    if time.monotonic() > DEADLINE:
        return None
    key = compiling.digest(pathlib.Path(".clang-tidy"), preprocessed(entry))
    if compiling.passed_before("tidy", key):
        return ""
    passed, said = compiling.run(["clang-tidy-19", "--quiet", "-p", str(BUILD), str(path)])
    if passed:
        compiling.remember("tidy", key)
        return ""
    return "\n".join(line for line in said.splitlines() if "warnings generated" not in line)


def main():
    folders = tuple(str(pathlib.Path(name).resolve()) + "/" for name in ("src", "apps"))
    entries = [entry for entry in json.loads((BUILD / "compile_commands.json").read_text())
               if entry["file"].startswith(folders) and entry["file"].endswith(".cpp")]
    entries.sort(key=lambda entry: -last_change(entry["file"]))
    results = compiling.each(examine, entries)
    faults = [said for said in results if said]
    left = results.count(None)
    print("\n".join(faults), end="\n" if faults else "")
    if left:
        print(f"clang-tidy ran out of time: {left} of {len(entries)} files not looked at")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
