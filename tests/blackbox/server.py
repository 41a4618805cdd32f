"""Starts the real portico-api and speaks HTTP to it over sockets.

    PORTICO_API=build/release/apps/reference/portico-api python3 -m unittest discover -s tests/blackbox

PORTICO_DATABASE=postgresql (or memory) puts the same tests on another database; see database.py.
"""

import http.client
import json
import os
import re
import select
import signal
import socket
import subprocess
import tempfile
import time
import urllib.parse

import database

EXECUTABLE = os.environ.get("PORTICO_API", "portico-api")
ADMIN = {"username": "root-admin", "password": "correct horse battery"}
SECRET = "0123456789abcdef0123456789abcdef-test"


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    def json(self):
        return json.loads(self.body)

    def header(self, name):
        values = [value for key, value in self.headers if key.lower() == name.lower()]
        return ", ".join(values) if values else None

    def __repr__(self):
        return f"<{self.status} {self.body[:300]!r}>"


class Server:
    """One process in a folder of its own; a context manager."""

    def __init__(self, folder=None, arguments=("--migrate",), before=None, kind=database.KIND,
                 **settings):
        self.before = before  # called in the new process, before the program
        self.temporary = None if folder else tempfile.TemporaryDirectory()
        self.folder = folder or self.temporary.name
        self.database = database.database_in(self.folder, kind)  # the folder's
        self.arguments = list(arguments)
        self.settings = {
            "PORT": "0",
            "WORKERS": "2",
            "ENVIRONMENT": "test",
            "DATABASE_URL": self.database.url,
            "SECRET_KEY": SECRET,
            "FIRST_ADMIN_USERNAME": ADMIN["username"],
            "FIRST_ADMIN_EMAIL": "admin@portico.dev",
            "FIRST_ADMIN_PASSWORD": ADMIN["password"],
            # The limits have tests of their own.
            "LOGIN_RATE_LIMIT": "100000",
            "LOGIN_FAILURE_LIMIT": "100000",
            "GUARD__RATE_LIMIT": "1000000",
        }
        self.settings.update(settings)
        self.process = None
        self.log = []

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()
        if self.temporary:
            self.database.remove()
            self.temporary.cleanup()

    def start(self):
        environment = {key: value for key, value in self.settings.items() if value is not None}
        environment["PATH"] = os.environ["PATH"]
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"):
            if name in os.environ:
                environment[name] = os.environ[name]
        self.process = subprocess.Popen(
            [EXECUTABLE, *self.arguments], cwd=self.folder, env=environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            preexec_fn=self.before, restore_signals=self.before is None)
        self.port = int(self.wait_for_line(r"http://[^ ]*:(\d+)").group(1))

    def wait_for_line(self, pattern, seconds=30):
        """The first line of the output, from here on, that matches."""
        deadline = time.monotonic() + seconds
        pending = b""
        while time.monotonic() < deadline:
            if select.select([self.process.stdout], [], [], 0.1)[0]:
                chunk = os.read(self.process.stdout.fileno(), 65536)
                if not chunk:
                    break
                pending += chunk
                *lines, pending = pending.split(b"\n")
                for line in lines:
                    text = line.decode()
                    self.log.append(text)
                    if match := re.search(pattern, text):
                        self.log.extend(rest.decode() for rest in lines[lines.index(line) + 1:])
                        return match
        raise AssertionError(f"no line matches {pattern!r}:\n" + "\n".join(self.log)
                             + pending.decode(errors="replace"))

    def output(self):
        """Everything that was printed, to the end of the process."""
        return "\n".join(self.log) + self.process.stdout.read().decode()

    def stop(self, seconds=30):
        """Asks for an end with SIGTERM; the exit status. A second call does nothing."""
        if self.process.stdout.closed:
            return self.process.returncode
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise
        finally:
            self.rest = self.process.stdout.read().decode(errors="replace")
            self.process.stdout.close()
        return code

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def raw(self, data, half_close=False):
        """Sends bytes on a connection of their own; everything that comes back until it closes."""
        with self.connect() as connection:
            try:
                connection.sendall(data)
                if half_close:
                    connection.shutdown(socket.SHUT_WR)
            except (BrokenPipeError, ConnectionResetError):
                pass
            received = b""
            try:
                while chunk := connection.recv(65536):
                    received += chunk
            except ConnectionResetError:
                pass
            return received

    def request(self, method, target, body=None, token=None, headers=None, form=None, timeout=30):
        fields = {"Connection": "close", **(headers or {})}
        if token:
            fields["Authorization"] = f"Bearer {token}"
        if form is not None:
            body = urllib.parse.urlencode(form)
            fields["Content-Type"] = "application/x-www-form-urlencoded"
        elif body is not None and not isinstance(body, (bytes, str)):
            body = json.dumps(body)
            fields.setdefault("Content-Type", "application/json")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, target, body=body, headers=fields)
            response = connection.getresponse()
            return Answer(response.status, response.getheaders(), response.read())
        finally:
            connection.close()

    def get(self, target, **options):
        return self.request("GET", target, **options)

    def post(self, target, body=None, **options):
        return self.request("POST", target, body, **options)

    def login(self, username, password, scope=None):
        form = {"username": username, "password": password}
        if scope is not None:
            form["scope"] = scope
        return self.post("/api/v1/auth/token", form=form)

    def token(self, username, password, scope=None):
        answer = self.login(username, password, scope)
        assert answer.status == 200, answer
        return answer.json()["access_token"]

    def admin(self, scope="read write admin"):
        return self.token(ADMIN["username"], ADMIN["password"], scope)

    def register(self, username, password="a good password", email=None):
        answer = self.post("/api/v1/users/", {"username": username, "password": password,
                                              "email": email or f"{username.lower()}@portico.dev"})
        assert answer.status == 201, answer
        return answer.json()
