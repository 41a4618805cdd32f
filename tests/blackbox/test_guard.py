"""The guard of portico-api, as a client meets it."""
import json
import pathlib
import signal
import subprocess
import unittest

from contract import ContractTest, eventually
from server import ADMIN, EXECUTABLE, Server

ATTACK = "/api/v1/items?cursor=%27%20UNION%20SELECT%20password%20FROM%20users--"


class Guarded(ContractTest):
    """Requests come from a trusted proxy, so that each test has clients of its own."""

    @classmethod
    def setUpClass(cls):
        cls.server = Server(
            TRUSTED_PROXIES='["127.0.0.1"]', GUARD__RATE_LIMIT="5", GUARD__AUTO_BAN_THRESHOLD="2",
            GUARD__BLACKLIST='["203.0.113.0/24"]', GUARD__WHITELIST='["198.51.100.9"]').__enter__()
        cls.number = 0

    def ask(self, path, client, method="GET", **headers):
        return self.server.request(method, path, headers={"X-Forwarded-For": client} | headers)

    def check_refusal(self, answer, status, error):
        self.assert_error(answer, status, error)
        self.assertEqual(answer.header("X-Content-Type-Options"), "nosniff")

    def test_requests_past_the_limit_are_refused_and_told_when_to_come_again(self):
        for left in (4, 3, 2, 1, 0):
            answer = self.ask("/api/v1/items", "192.0.2.1")
            self.assertEqual(answer.status, 200)
            self.assertEqual(answer.header("X-RateLimit-Limit"), "5")
            self.assertEqual(answer.header("X-RateLimit-Remaining"), str(left))
        refused = self.ask("/api/v1/items", "192.0.2.1")
        self.check_refusal(refused, 429, "Too many requests")
        self.assertIn(int(refused.header("Retry-After")), range(1, 61))
        self.assertEqual(self.ask("/api/v1/items", "192.0.2.2").status, 200)

    def test_addresses_of_one_ipv6_network_are_one_client(self):
        for last in range(5):
            self.assertEqual(self.ask("/api/v1/items", f"2001:db8:1::{last}").status, 200)
        self.assertEqual(self.ask("/api/v1/items", "2001:db8:1::ffff").status, 429)

    def manage(self, method, path="", body=None, token=None):
        token = token or self.server.request(
            "POST", "/api/v1/auth/token", form=ADMIN | {"scope": "admin"},
            headers={"X-Forwarded-For": "198.51.100.9"}).json()["access_token"]
        return self.server.request(method, "/api/v1/admin/bans" + path, body, token=token,
                                   headers={"X-Forwarded-For": "198.51.100.9"})

    def test_an_administrator_lists_makes_and_lifts_bans(self):
        made = self.manage("POST", body={"address": "192.0.2.200", "duration": 120})
        self.assertEqual(made.status, 201, made)
        ban = made.json()
        self.assertEqual((ban["address"], ban["times"], ban["reason"]),
                         ("192.0.2.200", 1, "by an administrator"))
        self.check_refusal(self.ask("/health", "192.0.2.200"), 403, "IP address banned")
        self.assertIn(ban, self.manage("GET").json())
        self.assertEqual(self.manage("GET", "?after=192.0.2.200&limit=1").json(), [])
        self.assertEqual(self.manage("DELETE", "/192.0.2.200").status, 204)
        self.assertEqual(self.ask("/health", "192.0.2.200").status, 200)
        self.assert_error(self.manage("DELETE", "/192.0.2.200"), 404, "Ban not found",
                          "Ban with id 192.0.2.200 does not exist", "NOT_FOUND")

    def test_what_is_no_ban_is_refused(self):
        for address in ("127.0.0.1", "::1", "198.51.100.9", "::ffff:127.0.0.1"):
            self.assert_error(self.manage("POST", body={"address": address}), 400, "Never banned",
                              "Loopback, whitelisted addresses and trusted proxies are never banned",
                              "NEVER_BANNED")
        for body in ({"address": "somebody"}, {"address": "192.0.2.1", "duration": 0}, {},
                     {"address": "192.0.2.1", "reason": ""}):
            self.assertEqual(self.manage("POST", body=body).status, 422)
        _, token = self.new_user("read write")
        self.assertEqual(self.manage("GET", token=token).status, 403)

    def command(self, *words, status=0):
        done = subprocess.run([EXECUTABLE, "guard", *words], text=True, capture_output=True,
                              cwd=self.server.folder, env={})
        self.assertEqual(done.returncode, status, done)
        return done.stdout + done.stderr

    def test_the_command_line_explains_and_sums_up(self):
        self.assertIn("answer   400 Suspicious", self.command("test", ATTACK, status=1))
        # The routes' own rules count.
        body = '{"username": "x", "password": "<script>alert(1)</script>"}'
        self.assertIn("route    /api/v1/users/", self.command("test", "/api/v1/users/", "--body", body))
        self.assertEqual(self.ask(ATTACK, "192.0.2.210").status, 400)
        self.assertTrue(eventually(lambda: "detection blocked" in self.command("report")))
        summed = self.command("report", "logs/security.log")
        self.assertRegex(summed, r"(?m)^ +\d+  sql-union-select$")
        self.assertIn("GET /api/v1/items", summed)
        self.assertIn("there is no redis_url", self.command("bans", status=2))

    def test_attacks_are_refused_and_then_their_client_is(self):
        for _ in range(2):
            self.check_refusal(self.ask(ATTACK, "192.0.2.10"), 400, "Suspicious activity detected")
        self.check_refusal(self.ask("/health", "192.0.2.10"), 403, "IP address banned")
        self.assertEqual(self.ask("/api/v1/items", "192.0.2.11").status, 200)

    def test_a_body_is_scanned_after_the_credentials(self):
        body = json.dumps({"title": "<script>alert(1)</script>", "price": 1})
        stranger = self.server.request(
            "POST", "/api/v1/items", body=body,
            headers={"X-Forwarded-For": "192.0.2.20", "Content-Type": "application/json"})
        self.assertEqual(stranger.status, 401)
        lost = self.server.request(
            "POST", "/nowhere", body=body,
            headers={"X-Forwarded-For": "192.0.2.20", "Content-Type": "application/json"})
        self.check_refusal(lost, 400, "Suspicious activity detected")

    def test_a_password_may_be_anything(self):
        answer = self.server.request(
            "POST", "/api/v1/users/",
            body=json.dumps({"username": "quoted", "email": "quoted@portico.dev",
                             "password": "' OR '1'='1' -- <script>"}),
            headers={"X-Forwarded-For": "192.0.2.30", "Content-Type": "application/json"})
        self.assertEqual(answer.status, 201, answer)

    def test_scanners_are_not_served(self):
        self.check_refusal(self.ask("/", "192.0.2.40", **{"User-Agent": "sqlmap/1.7"}), 403,
                           "User-Agent not allowed")

    def test_the_blacklist_is_forbidden(self):
        self.check_refusal(self.ask("/health", "203.0.113.7"), 403, "Forbidden")

    def test_the_whitelist_is_free_of_limits_and_detection(self):
        for _ in range(8):
            self.assertIn(self.ask(ATTACK, "198.51.100.9").status, (200, 422))

    def test_excluded_paths_are_free_of_limits(self):
        for _ in range(8):
            self.assertEqual(self.ask("/health", "192.0.2.50").status, 200)
            self.assertEqual(self.ask("/docs", "192.0.2.50").status, 200)

    def test_the_security_log_tells_what_happened_and_no_value(self):
        answer = self.ask(ATTACK, "192.0.2.60")

        def lines():
            text = (pathlib.Path(self.server.folder) / "logs/security.log").read_text()
            return [json.loads(line) for line in text.splitlines()]

        found = eventually(lambda: [line for line in lines() if line.get("request_id")
                                         == answer.header("X-Request-ID")
                                         and line["message"] == "suspicious request"])
        self.assertEqual(len(found), 1)
        told = found[0]["fields"]
        self.assertEqual(told["address"], "192.0.2.60")
        self.assertEqual(told["route"], "/api/v1/items")
        self.assertEqual(told["check"], "detection")
        self.assertEqual(told["action"], "blocked")
        self.assertTrue(told["rules"])
        self.assertNotIn("password", json.dumps(told))

    def test_metrics_are_for_this_machine(self):
        self.assertEqual(self.ask("/metrics", "192.0.2.70").status, 404)
        answer = self.server.request("GET", "/metrics")
        self.assertEqual(answer.status, 200)
        text = answer.body.decode()
        for name in ("http_requests_total{", "http_request_duration_seconds_bucket{",
                     "process_resident_memory_bytes ", "db_connections "):
            self.assertIn("\n" + name, text)


class DynamicRules(unittest.TestCase):
    def test_a_hangup_reads_them_anew_and_says_what_is_wrong(self):
        with Server(TRUSTED_PROXIES='["127.0.0.1"]', GUARD__DYNAMIC_RULES_FILE="rules.json",
                    before=lambda: pathlib.Path("rules.json").write_text("{}")) as server:
            rules = pathlib.Path(server.folder) / "rules.json"

            def status():
                return server.get("/health", headers={"X-Forwarded-For": "192.0.2.1"}).status

            def reload(text):
                rules.write_text(text)
                server.process.send_signal(signal.SIGHUP)

            self.assertEqual(status(), 200)
            reload('{"blacklist": ["192.0.2.0/24"]}')
            self.assertTrue(eventually(lambda: status() == 403))
            reload('{"blacklist": ["nowhere"]}')
            server.wait_for_line("dynamic_rules_file: .*|blacklist.0: expected an IPv4")
            self.assertEqual(status(), 403)
            reload("{}")
            self.assertTrue(eventually(lambda: status() == 200))


class Monitors(unittest.TestCase):
    def test_who_looks_for_what_is_not_there_is_banned(self):
        with Server(TRUSTED_PROXIES='["127.0.0.1"]',
                    GUARD__MONITORS='[{"status": 404, "most": 3}]') as server:
            headers = {"X-Forwarded-For": "192.0.2.1"}
            statuses = [server.get(f"/wp-{n}", headers=headers).status for n in range(5)]
            self.assertEqual(statuses, [404, 404, 404, 404, 403])


class ProxyProtocol(unittest.TestCase):
    def test_whom_the_proxy_names_is_the_client(self):
        request = b"GET /api/v1/items HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        with Server(PROXY_PROTOCOL_FROM='["127.0.0.1"]', GUARD__BLACKLIST='["203.0.113.0/24"]') as server:
            for client, status in ((b"192.0.2.1", b"200"), (b"203.0.113.9", b"403")):
                answer = server.raw(b"PROXY TCP4 " + client + b" 10.0.0.1 1234 80\r\n" + request)
                self.assertTrue(answer.startswith(b"HTTP/1.1 " + status), answer)
            self.assertEqual(server.raw(request), b"")


class WrongSettings(unittest.TestCase):
    def test_a_nonsense_guard_does_not_start_and_every_fault_is_named(self):
        with self.assertRaises(AssertionError) as caught:
            Server(GUARD__WHITELIST='["10.0.0.1/8"]', GUARD__BLOCKED_COUNTRIES='["DE"]',
                   GUARD__RATE_LIMIT="0").start()
        for words in ("guard.whitelist.0", "guard.blocked_countries", "guard.rate_limit"):
            self.assertIn(words, str(caught.exception))
