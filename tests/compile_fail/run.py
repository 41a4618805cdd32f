#!/usr/bin/env python3
"""run.py FOLDER COMPILER FLAGS...: what must not compile does not, and says so in the user's words.

The first line of each FOLDER/*.cpp is `// expect: <text>`; the compiler's first error line must
contain that text.
"""
import concurrent.futures
import os
import pathlib
import subprocess
import sys


def fault(source, command):
    first = source.read_text().splitlines()[0]
    if not first.startswith("// expect: "):
        return "the first line is not `// expect: <text>`"
    expected = first.removeprefix("// expect: ").strip()
    run = subprocess.run([*command, str(source)], capture_output=True, text=True)
    errors = [line for line in run.stderr.splitlines() if "error:" in line]
    if run.returncode == 0:
        return f"it compiles; expected: {expected}"
    if not errors or expected not in errors[0]:
        return f"expected: {expected}\n    got: {errors[0] if errors else run.stderr[:400]}"
    return None


def main():
    folder, command = pathlib.Path(sys.argv[1]), sys.argv[2:] + ["-fsyntax-only"]
    sources = sorted(folder.glob("*.cpp"))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        faults = list(pool.map(lambda source: fault(source, command), sources))
    for source, what in zip(sources, faults):
        print(f"{'FAILED' if what else 'ok':7}{source.name}" + (f": {what}" if what else ""))
    return 1 if any(faults) or not sources else 0


if __name__ == "__main__":
    sys.exit(main())
