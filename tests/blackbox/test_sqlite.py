"""What only SQLite can meet: a file that another process has locked, a disk that is full."""

import os
import resource
import signal
import sqlite3
import tempfile
import unittest

from server import Server


class Locked(unittest.TestCase):
    def setUp(self):
        self.server = Server(kind="sqlite", LOGIN_FAILURE_LIMIT="1").__enter__()
        self.addCleanup(self.server.__exit__)
        self.server.register("someone")
        self.other = sqlite3.connect(self.server.database.path, isolation_level=None)
        self.addCleanup(self.other.close)

    def test_a_locked_file_is_503_for_who_writes_and_nothing_for_who_reads(self):
        token = self.server.token("someone", "a good password")
        item = {"title": "x", "price": 1}
        self.other.execute("BEGIN IMMEDIATE")
        answer = self.server.post("/api/v1/items", item, token=token)
        self.assertEqual(answer.status, 503)
        self.assertEqual(answer.json(),
                         {"error": "Service Unavailable", "detail": None, "code": None})
        self.assertTrue(answer.header("Retry-After"))
        self.assertEqual(self.server.get("/api/v1/items").json()["items"], [])
        self.other.execute("ROLLBACK")
        self.assertEqual(self.server.post("/api/v1/items", item, token=token).status, 201)

    def test_what_the_server_had_no_room_for_is_no_failure(self):
        self.other.execute("BEGIN IMMEDIATE")
        self.assertEqual(self.server.login("someone", "a good password").status, 503)
        self.other.execute("ROLLBACK")
        self.assertEqual(self.server.login("someone", "a good password").status, 200)


class FullDisk(unittest.TestCase):
    def test_a_full_disk_refuses_writes_and_loses_nothing(self):
        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a write past the limit fails, as on
            resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, resource.RLIM_INFINITY))  # a disk

        with tempfile.TemporaryDirectory() as folder:
            with Server(kind="sqlite", folder=folder, before=limit) as server:
                server.register("writer")
                token = server.token("writer", "a good password")
                item = {"title": "x", "price": 1, "description": "d" * 1000}
                acknowledged = 0
                while (answer := server.post("/api/v1/items", item, token=token)).status == 201:
                    acknowledged += 1
                    self.assertLess(acknowledged, 5000)
                self.assertEqual(answer.status, 500, answer)
                self.assertEqual(answer.json(), {"error": "Internal Server Error", "detail": None,
                                                 "code": "INTERNAL_ERROR"})
                self.assertEqual(server.get("/api/v1/items").status, 200)
                self.assertEqual(server.get("/health").status, 200)
                resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE,
                                 (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
                answer = server.post("/api/v1/items", item, token=token)
                self.assertEqual(answer.status, 201, answer)
                self.assertEqual(server.stop(), 0)
            database = sqlite3.connect(os.path.join(folder, "app.db"))
            self.assertEqual(database.execute("pragma integrity_check").fetchone()[0], "ok")
            self.assertEqual(database.execute("select count(*) from items").fetchone()[0],
                             acknowledged + 1)
            database.close()


if __name__ == "__main__":
    unittest.main()
