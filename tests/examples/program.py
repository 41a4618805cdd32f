"""Starts an example as a process and speaks HTTP to it.

    PORTICO_EXAMPLES=build/dev/examples python3 -m unittest discover -s tests/examples
"""

import http.client
import json
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import threading
import unittest
import urllib.parse

SOURCES = pathlib.Path(__file__).parents[2] / "examples"
BUILT = pathlib.Path(os.environ.get("PORTICO_EXAMPLES", "build/dev/examples")).resolve()
SECONDS = 30


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.text = response.read().decode()

    def json(self):
        return json.loads(self.text)


class ExampleTest(unittest.TestCase):
    """A program for each test, in an empty folder; it must end with status 0."""

    name = None
    arguments = ("--port", "0", "--workers", "2")
    environment = {}
    stopped = False

    def setUp(self):
        if self.name is None:
            return
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.process = subprocess.Popen(
            [BUILT / f"example_{self.name}", *self.arguments], cwd=folder.name,
            env=os.environ | self.environment, text=True, bufsize=1,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.addCleanup(self.end)
        watchdog = threading.Timer(SECONDS, self.process.kill)
        watchdog.start()
        self.addCleanup(watchdog.cancel)
        self.port = int(self.wait_for(r"http://127\.0\.0\.1:(\d+)")[1])

    def wait_for(self, pattern):
        """The first line of the output, from here on, that matches."""
        seen = ""
        for line in self.process.stdout:
            if match := re.search(pattern, line):
                return match
            seen += line
        raise AssertionError(f"no line matches {pattern!r}:\n{seen}")

    def stop(self):
        """Once: a signal that finds the program on its way out ends it with another status."""
        if not self.stopped:
            self.stopped = True
            self.process.send_signal(signal.SIGTERM)

    def end(self):
        """Stops it; the rest of its output."""
        if self.process.stdout.closed:
            return ""
        self.stop()
        rest, _ = self.process.communicate()
        self.assertEqual(self.process.returncode, 0, rest)
        return rest

    def request(self, method, target, body=None, form=None, headers=None):
        headers = dict(headers or {})
        if form is not None:
            body = urllib.parse.urlencode(form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        elif body is not None:
            body = json.dumps(body)
            headers["Content-Type"] = "application/json"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        try:
            connection.request(method, target, body, headers)
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def check(self, method, target, body=None, status=200, json=None, text=None, **options):
        """A request, and what must come back."""
        answer = self.request(method, target, body, **options)
        self.assertEqual(answer.status, status, f"{method} {target}: {answer.text}")
        if json is not None:
            self.assertEqual(answer.json(), json)
        if text is not None:
            self.assertEqual(answer.text, text)
        return answer
