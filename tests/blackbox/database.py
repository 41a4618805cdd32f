"""The databases that the servers under test stand on.

PORTICO_DATABASE says which: `sqlite` (a file; the default), `memory` or `postgresql`, a server of the
tests' own with one database for each folder.
"""

import atexit
import contextlib
import json
import os
import pathlib
import re
import sqlite3
import subprocess
import sys
import urllib.parse

KIND = os.environ.get("PORTICO_DATABASE", "sqlite")


class Postgres:
    """One PostgreSQL; see tests/support/services.py."""

    def __init__(self, *arguments):
        script = pathlib.Path(__file__).parent.parent / "support" / "services.py"
        self.process = subprocess.Popen([sys.executable, script, "postgres", *arguments], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(f"PostgreSQL does not start: status {self.process.wait()}")
        self.address = json.loads(line)

    def close(self):
        if not self.process.stdin.closed:
            self.process.stdin.close()
            self.process.stdout.close()
            self.process.wait()

    def stop(self):
        """At once, as in a crash."""
        self.command("stop")

    def start(self):
        self.command("start")

    def command(self, name):
        self.process.stdin.write(name + "\n")
        self.process.stdin.flush()
        if self.process.stdout.readline() != "ok\n":
            raise AssertionError(f"{name}: PostgreSQL is gone")

    def url(self, name):
        return urllib.parse.urlsplit(self.address["url"])._replace(path="/" + name).geturl()

    def run(self, name, statement):
        """The rows of a statement in a database, as tuples of texts and numbers."""
        command = ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-F", "\x1f", "-R", "\x1e",
                   "-h", self.address["folder"], "-p", str(self.address["port"]), "-U", "portico",
                   "-d", name, "-c", statement]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if done.returncode != 0:
            raise AssertionError(f"{statement}\n{done.stderr}")
        text = done.stdout.removesuffix("\n")
        return [tuple(int(value) if re.fullmatch(r"-?\d{1,18}", value) else value
                      for value in row.split("\x1f")) for row in text.split("\x1e")] if text else []

    @contextlib.contextmanager
    def holding(self, name, statement):
        """Runs a statement in a transaction that lasts as long as the block."""
        command = ["psql", "-X", "-q", "-A", "-t", "-h", self.address["folder"], "-p",
                   str(self.address["port"]), "-U", "portico", "-d", name]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              text=True) as process:
            process.stdin.write(f"BEGIN;\n{statement};\nSELECT 'held';\n")
            process.stdin.flush()
            while process.stdout.readline() != "held\n":
                if process.poll() is not None:
                    raise AssertionError(statement)
            try:
                yield
            finally:
                process.stdin.close()  # which rolls back


def literal(value):
    return str(value) if isinstance(value, int) else "'" + str(value).replace("'", "''") + "'"


class Sqlite:
    """The file app.db of a folder."""

    def __init__(self, folder):
        self.path = os.path.join(folder, "app.db")
        self.url = "sqlite:///./app.db"

    def execute(self, statement, *values):
        connection = sqlite3.connect(self.path, isolation_level=None, timeout=30)
        try:
            return connection.execute(statement, values).fetchall()
        finally:
            connection.close()

    def remove(self):
        pass


class Memory:
    """Gone with its server, and of nobody else's reach."""

    def __init__(self, folder):
        self.url = "sqlite:///:memory:"

    def remove(self):
        pass


class PostgresDatabase:
    """A database of its own for each folder."""

    server = None
    names = {}

    def __init__(self, folder):
        if PostgresDatabase.server is None:
            PostgresDatabase.server = Postgres()
            atexit.register(PostgresDatabase.server.close)
        self.folder = folder
        self.name = self.names.get(folder)
        if self.name is None:
            self.name = self.names[folder] = f"test_{len(self.names) + 1}"
            self.server.run("postgres", f"CREATE DATABASE {self.name}")
        self.url = self.server.url(self.name)

    def execute(self, statement, *values):
        for value in values:
            statement = statement.replace("?", literal(value), 1)
        return self.server.run(self.name, statement)

    def remove(self):
        self.server.run("postgres", f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")


def database_in(folder, kind=KIND):
    return {"sqlite": Sqlite, "memory": Memory, "postgresql": PostgresDatabase}[kind](folder)
