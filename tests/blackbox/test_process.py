"""The process: stop under load, kill, a full disk, logs."""

import http.client
import json
import os
import random
import re
import signal
import tempfile
import threading
import time
import unittest

import database
from server import ADMIN, SECRET, Server


class Stop(unittest.TestCase):
    def test_sigterm_under_load_fails_no_accepted_request(self):
        with Server() as server:
            stopping = threading.Event()
            failures, answered = [], [0]
            started = threading.Barrier(9)

            def load():
                started.wait()
                connection = None
                while True:
                    try:
                        if connection is None:
                            if stopping.is_set():
                                return
                            connection = http.client.HTTPConnection("127.0.0.1", server.port,
                                                                    timeout=20)
                            try:
                                connection.connect()
                            except OSError:
                                if stopping.is_set():
                                    return
                                raise
                        connection.request("GET", "/api/v1/items")
                        response = connection.getresponse()
                        response.read()
                        if response.status != 200:
                            failures.append(response.status)
                        answered[0] += 1
                        if response.will_close:
                            connection.close()
                            connection = None
                    except Exception as error:  # noqa: BLE001
                        failures.append(repr(error))
                        return

            threads = [threading.Thread(target=load) for _ in range(8)]
            for thread in threads:
                thread.start()
            started.wait()
            while answered[0] < 400:
                time.sleep(0.01)
            stopping.set()
            code = server.stop()
            for thread in threads:
                thread.join()
            self.assertEqual((code, failures), (0, []))

    def test_a_request_in_flight_is_answered_after_sigterm(self):
        with Server() as server:
            server.register("someone")
            token = server.token("someone", "a good password")
            body = json.dumps({"title": "Last", "price": 1}).encode()
            with server.connect() as connection:
                connection.sendall(b"POST /api/v1/items HTTP/1.1\r\nHost: localhost\r\n"
                                   b"Authorization: Bearer " + token.encode() +
                                   b"\r\nContent-Type: application/json\r\n"
                                   b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(body))
                self.assertEqual(connection.recv(25), b"HTTP/1.1 100 Continue\r\n\r\n")
                server.process.send_signal(signal.SIGTERM)
                deadline = time.monotonic() + 20
                while True:  # until the port is closed the signal may not have been seen
                    try:
                        server.connect().close()
                    except OSError:
                        break
                    self.assertLess(time.monotonic(), deadline)
                connection.sendall(body)
                received = b""
                while chunk := connection.recv(65536):
                    received += chunk
            self.assertTrue(received.startswith(b"HTTP/1.1 201 "), received)
            self.assertIn(b"\r\nConnection: close\r\n", received)
            self.assertEqual(server.process.wait(20), 0)

    def test_sigint_stops_too_and_idle_connections_do_not_hold_it(self):
        with Server() as server:
            idle = [server.connect() for _ in range(20)]
            start = time.monotonic()
            server.process.send_signal(signal.SIGINT)
            self.assertEqual(server.process.wait(20), 0)
            self.assertLess(time.monotonic() - start, 10)
            for connection in idle:
                connection.close()


class Kill(unittest.TestCase):
    def test_kill_9_during_writes_loses_no_acknowledged_write(self):
        random.seed(3)
        with tempfile.TemporaryDirectory() as folder:
            acknowledged = set()
            server = Server(folder=folder)
            server.start()
            server.register("writer")
            for round_number in range(4):
                token = server.token("writer", "a good password")
                lock = threading.Lock()

                def write(n):
                    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
                    for i in range(100000):
                        title = f"{round_number}-{n}-{i}"
                        try:
                            connection.request(
                                "POST", "/api/v1/items",
                                json.dumps({"title": title, "price": 1}),
                                {"Content-Type": "application/json",
                                 "Authorization": f"Bearer {token}"})
                            response = connection.getresponse()
                            response.read()
                        except (OSError, http.client.HTTPException):
                            return
                        if response.status == 201:
                            with lock:
                                acknowledged.add(title)

                before = len(acknowledged)
                threads = [threading.Thread(target=write, args=(n,)) for n in range(6)]
                for thread in threads:
                    thread.start()
                while len(acknowledged) < before + random.randint(50, 150):
                    time.sleep(0.005)
                server.kill()
                for thread in threads:
                    thread.join()
                server.start()
            server.kill()
            if database.KIND == "sqlite":
                self.assertEqual(server.database.execute("pragma integrity_check"), [("ok",)])
            titles = {row[0] for row in server.database.execute("select title from items")}
            self.assertEqual(acknowledged - titles, set())
            self.assertGreater(len(acknowledged), 200)


class Logs(unittest.TestCase):
    LINE = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} - [a-z_.]+ - "
                      r"(DEBUG|INFO|WARNING|ERROR|CRITICAL) - .*$")

    def test_every_line_has_the_shape_and_nothing_secret(self):
        with Server(LOG_LEVEL="DEBUG") as server:
            server.register("loguser", "a secret password")
            token = server.token("loguser", "a secret password")
            server.get("/api/v1/users/me", token=token)
            server.post("/api/v1/auth/token", form={
                "username": "x\n2026-01-01 00:00:00,000 - portico - INFO - forged",
                "password": "y"})
            server.get("/%0A2026-01-01 00:00:00,000 - portico - INFO - forged".replace(" ", "%20"))
            server.stop()
            lines = [line for line in (server.log + server.rest.split("\n")) if line]
            for line in lines:
                self.assertRegex(line, self.LINE)
                self.assertNotRegex(line, r"^2026-01-01")
            text = "\n".join(lines)
            for secret in ("a secret password", token, SECRET, ADMIN["password"]):
                self.assertNotIn(secret, text)

    def test_the_access_log_is_off_until_it_is_asked_for(self):
        for levels, count in ((None, 0), ('{"portico.access":"INFO"}', 1)):
            with Server(LOG_LEVELS=levels) as server:
                server.get("/api/v1/items?limit=5", headers={"X-Request-ID": "one.1"})
                server.stop()
                lines = [line for line in server.rest.split("\n") if "portico.access" in line]
                self.assertEqual(len(lines), count, lines)
                if lines:
                    self.assertRegex(lines[0], r" - portico\.access - INFO - GET /api/v1/items "
                                               r"status=200 bytes=\d+ ms=[\d.]+ client=127\.0\.0\.1 "
                                               r"route=/api/v1/items request_id=one\.1$")

    def test_nothing_that_is_sent_breaks_a_line_of_the_access_log(self):
        with Server(LOG_LEVELS='{"portico.access":"INFO"}') as server:
            server.get("/%0d%0aforged%1b", headers={"User-Agent": 'a"\tb'})
            server.raw(b"GET /\xff\x1b HTTP/1.1\r\nHost: localhost\r\n\r\n")
            server.raw(b"\x16\x03\x01\r\n\r\n")
            server.stop()
            lines = [line for line in server.rest.split("\n") if line]
            self.assertEqual(len([line for line in lines if "portico.access" in line]), 3, lines)
            for line in lines:
                self.assertRegex(line, self.LINE)
                self.assertTrue(line.isprintable(), line)

    def test_json_lines(self):
        with Server(LOG_FORMAT="json") as server:
            server.stop()
            for line in (server.log + server.rest.split("\n")):
                if line:
                    record = json.loads(line)
                    self.assertTrue({"level", "logger", "message"} <= set(record), record)

    def test_a_log_file_is_reopened_on_sighup(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "app.log")
            with Server(folder=folder, LOG_FILE=path) as server:
                os.rename(path, path + ".1")
                server.process.send_signal(signal.SIGHUP)
                deadline = time.monotonic() + 10
                while not os.path.exists(path) and time.monotonic() < deadline:
                    time.sleep(0.01)
                self.assertTrue(os.path.exists(path))
                server.stop()
                self.assertGreater(os.path.getsize(path), 0)


if __name__ == "__main__":
    unittest.main()
