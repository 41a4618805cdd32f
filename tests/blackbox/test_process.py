"""The process: start, settings, stop under load, kill."""

import http.client
import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import tempfile
import threading
import time
import unittest

from server import ADMIN, EXECUTABLE, SECRET, Server


def run(*arguments, folder=None, **environment):
    environment["PATH"] = os.environ["PATH"]
    return subprocess.run([EXECUTABLE, *arguments], cwd=folder, env=environment, text=True,
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=60)


class Start(unittest.TestCase):
    def test_every_wrong_setting_is_in_one_message(self):
        with tempfile.TemporaryDirectory() as folder:
            result = run(folder=folder, PORT="80a", DB_POOL_SIZE="0", LOG_FORMAT="xml",
                         LOGIN_RATE_LIMIT="2147483648", LOGIN_FAILURE_LIMIT="4294967295",
                         SECRET_KEY="tooshort-secret")
        self.assertEqual(result.returncode, 2, result)
        for name in ("port", "db_pool_size", "log_format", "secret_key", "database_url",
                     "login_rate_limit", "login_failure_limit"):
            self.assertIn(name, result.stderr)
        self.assertIn('80a', result.stderr)
        self.assertIn("PORT", result.stderr)
        self.assertNotIn("tooshort", result.stderr + result.stdout)

    def test_a_placeholder_secret_is_refused_outside_development(self):
        with tempfile.TemporaryDirectory() as folder:
            settings = {"DATABASE_URL": "sqlite:///:memory:",
                        "SECRET_KEY": "changeme" * 4, "ENFORCE_HTTPS": "false"}
            result = run(folder=folder, ENVIRONMENT="production", **settings)
            self.assertEqual(result.returncode, 2, result)
            self.assertIn("secret_key", result.stderr)

    def test_production_needs_a_word_about_https_and_no_debug(self):
        with tempfile.TemporaryDirectory() as folder:
            settings = {"DATABASE_URL": "sqlite:///:memory:", "SECRET_KEY": SECRET}
            result = run(folder=folder, **settings)
            self.assertEqual(result.returncode, 2, result)
            self.assertIn("enforce_https", result.stderr)
            result = run(folder=folder, DEBUG="true", ENFORCE_HTTPS="false", **settings)
            self.assertEqual(result.returncode, 2, result)
            self.assertIn("debug", result.stderr)

    def test_a_star_among_the_origins_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            result = run(folder=folder, DATABASE_URL="sqlite:///:memory:", SECRET_KEY=SECRET,
                         ENVIRONMENT="test", CORS_ORIGINS='["*"]')
            self.assertEqual(result.returncode, 2, result)
            self.assertIn("cors_origins", result.stderr)

    def test_help_names_the_settings(self):
        result = run("--help")
        self.assertEqual(result.returncode, 0, result)
        for name in ("--port", "--[no-]migrate", "DATABASE_URL", "8000"):
            self.assertIn(name, result.stdout)

    def test_a_secret_is_not_taken_from_the_command_line(self):
        result = run("--secret-key", "x" * 40)
        self.assertEqual(result.returncode, 2)
        self.assertNotIn("x" * 40, result.stderr)

    def test_sources_come_in_their_order(self):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, ".env"), "w") as file:
                file.write("APP_NAME=from-env-file\nLOG_LEVEL=INFO\nUNKNOWN=1\n")
            with open(os.path.join(folder, ".env.local"), "w") as file:
                file.write("app_name='from local'\n")
            with Server(folder=folder) as server:
                self.assertEqual(server.get("/openapi.json").json()["info"]["title"], "from local")
            with Server(folder=folder, APP_NAME="from-environment") as server:
                self.assertEqual(server.get("/openapi.json").json()["info"]["title"],
                                 "from-environment")
            with Server(folder=folder, APP_NAME="x", arguments=("--migrate", "--app-name", "argv")) \
                    as server:
                self.assertEqual(server.get("/openapi.json").json()["info"]["title"], "argv")

    def test_a_database_that_is_behind_is_refused_without_migrate(self):
        with tempfile.TemporaryDirectory() as folder:
            with Server(folder=folder):
                pass
            database = sqlite3.connect(os.path.join(folder, "app.db"))
            tables = [row[0] for row in database.execute(
                "select name from sqlite_master where type = 'table'")]
            migrations = next(name for name in tables if "migration" in name)
            database.execute(f"delete from {migrations} where rowid = "
                             f"(select max(rowid) from {migrations})")
            database.commit()
            database.close()
            result = run(folder=folder, DATABASE_URL="sqlite:///./app.db", SECRET_KEY=SECRET,
                         ENVIRONMENT="test", PORT="0")
            self.assertNotEqual(result.returncode, 0)
            self.assertIn("--migrate", result.stderr + result.stdout)

    def test_the_first_admin_is_created_once_and_never_reset(self):
        with tempfile.TemporaryDirectory() as folder:
            with Server(folder=folder) as server:
                self.assertEqual(set(server.get("/api/v1/users/me", token=server.admin())
                                     .json()["scopes"]), {"read", "write", "admin"})
                server.register("plain")
            with Server(folder=folder, FIRST_ADMIN_PASSWORD="another password") as server:
                self.assertEqual(server.login(ADMIN["username"], ADMIN["password"]).status, 200)
                self.assertEqual(server.login(ADMIN["username"], "another password").status, 401)
            result = run(folder=folder, DATABASE_URL="sqlite:///./app.db", SECRET_KEY=SECRET,
                         ENVIRONMENT="test", PORT="0", FIRST_ADMIN_USERNAME="plain",
                         FIRST_ADMIN_EMAIL="p@portico.dev", FIRST_ADMIN_PASSWORD="a good password")
            self.assertNotEqual(result.returncode, 0)
            self.assertIn("plain", result.stderr + result.stdout)

    def test_a_port_in_use_is_a_clear_error(self):
        with Server() as server:
            result = run("--migrate", PORT=str(server.port), SECRET_KEY=SECRET,
                         ENVIRONMENT="test", DATABASE_URL="sqlite:///:memory:")
            self.assertNotEqual(result.returncode, 0)
            self.assertIn(str(server.port), result.stderr + result.stdout)

    def test_revocations_survive_a_restart(self):
        with tempfile.TemporaryDirectory() as folder:
            with Server(folder=folder) as server:
                server.register("someone")
                pair = server.login("someone", "a good password").json()
                kept = server.token("someone", "a good password")
                server.post("/api/v1/auth/logout", {"refresh_token": pair["refresh_token"]},
                            token=pair["access_token"])
                server.kill()
                server.start()
                self.assertEqual(
                    server.get("/api/v1/users/me", token=pair["access_token"]).status, 401)
                self.assertEqual(server.get("/api/v1/users/me", token=kept).status, 200)

    def test_a_log_out_reaches_another_process_in_a_second(self):
        with tempfile.TemporaryDirectory() as folder:
            with Server(folder=folder) as one, Server(folder=folder) as other:
                one.register("someone")
                pair = one.login("someone", "a good password").json()
                token = pair["access_token"]
                self.assertEqual(other.get("/api/v1/users/me", token=token).status, 200)
                one.post("/api/v1/auth/logout", {"refresh_token": pair["refresh_token"]},
                         token=token)
                told = time.monotonic()
                while other.get("/api/v1/users/me", token=token).status == 200:
                    self.assertLess(time.monotonic() - told, 10)

    def test_a_secret_can_be_rotated(self):
        with tempfile.TemporaryDirectory() as folder:
            with Server(folder=folder) as server:
                server.register("someone")
                token = server.token("someone", "a good password")
            new = "fedcba9876543210fedcba9876543210-new"
            with Server(folder=folder, SECRET_KEY=new, SECRET_KEY_PREVIOUS=SECRET) as server:
                self.assertEqual(server.get("/api/v1/users/me", token=token).status, 200)
            with Server(folder=folder, SECRET_KEY=new) as server:
                self.assertEqual(server.get("/api/v1/users/me", token=token).status, 401)


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
            database = sqlite3.connect(os.path.join(folder, "app.db"))
            self.assertEqual(database.execute("pragma integrity_check").fetchone()[0], "ok")
            titles = {row[0] for row in database.execute("select title from items")}
            self.assertEqual(acknowledged - titles, set())
            self.assertGreater(len(acknowledged), 200)
            database.close()


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
