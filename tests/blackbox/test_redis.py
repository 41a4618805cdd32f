"""Two instances on one database and one Redis, and what they do without it."""

import json
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import unittest

import contract
from server import ADMIN, EXECUTABLE, Server

SERVICES = pathlib.Path(__file__).resolve().parent.parent / "support" / "services.py"
TRIES = 10
ATTACK = "/api/v1/items?cursor=%27%20UNION%20SELECT%20password%20FROM%20users--"


class Redis:
    """A Redis of the test's own; a context manager."""

    def __enter__(self):
        self.process = subprocess.Popen([sys.executable, SERVICES, "redis"], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        described = json.loads(self.process.stdout.readline())
        self.url, self.port = described["url"], described["port"]
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()

    def command(self, what):
        self.process.stdin.write(what + "\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == "ok\n"

    def say(self, line):
        with socket.create_connection(("127.0.0.1", self.port), 30) as connection:
            connection.sendall(line.encode() + b"\r\n")
            return connection.recv(4096).decode()


class TwoInstances(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.redis = cls.enterClassContext(Redis())
        cls.folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.one, cls.two = (cls.enterClassContext(
            Server(folder=cls.folder, REDIS_URL=cls.redis.url, LOG_FORMAT="json")) for _ in "12")
        cls.users = 0

    def new_user(self):
        type(self).users += 1
        return self.one.register(f"user{self.users}")

    def assert_seen_at_once(self, prepare, change, refused, disturb=lambda: None):
        """The other instance believes its cache for a second after it has asked the database; what
        it refuses sooner it has been told. A busy machine gets more tries."""
        for _ in range(TRIES):
            token = prepare()
            asked = time.monotonic()
            self.assertEqual(self.two.get("/api/v1/users/me", token=token).status, 200)
            disturb()
            change(token)
            while time.monotonic() < asked + 30:
                status = self.two.get("/api/v1/users/me", token=token).status
                if status != 200:
                    break
            self.assertEqual(status, refused)
            if time.monotonic() < asked + 0.95:
                return
        self.fail(f"never seen within a second in {TRIES} tries")

    def log_out(self, token):
        answer = self.one.post("/api/v1/auth/logout", {"refresh_token": self.pair["refresh_token"]},
                               token=token)
        self.assertEqual(answer.status, 204, answer)

    def log_in(self):
        user = self.new_user()
        self.pair = self.one.login(user["username"], "a good password").json()
        return self.pair["access_token"]

    def test_a_logout_is_seen_at_once(self):
        self.assert_seen_at_once(self.log_in, self.log_out, 401)

    def test_a_disabled_user_is_seen_at_once(self):
        admin = self.one.admin()

        def disable(_):
            answer = self.one.request("PATCH", f"/api/v1/admin/users/{self.user['id']}",
                                      {"disabled": True}, token=admin)
            self.assertEqual(answer.status, 200, answer)

        def prepare():
            self.user = self.new_user()
            return self.two.token(self.user["username"], "a good password")

        self.assert_seen_at_once(prepare, disable, 400)

    def test_news_that_was_missed_while_the_connection_was_away_is_looked_up(self):
        self.assert_seen_at_once(self.log_in, self.log_out, 401,
                                 disturb=lambda: self.redis.say("CLIENT KILL TYPE pubsub"))

    def test_a_logout_is_seen_within_a_second_without_redis_and_at_once_again_with_it(self):
        self.redis.command("stop")
        try:
            token = self.log_in()
            self.assertEqual(self.two.get("/api/v1/users/me", token=token).status, 200)
            self.log_out(token)
            deadline = time.monotonic() + 30
            while self.two.get("/api/v1/users/me", token=token).status != 401:
                self.assertLess(time.monotonic(), deadline)
            self.assert_ready(503)
        finally:
            self.redis.command("start")
        self.assert_ready(200)
        self.one.wait_for_line("Redis is back")
        away = [line for line in self.one.log if "Redis is away" in line]
        self.assertTrue(away and "127.0.0.1" in away[0], self.one.log)
        self.test_a_logout_is_seen_at_once()

    def assert_ready(self, status):
        deadline = time.monotonic() + 30
        while True:
            answer = self.two.get("/health/ready")
            if answer.status == status:
                break
            self.assertLess(time.monotonic(), deadline, answer)
            time.sleep(0.05)
        if status == 503:
            self.assertEqual(answer.json(), {"error": "Service Unavailable", "detail": "redis",
                                             "code": None})

    def test_a_slow_redis_slows_nothing_down_for_long(self):
        token = self.log_in()
        self.redis.say("CLIENT PAUSE 30000 ALL")
        try:
            started = time.monotonic()
            self.log_out(token)
            self.assertEqual(self.one.get("/api/v1/users/me", token=token).status, 401)
            self.assertLess(time.monotonic() - started, 20)
            self.assert_ready(503)
        finally:
            self.redis.say("CLIENT UNPAUSE")
        self.assert_ready(200)


class Settings(unittest.TestCase):
    def test_a_url_that_is_none_is_said_without_its_password(self):
        with tempfile.TemporaryDirectory() as folder:
            server = Server(folder=folder, REDIS_URL="redis://:hunter2@host:99999")
            with self.assertRaises(AssertionError):
                server.start()
            output = server.output()
            server.process.stdout.close()
            self.assertEqual(server.process.wait(), 2)
        self.assertIn("redis_url", output.lower())
        self.assertIn("a port in 1–65535", output)
        self.assertNotIn("hunter2", output)


class OneGuard(unittest.TestCase):
    """Limits, suspects and bans of two instances on one Redis are those of one."""

    @classmethod
    def setUpClass(cls):
        cls.redis = cls.enterClassContext(Redis())
        cls.folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.servers = [cls.enterClassContext(
            Server(folder=cls.folder, REDIS_URL=cls.redis.url, TRUSTED_PROXIES='["127.0.0.1"]',
                   GUARD__RATE_LIMIT="6", GUARD__RATE_LIMIT_WINDOW="3600",
                   GUARD__AUTO_BAN_THRESHOLD="4",
                   GUARD__DYNAMIC_RULES_REDIS="true", GUARD__WHITELIST='["198.51.100.9"]')) for _ in "12"]
        cls.headers = {"X-Forwarded-For": "198.51.100.9"}
        cls.admin = cls.servers[0].request(
            "POST", "/api/v1/auth/token", form=ADMIN | {"scope": "admin"},
            headers=cls.headers).json()["access_token"]

    def ask(self, server, path, client):
        return self.servers[server].get(path, headers={"X-Forwarded-For": client})

    def manage(self, method, path="", body=None):
        return self.servers[0].request(method, "/api/v1/admin/bans" + path, body, token=self.admin,
                                       headers=self.headers)

    def assert_status(self, server, client, status):
        # Which no limit counts.
        answer = contract.eventually(
            lambda: (found := self.ask(server, "/health", client)).status == status and found)
        self.assertTrue(answer)
        return answer

    def assert_banned(self, server, client):
        answer = self.assert_status(server, client, 403)
        self.assertEqual(answer.json()["error"], "IP address banned")

    def test_a_limit_is_shared(self):
        left = [self.ask(n % 2, "/api/v1/items", "192.0.2.1").header("X-RateLimit-Remaining")
                for n in range(6)]
        self.assertEqual(left, ["5", "4", "3", "2", "1", "0"])
        for server in range(2):
            refused = self.ask(server, "/api/v1/items", "192.0.2.1")
            self.assertEqual(refused.status, 429)
            self.assertIn(int(refused.header("Retry-After")), range(3500, 3601))

    def test_suspects_are_counted_together_and_banned_everywhere(self):
        for n in range(4):
            self.assertEqual(self.ask(n % 2, ATTACK, "192.0.2.2").status, 400)
        for server in range(2):
            self.assert_banned(server, "192.0.2.2")
        self.assertEqual(self.manage("GET").json()[0]["address"], "192.0.2.2")

    def test_an_administrator_bans_and_lifts_everywhere(self):
        made = self.manage("POST", body={"address": "2001:db8::17", "duration": 60, "reason": "noise"})
        self.assertEqual(made.status, 201, made)
        self.assertEqual(made.json()["address"], "2001:db8::")
        self.assert_banned(1, "2001:db8::99")
        self.assertEqual(self.manage("DELETE", "/2001:db8::17").status, 204)
        self.assert_status(1, "2001:db8::99", 200)
        self.assertEqual(self.manage("DELETE", "/2001:db8::17").status, 404)

    def command(self, *words, status=0, of="bans", given=""):
        done = subprocess.run([EXECUTABLE, "guard", of, *words], text=True, capture_output=True,
                              input=given, cwd=self.folder,
                              env={"REDIS_URL": self.redis.url, "GUARD__DYNAMIC_RULES_REDIS": "1"})
        self.assertEqual(done.returncode, status, done.stderr)
        return done.stdout + done.stderr

    def rules(self, *words, **options):
        return self.command(*words, of="dynamic-rules", **options)

    def test_the_command_line_changes_rules_everywhere(self):
        self.assertEqual(self.rules(), "{}\n")
        change = '{"blacklist": ["192.0.2.77"]}'
        self.assertEqual(self.rules("set", "-", given=change), "")
        for server in range(2):
            self.assert_status(server, "192.0.2.77", 403)
            self.assert_status(server, "192.0.2.78", 200)
        self.assertEqual(self.rules("show"), change + "\n")
        said = self.rules("set", "-", given='{"blacklist": ["x"], "log_file": "y"}', status=1)
        self.assertIn("log_file: can't be changed", said)
        self.assertIn("no such file", self.rules("set", "nowhere.json", status=1).lower())
        self.assertIn("usage", self.rules("set", status=2))
        self.assertIn("usage", self.rules("show", "x", status=2))
        self.assertEqual(self.rules("clear"), "")
        for server in range(2):
            self.assert_status(server, "192.0.2.77", 200)

    def test_rules_with_a_fault_are_logged(self):
        self.redis.say("""PUBLISH myapp:guard:rules '{"blacklist": ["nowhere"]}'""")
        for server in self.servers:
            server.wait_for_line("rules in Redis can't hold.*blacklist.0")

    def test_the_command_line_lists_makes_and_lifts_bans(self):
        self.assertEqual(self.command("add", "192.0.2.50", "600"), "")
        for server in range(2):
            self.assert_banned(server, "192.0.2.50")
        self.assertRegex(self.command(), r"(?m)^192\.0\.2\.50 +until 20.* UTC, the 1\. time: by an admin")
        self.command("lift", "192.0.2.50")
        for server in range(2):
            self.assert_status(server, "192.0.2.50", 200)
        self.assertNotIn("192.0.2.50", self.command("list"))
        self.assertIn("is not banned", self.command("lift", "192.0.2.50", status=1))
        self.assertIn("expected seconds", self.command("add", "192.0.2.50", "x", status=2))
        self.assertIn("loopback", self.command("add", "::1", status=2))
        self.assertIn("usage", self.command("remove", "192.0.2.50", status=2))


if __name__ == "__main__":
    unittest.main()
