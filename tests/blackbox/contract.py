"""What the tests of the contract share: a server, fresh users, forged tokens, races."""

import base64
import hashlib
import hmac
import json
import re
import threading
import time
import unittest

from server import ADMIN, SECRET, Server

UUID = re.compile(r"^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")


def encode(value):
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def decode(part):
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def sign(claims, header=None, key=SECRET):
    """A token that nobody issued."""
    head = encode(json.dumps(header or {"alg": "HS256", "typ": "JWT"}).encode())
    body = encode(json.dumps(claims).encode())
    mac = hmac.new(key.encode(), f"{head}.{body}".encode(), hashlib.sha256).digest()
    return f"{head}.{body}.{encode(mac)}"


class ContractTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.server = Server().__enter__()
        cls.number = 0

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()

    def new_user(self, scope=None):
        """A fresh user: (public, token)."""
        type(self).number += 1
        name = f"{type(self).__name__.lower()}{self.number}"
        public = self.server.register(name)
        return public, self.server.token(name, "a good password", scope)

    def assert_error(self, answer, status, error, detail=None, code=None, **headers):
        self.assertEqual(answer.status, status, answer)
        self.assertEqual(answer.json(), {"error": error, "detail": detail, "code": code})
        for name, value in headers.items():
            self.assertEqual(answer.header(name.replace("_", "-")), value)
        self.assertIsNotNone(answer.header("X-Request-ID"))


def race(count, action):
    """Runs the action on `count` threads that start together; its results in order."""
    results = [None] * count
    barrier = threading.Barrier(count)

    def run(n):
        barrier.wait()
        results[n] = action(n)

    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def eventually(ask, seconds=10):
    """The first true answer; the last one when the time is over."""
    deadline = time.monotonic() + seconds
    while not (answer := ask()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return answer
