#!/usr/bin/env python3
"""compile_times.py: user CPU seconds of the compiler at -O0, against the budget.

A model's and a route's cost is the slope between a source with a few and one with many; of several
runs the fastest counts, since other work on the machine can only add.
"""
import os
import pathlib
import sys

import compiling

FEW, MANY, RUNS = 5, 45, 3
BUDGET = {"#include <portico/portico.hpp>": 1.2, "a model": 0.03, "a plain route": 0.03,
          "a coroutine route": 0.08, "100 models and 100 routes": 1.2 + 100 * 0.03 + 100 * 0.03}

HEAD = """#include <portico/portico.hpp>
using namespace portico;
"""
MODEL = """struct Model{n} {{
    std::int64_t id;
    Annotated<std::string, min_length(1), max_length(100)> name;
    Annotated<double, gt(0)> price = 1;
    std::optional<std::string> description;
    Annotated<std::vector<std::string>, max_length(10)> tags = empty;
}};
"""
USE_MODEL = "    (void)model::slot_of<Model{n}>();\n"
PLAIN = """    app.get("/plain/{n}/{{id}}", [](Path<int, "id", ge(1)> id, Query<Page> page) -> Model0 {{
        return {{.id = *id + page->limit + {n}, .name = "a"}};
    }});
"""
COROUTINE = """    app.get("/coroutine/{n}/{{id}}", [](Path<int, "id", ge(1)> id, Query<Page> page) -> Task<Model0> {{
        co_return Model0{{.id = *id + page->limit + {n}, .name = "a"}};
    }});
"""
POST = """    app.post("/models/{n}", [](Model{n} model) -> Model{n} {{ return model; }});
"""
GET = """    app.get("/models/{n}/{{id}}", [](Path<int, "id", ge(1)> id, Query<Page> page) -> Model{n} {{
        return {{.id = *id + page->limit, .name = "a"}};
    }});
"""
PAGE = "struct Page { Annotated<int, ge(0)> skip = 0; Annotated<int, ge(1), le(100)> limit = 20; };\n"
ROUTES = HEAD + MODEL.format(n=0) + PAGE + "void routes(App& app) {\n"


def models(count):
    numbers = range(count)
    return (HEAD + "".join(MODEL.format(n=n) for n in numbers) + "void use() {\n"
            + "".join(USE_MODEL.format(n=n) for n in numbers) + "}\n")


def routes(kind, count):
    return ROUTES + "".join(kind.format(n=n) for n in range(count)) + "}\n"


def program(count):
    """A model and a route of it for each number; every other route reads the model."""
    numbers = range(count)
    return (HEAD + PAGE + "".join(MODEL.format(n=n) for n in numbers)
            + "int main(int argc, char** argv) {\n    App app;\n" + "".join((GET if n % 2 else POST).format(n=n) for n in numbers)
            + "    return run(app, argc, argv);\n}\n")


def seconds(source):
    """The fastest of RUNS compilations."""
    folder = compiling.CACHE / "compile_times"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "measured.cpp"
    path.write_text(source)
    command = ["clang++-19", "-std=c++23", "-Iinclude", "-O0", "-c", str(path), "-o", os.devnull]
    times = []
    for _ in range(RUNS):
        child = os.posix_spawnp(command[0], command, os.environ)
        _, status, usage = os.wait4(child, 0)
        if status:
            sys.exit(f"{path} does not compile")
        times.append(usage.ru_utime)
    return min(times)


def slope(make):
    return (seconds(make(MANY)) - seconds(make(FEW))) / (MANY - FEW)


def main():
    if not pathlib.Path("include/portico/portico.hpp").exists():
        sys.exit("there is no portico/portico.hpp yet")
    measured = {
        "#include <portico/portico.hpp>": seconds(HEAD),
        "a model": slope(models),
        "a plain route": slope(lambda count: routes(PLAIN, count)),
        "a coroutine route": slope(lambda count: routes(COROUTINE, count)),
        "100 models and 100 routes": seconds(program(100)),
    }
    over = False
    print(f"{'user CPU, -O0':34}{'seconds':>9}{'budget':>9}")
    for what, took in measured.items():
        over |= took > BUDGET[what]
        print(f"{what:34}{took:9.3f}{BUDGET[what]:9.2f}{'  over' if took > BUDGET[what] else ''}")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
