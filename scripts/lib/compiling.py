"""Compiling many small things at once, and remembering those that passed."""
import concurrent.futures
import hashlib
import os
import pathlib
import subprocess

COMPILER = ["clang++-19", "-std=c++23", "-Iinclude", "-Wall", "-Wextra", "-Wconversion", "-Wshadow",
            "-Wno-missing-field-initializers", "-Wno-unused", "-Werror"]
CACHE = pathlib.Path("build/check")


def digest(*parts):
    """One name for texts and files; a Path stands for its contents."""
    sum = hashlib.sha256()
    for part in parts:
        sum.update(part.read_bytes() if isinstance(part, pathlib.Path) else str(part).encode())
        sum.update(b"\0")
    return sum.hexdigest()[:32]


def public_headers():
    return sorted(pathlib.Path("include").rglob("*.hpp"))


def passed_before(kind, key):
    return (CACHE / kind / key).exists()


def remember(kind, key):
    (CACHE / kind).mkdir(parents=True, exist_ok=True)
    (CACHE / kind / key).touch()


def run(command, text=None):
    """(succeeded, what it said)"""
    done = subprocess.run(command, input=text, capture_output=True, text=True, errors="replace")
    return done.returncode == 0, done.stdout + done.stderr


def each(function, items):
    """function over items on every core, results in order."""
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(function, items))
