#!/usr/bin/env python3
"""headers.py: every public header compiles on its own."""
import sys

import compiling


def compiles(header):
    source = f'#include "{header.relative_to("include")}"\n'
    return compiling.run([*compiling.COMPILER, "-fsyntax-only", "-x", "c++", "-"], source)


def main():
    headers = compiling.public_headers()
    key = compiling.digest(compiling.COMPILER, *headers)
    if compiling.passed_before("headers", key):
        return 0
    faults = [said for passed, said in compiling.each(compiles, headers) if not passed]
    print("\n".join(faults), end="")
    if not faults:
        compiling.remember("headers", key)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
