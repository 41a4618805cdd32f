#!/usr/bin/env python3
"""layout.py: rooms include only what their arrows allow, public headers only what is light, nothing
is unfinished, no file outgrows its reader."""
import pathlib
import re
import subprocess
import sys

import rooms

MAX_LINES = 450
# Parsing them costs every user of the library a noticeable part of a second.
SLOW = {"regex", "iostream", "filesystem", "thread", "future", "random"}
# The library reports through results and the log.
PRINTS = re.compile(r"\bstd::(cout|cerr|clog|abort|exit|_Exit|quick_exit)\b|(?<!\w)(std::)?f?(printf|puts)\(")
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)')


def includes(path):
    for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
        if match := INCLUDE.match(line):
            yield number, match[1], match[2]


def room_of(parts, may):
    """The room of include/portico/<room>/… or src/<room>/…; None for an umbrella header."""
    if parts[:2] == ("include", "portico"):
        return parts[2] if len(parts) > 3 else None
    return parts[1]


def include_faults(path, may):
    parts = path.parts
    public = parts[0] == "include"
    if public or (parts[0] == "src" and len(parts) > 2):
        room = room_of(parts, may)
        if room is not None and room not in may:
            yield 1, f'"{room}" is not a room of src/CMakeLists.txt'
            return
        allowed = may[room] if room else set(may)
        for number, quote, name in includes(path):
            first, _, rest = name.partition("/")
            if first == "portico":
                other = rest.partition("/")[0] if "/" in rest else None
                if other is None and room is not None:
                    yield number, f"a room includes no umbrella header: {name}"
                elif other is not None and other not in allowed:
                    yield number, f"{room} may not know {other} (src/CMakeLists.txt)"
                if quote == "<":
                    yield number, f'our own headers are written "{name}"'
            elif public and quote == '"':
                yield number, f"a public header includes a private one: {name}"
            elif public and (not re.fullmatch(r"[a-z_0-9]+", name) or name in SLOW):
                yield number, f"<{name}> is too heavy, or not the standard library's, for a public header"
            elif not public and quote == '"' and first != room and first in may:
                yield number, f"{name} is private to {first}"
    elif parts[0] in ("apps", "examples"):
        for number, quote, name in includes(path):
            if quote == '"' and name.partition("/")[0] in may:
                yield number, f"{name} is private to the library"


def line_faults(path):
    lines = path.read_text(errors="replace").splitlines()
    if len(lines) > MAX_LINES:
        yield 1, f"{len(lines)} lines; at most {MAX_LINES}, so that one file holds one concept"
    library = path.suffix in (".hpp", ".cpp") and path.parts[0] in ("include", "src")
    for number, line in enumerate(lines, 1):
        if UNFINISHED.search(line):
            yield number, "unfinished: " + line.strip()
        if library and PRINTS.search(line.partition("//")[0]):
            yield number, "the library neither prints nor ends the process: " + line.strip()
    if path.parts[0] == "include" and "#pragma once" not in lines:
        yield 1, "no #pragma once"


def link_faults(path):
    for number, line in enumerate(path.read_text().splitlines(), 1):
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", line):
            if not (path.parent / target).exists():
                yield number, f"a link to {target}, which does not exist"


def table_faults(arrows):
    """The table of ARCHITECTURE.md says what src/CMakeLists.txt does."""
    rows = re.findall(r"^\| `(\w+)/` \|.*\| ([^|]*) \|$", pathlib.Path("ARCHITECTURE.md").read_text(),
                      re.MULTILINE)
    said = {name: set(re.findall(r"\w+", depends)) - {"std", "only"} for name, depends in rows}
    for name, depends in arrows.items():
        if name not in said:
            yield 1, f"the table of rooms lacks {name}/"
        elif said[name] != set(depends):
            yield 1, f"{name}/ may know {', '.join(depends) or 'std only'} (src/CMakeLists.txt)"


def main():
    arrows = rooms.table()
    may = rooms.reachable(arrows)
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                            capture_output=True, text=True, check=True).stdout.split("\0")
    paths = [path for name in listed if name and (path := pathlib.Path(name)).is_file()]
    faults = [("ARCHITECTURE.md", *fault) for fault in table_faults(arrows)]
    for path in paths:
        code = path.suffix in (".hpp", ".cpp", ".c", ".h")
        if path == pathlib.Path("scripts/lib/layout.py"):
            continue
        if path.suffix == ".md":
            faults += [(path, *fault) for fault in link_faults(path)]
        if code:
            faults += [(path, *fault) for fault in include_faults(path, may)]
        if code or path.suffix in (".cmake", ".py", ".sh") or path.parent.name == "scripts":
            faults += [(path, *fault) for fault in line_faults(path)]
    for path, number, what in faults:
        print(f"{path}:{number}: {what}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
