"""The contract: operations, CORS, throttling."""

import json
import re
import time
import unittest

from contract import ContractTest, decode, encode, race, sign, UUID  # noqa: F401
from server import ADMIN, SECRET, Server  # noqa: F401


class Operations(ContractTest):
    def test_health_and_readiness(self):
        health = self.server.get("/health").json()
        self.assertEqual(health["status"], "ok")
        self.assertEqual(set(health), {"status", "version", "uptime_seconds"})
        self.assertEqual(self.server.get("/health/ready").status, 200)

    def test_an_unknown_path_and_a_wrong_method(self):
        self.assert_error(self.server.get("/nowhere"), 404, "Not Found")
        answer = self.server.request("DELETE", "/api/v1/items")
        self.assert_error(answer, 405, "Method Not Allowed")
        self.assertEqual(set(answer.header("Allow").replace(" ", "").split(",")),
                         {"GET", "HEAD", "POST"})

    def test_every_path_names_its_methods(self):
        paths = dict(self.server.get("/openapi.json").json()["paths"])
        paths.update({path: {"get": {}} for path in ("/docs", "/redoc", "/openapi.json")})
        for path, operations in paths.items():
            target = path.replace("{item_id}", "1").replace("{user_id}", "1")
            methods = {name.upper() for name in operations}
            if "GET" in methods:
                methods.add("HEAD")
            for method in ("OPTIONS", "TRACE"):
                answer = self.server.request(method, target)
                self.assert_error(answer, 405, "Method Not Allowed")
                allowed = set(answer.header("Allow").replace(" ", "").split(","))
                self.assertTrue(methods <= allowed, (target, methods, allowed))

    def test_answers_to_credentials_are_not_stored(self):
        for headers in ({"Authorization": "Bearer x"}, {"Cookie": "a=b"}):
            for target in ("/api/v1/items", "/api/v1/users/me", "/nowhere", "/health"):
                self.assertEqual(self.server.get(target, headers=headers).header("Cache-Control"),
                                 "no-store", target)
        self.assertIsNone(self.server.get("/api/v1/items").header("Cache-Control"))

    def test_head_works_wherever_get_does(self):
        for target in ("/health", "/api/v1/items", "/docs", "/openapi.json"):
            get, head = self.server.get(target), self.server.request("HEAD", target)
            self.assertEqual((head.status, head.body), (get.status, b""), target)
            if target != "/health":
                self.assertEqual(head.header("Content-Length"), get.header("Content-Length"))

    def test_the_document_is_openapi_3_1(self):
        document = self.server.get("/openapi.json").json()
        self.assertTrue(document["openapi"].startswith("3.1"))
        self.assertEqual(document["info"]["title"], "MyAPI")
        paths = set(document["paths"])
        self.assertTrue({"/api/v1/auth/token", "/api/v1/users/me", "/api/v1/items/{item_id}",
                         "/api/v1/admin/users/{user_id}", "/health"} <= paths, paths)
        flow = document["components"]["securitySchemes"]
        self.assertIn("password", json.dumps(flow))
        read = document["paths"]["/api/v1/users/me"]["get"]
        self.assertIn(["read"], [list(one.values())[0] for one in read["security"]])

    def test_the_document_tells_every_error_as_the_envelope(self):
        paths = self.server.get("/openapi.json").json()["paths"]
        envelope = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorResponse"}}}
        for path, operations in paths.items():
            for method, operation in operations.items():
                responses = operation["responses"]
                for status, response in responses.items():
                    if int(status) >= 400:
                        self.assertEqual(response["content"], envelope, (method, path, status))
                # What the guard and the server answer, whatever is asked for.
                self.assertLessEqual({"400", "403", "414", "429", "431"}, set(responses), (method, path))
                if security := operation.get("security"):
                    expected = {"400", "401"} | ({"403"} if any(security[0].values()) else set())
                    self.assertLessEqual(expected, set(responses), (method, path))

    def test_the_pages_are_served_without_the_internet(self):
        for target in ("/docs", "/redoc", "/scalar"):
            page = self.server.get(target)
            self.assertEqual(page.status, 200)
            self.assertTrue(page.header("Content-Type").startswith("text/html"))
            self.assertEqual(
                page.header("Content-Security-Policy"),
                "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
                "img-src 'self' data: https:; font-src 'self'; connect-src 'self'; "
                "frame-ancestors 'none'" + ("; worker-src blob:" if target == "/redoc" else ""))
            for link in re.findall(r'(?:src|href)="([^"]+)"', page.body.decode()):
                self.assertTrue(link.startswith("/"), link)
                self.assertEqual(self.server.get(link).status, 200, link)

    def test_every_answer_has_the_security_headers(self):
        for answer in (self.server.get("/health"), self.server.get("/nowhere"),
                       self.server.get("/api/v1/users/me")):
            self.assertEqual(answer.header("X-Content-Type-Options"), "nosniff")
            self.assertEqual(answer.header("X-Frame-Options"), "DENY")
            self.assertEqual(answer.header("Referrer-Policy"), "strict-origin-when-cross-origin")
            self.assertEqual(answer.header("Content-Security-Policy"),
                             "default-src 'none'; frame-ancestors 'none'")
            self.assertEqual(answer.header("Cross-Origin-Opener-Policy"), "same-origin")
            self.assertEqual(answer.header("Cross-Origin-Resource-Policy"), "same-origin")
            self.assertIsNotNone(answer.header("Permissions-Policy"))
            self.assertIsNone(answer.header("Strict-Transport-Security"))
            self.assertIsNone(answer.header("Server"))

    def test_a_request_id_is_kept_when_it_is_good(self):
        for sent, kept in (("abc-1.2_3", True), ("x" * 128, True), ("x" * 129, False),
                           ("a b", False), ("<script>", False)):
            got = self.server.get("/health", headers={"X-Request-ID": sent}).header("X-Request-ID")
            if kept:
                self.assertEqual(got, sent)
            else:
                self.assertRegex(got, UUID)
        self.assertRegex(self.server.get("/health").header("X-Request-ID"), UUID)

    def test_a_strange_host_is_refused(self):
        answer = self.server.get("/health", headers={"Host": "evil.example"})
        self.assert_error(answer, 400, "Invalid host header")
        for good in ("localhost", "127.0.0.1:1234", "[::1]:99", "LOCALHOST"):
            self.assertEqual(self.server.get("/health", headers={"Host": good}).status, 200, good)

    def test_large_answers_are_compressed_on_request(self):
        plain = self.server.get("/openapi.json")
        packed = self.server.get("/openapi.json", headers={"Accept-Encoding": "gzip"})
        self.assertEqual(packed.header("Content-Encoding"), "gzip")
        self.assertLess(len(packed.body), len(plain.body))
        import gzip
        self.assertEqual(gzip.decompress(packed.body), plain.body)
        self.assertIn("Accept-Encoding", packed.header("Vary"))
        small = self.server.get("/health", headers={"Accept-Encoding": "gzip"})
        self.assertIsNone(small.header("Content-Encoding"))


class Cors(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(CORS_ORIGINS='["https://app.example"]').__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()

    def preflight(self, origin, method="POST", headers="content-type"):
        return self.server.request("OPTIONS", "/api/v1/items", headers={
            "Origin": origin, "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": headers})

    def test_a_preflight_of_an_allowed_origin(self):
        answer = self.preflight("https://app.example")
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual(answer.header("Access-Control-Allow-Origin"), "https://app.example")
        self.assertEqual(answer.header("Access-Control-Allow-Credentials"), "true")
        self.assertEqual(answer.header("Access-Control-Max-Age"), "600")

    def test_what_a_preflight_allows(self):
        answer = self.preflight("https://app.example")
        self.assertEqual(
            set(answer.header("Access-Control-Allow-Methods").split(", ")),
            {"GET", "POST", "PUT", "DELETE", "PATCH"})
        self.assertTrue(
            {"Authorization", "Content-Type", "X-Request-ID", "If-Match", "If-None-Match"}
            <= set(answer.header("Access-Control-Allow-Headers").split(", ")))
        self.assertIn("Origin", answer.header("Vary"))

    def test_what_a_page_may_read(self):
        answer = self.server.get("/health", headers={"Origin": "https://app.example"})
        self.assertEqual(
            set(answer.header("Access-Control-Expose-Headers").split(", ")),
            {"X-Request-ID", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset",
             "ETag", "Location", "Retry-After", "WWW-Authenticate"})
        self.assertEqual(answer.header("Access-Control-Allow-Credentials"), "true")

    def test_a_refusal_before_the_routes_carries_the_fields_too(self):
        head = (b"POST /api/v1/users/ HTTP/1.1\r\nHost: %s\r\nOrigin: https://app.example\r\n"
                b"X-Request-ID: mine-1\r\nConnection: close\r\nContent-Length: %d\r\n\r\n")
        for data, status in ((head % (b"localhost", 99999999), 413),
                             (head % (b"evil.example", 0), 400)):
            received = self.server.raw(data).decode()
            self.assertTrue(received.startswith(f"HTTP/1.1 {status} "), received)
            self.assertIn("\r\nAccess-Control-Allow-Origin: https://app.example\r\n", received)
            self.assertIn("\r\nX-Request-ID: mine-1\r\n", received)
        self.assertIn("\r\nVary: Origin\r\n", self.server.raw(b"GET / HTTP/1.1\r\nX : y\r\n\r\n")
                      .decode())

    def test_refused_preflights(self):
        for answer, error in (
                (self.preflight("https://evil.example"), "Disallowed CORS origin"),
                (self.preflight("https://app.example", method="TRACE"), "Disallowed CORS method"),
                (self.preflight("https://app.example", headers="x-evil"),
                 "Disallowed CORS headers")):
            self.assertEqual(answer.status, 400)
            self.assertEqual(answer.json(), {"error": error, "detail": None, "code": None})

    def test_errors_carry_the_fields_too(self):
        for target in ("/nowhere", "/api/v1/users/me", "/health"):
            answer = self.server.get(target, headers={"Origin": "https://app.example"})
            self.assertEqual(answer.header("Access-Control-Allow-Origin"), "https://app.example")
            self.assertIn("X-Request-ID", answer.header("Access-Control-Expose-Headers"))
            self.assertIn("Origin", answer.header("Vary"))
        answer = self.server.get("/health", headers={"Origin": "https://evil.example"})
        self.assertIsNone(answer.header("Access-Control-Allow-Origin"))
        self.assertIn("Origin", answer.header("Vary"))


    def test_the_development_origins_come_with_debug(self):
        self.assertEqual(self.preflight("http://localhost:3000").status, 400)
        with Server(DEBUG="true", CORS_ORIGINS='["https://app.example"]') as server:
            for origin in ("http://localhost:3000", "http://localhost:5173", "https://app.example"):
                answer = server.get("/health", headers={"Origin": origin})
                self.assertEqual(answer.header("Access-Control-Allow-Origin"), origin)


class Https(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(ENVIRONMENT="production", TRUSTED_PROXIES='["127.0.0.1"]').__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()

    def test_a_person_is_sent_to_https(self):
        for method in ("GET", "HEAD"):
            answer = self.server.request(method, "/api/v1/items?limit=1",
                                         headers={"Accept": "text/html,*/*;q=0.8"})
            self.assertEqual(answer.status, 307)
            self.assertEqual(answer.header("Location"), "https://127.0.0.1/api/v1/items?limit=1")

    def test_every_other_plain_request_is_refused(self):
        page = {"Accept": "text/html"}
        for method, headers in (("GET", {}), ("GET", {"Accept": "*/*"}), ("POST", page),
                                ("GET", {**page, "Cookie": "a=b"}),
                                ("GET", {**page, "Authorization": "Bearer x"}),
                                ("GET", {"X-Forwarded-Proto": "http"})):
            answer = self.server.request(method, "/api/v1/items", headers=headers)
            self.assertEqual(answer.status, 403, (method, headers))
            self.assertEqual(answer.json(), {"error": "Forbidden", "detail": None, "code": None})
            self.assertIsNone(answer.header("Strict-Transport-Security"))

    def test_probes_are_answered_without(self):
        for target, status in (("/health", 200), ("/health/ready", 200), ("/metrics", 200),
                               ("/healthx", 403), ("/docs", 403)):
            self.assertEqual(self.server.get(target).status, status, target)

    def test_a_trusted_proxy_says_that_the_client_used_https(self):
        for headers in ({"X-Forwarded-Proto": "https"}, {"Forwarded": "for=192.0.2.1;proto=https"}):
            answer = self.server.get("/api/v1/items", headers=headers)
            self.assertEqual(answer.status, 200)
            self.assertEqual(answer.header("Strict-Transport-Security"),
                             "max-age=31536000; includeSubDomains")
        answer = self.server.get("/api/v1/items", headers={"X-Forwarded-Proto": "https",
                                                           "X-Forwarded-Host": "evil.example"})
        self.assertEqual((answer.status, answer.json()["error"]), (400, "Invalid host header"))

    def test_nobody_else_does(self):
        with Server(ENFORCE_HTTPS="true") as server:
            for _ in range(2):
                answer = server.get("/api/v1/items", headers={"X-Forwarded-Proto": "https",
                                                              "X-Forwarded-For": "192.0.2.1"})
                self.assertEqual(answer.status, 403)
            server.stop()
            warnings = [line for line in server.rest.split("\n") if "WARNING" in line]
            self.assertEqual(len(warnings), 1, warnings)
            self.assertIn("trusted_proxies", warnings[0])


class Throttling(unittest.TestCase):
    def test_failures_are_counted_by_name_and_address_known_or_not(self):
        with Server(LOGIN_FAILURE_LIMIT="3", LOGIN_RATE_LIMIT="1000") as server:
            server.register("victim")
            for name in ("victim", "nobody"):
                for _ in range(3):
                    self.assertEqual(server.login(name, "wrong password").status, 401)
                answer = server.login(name.upper(), "a good password")
                self.assertEqual(answer.status, 429, answer)
                self.assertEqual(answer.json(),
                                 {"error": "Too many requests", "detail": None, "code": None})
                self.assertTrue(1 <= int(answer.header("Retry-After")) <= 60)

    def test_tries_are_counted_by_address_over_all_three_routes(self):
        with Server(LOGIN_RATE_LIMIT="4") as server:
            server.register("someone")                                     # 1
            token = server.token("someone", "a good password")             # 2
            self.assertEqual(server.request("PUT", "/api/v1/users/me/password", {
                "current_password": "wrong one", "new_password": "another one"},
                token=token).status, 400)                                  # 3
            self.assertEqual(server.login("someone", "wrong").status, 401)  # 4
            self.assertEqual(server.login("someone", "a good password").status, 429)
            self.assertEqual(server.get("/api/v1/users/me", token=token).status, 200)

    def test_a_wrong_current_password_is_a_failure_like_a_log_in(self):
        with Server(LOGIN_FAILURE_LIMIT="2", LOGIN_RATE_LIMIT="1000") as server:
            server.register("someone")
            token = server.token("someone", "a good password")

            def change(current):
                return server.request("PUT", "/api/v1/users/me/password", {
                    "current_password": current, "new_password": "an even better one"},
                    token=token)

            for _ in range(2):
                self.assertEqual(change("wrong one").status, 400)
            self.assertEqual(change("a good password").status, 429)
            self.assertEqual(server.login("someone", "a good password").status, 429)

    def test_a_whitelisted_address_is_exempt_from_the_rate_alone(self):
        with Server(LOGIN_RATE_LIMIT="1", LOGIN_FAILURE_LIMIT="3",
                    GUARD__WHITELIST='["127.0.0.1"]') as server:
            server.register("someone")
            for _ in range(3):
                self.assertEqual(server.login("someone", "wrong").status, 401)
            self.assertEqual(server.login("someone", "wrong").status, 429)
