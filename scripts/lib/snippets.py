#!/usr/bin/env python3
"""snippets.py: every ```cpp block of the root's and docs/' pages compiles.

A block with `main` or an #include is compiled as it is; any other comes after
`#include <portico/portico.hpp>` and `using namespace portico;`. A comment on the line above a block
says more:

    <!-- compile: statements -->   it goes into a coroutine
    <!-- compile: continues -->    it comes after the blocks above it on the page
    <!-- compile: fails -->        it must not compile
    <!-- compile: after            the lines up to the end of the comment come before it
    struct Item { int id; };
    -->
"""
import pathlib
import re
import sys

import compiling

PRELUDE = "#include <portico/portico.hpp>\nusing namespace portico;\nusing namespace std::chrono_literals;\n"
BLOCK = re.compile(r"(?:<!-- compile: (\w+)(.*?)-->\n+)?^```cpp\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def blocks(page):
    """Yields (line, source, must it compile)"""
    text, above = page.read_text(), ""
    for match in BLOCK.finditer(text):
        word, context, body = match[1] or "", match[2] or "", match[3]
        line = text.count("\n", 0, match.start(3)) + 1
        if word not in ("", "statements", "continues", "fails", "after"):
            raise ValueError(f"{page}:{line}: <!-- compile: {word} --> is not known")
        located = f'#line {line} "{page}"\n{body}'
        if word == "statements":
            located = f"inline core::Task<void> snippet_{line}() {{\n{located}\nco_return;\n}}\n"
        source = (above if word == "continues" else "") + (context if word == "after" else "") + located
        whole = "#include" in source
        yield line, source if whole else PRELUDE + source, word != "fails"
        if word != "fails":
            above = source


def main():
    pages = [*sorted(pathlib.Path(".").glob("*.md")), *sorted(pathlib.Path("docs").rglob("*.md"))]
    api = compiling.digest(compiling.COMPILER, *compiling.public_headers())
    todo = []
    for page in pages:
        for line, source, good in blocks(page):
            key = compiling.digest(api, source, good)
            if not compiling.passed_before("snippets", key):
                todo.append((page, line, source, good, key))

    def compiles(item):
        page, line, source, good, key = item
        command = [*compiling.COMPILER, "-fsyntax-only", "-x", "c++", "-"]
        passed, said = compiling.run(command, source)
        if passed == good:
            compiling.remember("snippets", key)
            return ""
        return said if good else f"{page}:{line}: it compiles, and should not\n"

    faults = [fault for fault in compiling.each(compiles, todo) if fault]
    print("\n".join(faults), end="")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
