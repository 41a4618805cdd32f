"""Hostile and broken input over raw sockets: a clear 4xx, nothing lost, the server lives."""

import json
import socket
import time
import unittest

from server import Server


def status_of(received):
    return int(received.split(b" ", 2)[1]) if received.startswith(b"HTTP/1.1 ") else None


def body_of(received):
    return json.loads(received.split(b"\r\n\r\n", 1)[1])


def head(*lines, host=True):
    fields = (["Host: localhost"] if host else []) + list(lines[1:])
    return "\r\n".join([lines[0], *fields, "", ""]).encode("latin-1")


class BadInput(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server().__enter__()
        cls.server.register("input")
        cls.token = cls.server.token("input", "a good password")

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()

    def tearDown(self):
        self.assertEqual(self.server.get("/health").status, 200)

    def assert_refused(self, received, status):
        self.assertEqual(status_of(received), status, received[:400])
        self.assertEqual(set(body_of(received)), {"error", "detail", "code"})
        lower = received.split(b"\r\n\r\n")[0].lower()
        self.assertIn(b"x-request-id: ", lower)
        self.assertIn(b"x-content-type-options: nosniff", lower)
        self.assertIn(b"connection: close", lower)

    def test_heads_that_the_parser_refuses(self):
        cases = {
            "bare LF": (b"GET /health HTTP/1.1\nHost: localhost\n\n", 400),
            "no host": (head("GET /health HTTP/1.1", host=False), 400),
            "two hosts": (head("GET /health HTTP/1.1", "Host: localhost"), 400),
            "space before colon": (head("GET /health HTTP/1.1", "X : y"), 400),
            "obs-fold": (b"GET /health HTTP/1.1\r\nHost: localhost\r\nX: a\r\n b\r\n\r\n", 400),
            "NUL in a value": (head("GET /health HTTP/1.1", "X: a\0b"), 400),
            "CR in a value": (head("GET /health HTTP/1.1", "X: a\rb"), 400),
            "two lengths": (head("POST /api/v1/users/ HTTP/1.1", "Content-Length: 1",
                                 "Content-Length: 2"), 400),
            "signed length": (head("POST /api/v1/users/ HTTP/1.1", "Content-Length: +1"), 400),
            "huge length": (head("POST /api/v1/users/ HTTP/1.1",
                                 "Content-Length: 99999999999999999999999"), (400, 413)),
            "length and chunked": (head("POST /api/v1/users/ HTTP/1.1", "Content-Length: 5",
                                        "Transfer-Encoding: chunked"), 400),
            "unknown coding": (head("POST /api/v1/users/ HTTP/1.1", "Transfer-Encoding: x"),
                               (400, 501)),
            "chunked twice": (head("POST /api/v1/users/ HTTP/1.1",
                                   "Transfer-Encoding: chunked, chunked"), 400),
            "version": (head("GET /health HTTP/2.7"), (400, 505)),
            "no version": (b"GET /health\r\n\r\n", 400),
            "control in target": (head("GET /he\x01alth HTTP/1.1"), 400),
            "bad escape": (head("GET /%zz HTTP/1.1"), 400),
            "NUL escape": (head("GET /%00 HTTP/1.1"), 400),
            "binary": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
            "long target": (head("GET /" + "a" * 9000 + " HTTP/1.1"), 414),
            "long head": (head("GET /health HTTP/1.1", "X: " + "a" * 17000), 431),
            "many fields": (head("GET /health HTTP/1.1", *[f"X{n}: y" for n in range(101)]), 431),
        }
        for name, (data, status) in cases.items():
            with self.subTest(name):
                received = self.server.raw(data)
                expected = status if isinstance(status, tuple) else (status,)
                self.assertIn(status_of(received), expected, received[:300])
                self.assert_refused(received, status_of(received))

    def post(self, body, content_type="application/json", target="/api/v1/items"):
        return self.server.request("POST", target, body, token=self.token,
                                   headers={"Content-Type": content_type})

    def test_bodies_that_are_not_json(self):
        bodies = [b"", b"{", b'{"title":', b'{"title":"x",}', b"[1,,2]", b"tru", b"nul", b"\xff\xfe",
                  b'{"title":"\xc3\x28"}', b'{"title":"\\ud800"}', b'{"a":1} x', b"'x'",
                  b'{"title":"\x01"}', b"[" * 10000, b'{"a":' * 10000, b"[" * 5000 + b"]" * 5000,
                  b'{"x":' + b"[" * 10000 + b"]" * 10000 + b"}", b"NaN", b"-", b"1e", b"\x00" * 10]
        for body in bodies:
            with self.subTest(body[:20]):
                answer = self.post(body)
                self.assertEqual(answer.status, 422, (body[:20], answer))
                self.assertEqual(answer.json()["code"], "VALIDATION_ERROR")
                self.assertLess(len(answer.body), 20000)

    def test_numbers_that_do_not_fit(self):
        for text in ("1e999", "-1e999", "1" + "0" * 400, "0." + "0" * 500 + "1", "1" * 5000):
            answer = self.post(f'{{"title":"x","price":{text}}}')
            self.assertEqual(answer.status, 422, (text[:20], answer))

    def test_a_body_not_sent_as_json_is_worded_as_fastapi_does(self):
        for media_type in ("text/plain", "application/xml", ""):
            answer = self.post('{"title":"x","price":1}', media_type)
            self.assertEqual(answer.status, 422, answer)
            self.assertEqual(answer.json()["detail"],
                             "body: Input should be a valid dictionary or object to extract fields "
                             "from")
        self.assertEqual(
            self.post('{"title":"x","price":1}', "application/vnd.api+json").status, 201)

    def test_a_body_that_is_too_large_is_refused_before_it_is_read(self):
        declared = self.server.raw(head("POST /api/v1/items HTTP/1.1",
                                        f"Authorization: Bearer {self.token}",
                                        "Content-Type: application/json",
                                        "Content-Length: 2097152"))
        self.assert_refused(declared, 413)
        chunk = b"10000\r\n" + b" " * 65536 + b"\r\n"
        chunked = self.server.raw(head("POST /api/v1/items HTTP/1.1",
                                       f"Authorization: Bearer {self.token}",
                                       "Content-Type: application/json",
                                       "Transfer-Encoding: chunked") + chunk * 32 + b"0\r\n\r\n")
        self.assertEqual(status_of(chunked), 413, chunked[:300])

    def test_strangers_are_refused_before_their_body_is_looked_at(self):
        answer = self.server.request("POST", "/api/v1/items", "{broken",
                                     headers={"Content-Type": "application/json"})
        self.assertEqual(answer.status, 401)

    def test_ten_thousand_query_parameters(self):
        query = "&".join(f"a{n}=1" for n in range(1500))
        self.assertIn(self.server.get(f"/api/v1/items?{query[:8000]}").status, (200, 400, 422))
        received = self.server.raw(head(
            "GET /api/v1/items?" + "&".join(f"a{n}=1" for n in range(10000)) + " HTTP/1.1"))
        self.assertEqual(status_of(received), 414)

    def test_faults_do_not_amplify(self):
        answer = self.post(json.dumps({"title": "x", "price": 1, "tags": [1] * 100000}))
        self.assertEqual(answer.status, 422)
        self.assertLess(len(answer.body), 20000)
        many = self.post(json.dumps({"title": "y" * 500000, "price": 1}))
        self.assertLess(len(many.body), 2000)

    def test_text_fields_refuse_nul(self):
        answer = self.post('{"title":"a\\u0000b","price":1}')
        self.assertEqual(answer.status, 422)
        answer = self.server.post("/api/v1/auth/token",
                                  form={"username": "a\0b", "password": "x"})
        self.assertEqual(answer.status, 422, answer)

    def test_a_slow_head_is_cut(self):
        with self.server.connect() as connection:
            connection.settimeout(30)
            connection.sendall(b"GET /health HTTP/1.1\r\nHost: loc")
            start = time.monotonic()
            received = b""
            while chunk := connection.recv(4096):
                received += chunk
            self.assertLess(time.monotonic() - start, 20)
            self.assertIn(status_of(received), (None, 408))

    def test_truncated_requests_leave_nothing_behind(self):
        for cut in (1, 10, 40):
            data = head("POST /api/v1/users/ HTTP/1.1", "Content-Type: application/json",
                        "Content-Length: 100")[:-cut]
            self.server.raw(data, half_close=True)
        received = self.server.raw(
            head("POST /api/v1/items HTTP/1.1", f"Authorization: Bearer {self.token}",
                 "Content-Type: application/json", "Content-Length: 100") + b'{"title":"cut',
            half_close=True)
        self.assertNotEqual(status_of(received), 201)

    def test_injection_through_what_reaches_a_header_or_a_log(self):
        evil = "%0d%0aX-Evil:%20yes%0d%0a%0d%0a<html>"
        for target in (f"/api/v1/items/{evil}", f"/{evil}", f"/api/v1/items?cursor={evil}",
                       f"/api/v1/users/{evil}", f"/health/{evil}/"):
            answer = self.server.get(target)
            self.assertIsNone(answer.header("X-Evil"), target)
        answer = self.server.request("POST", "/api/v1/auth/token", form={
            "username": "x\r\n2026-11-23 21:37:27,123 - portico - INFO - forged", "password": "y"})
        self.assertIn(answer.status, (401, 422))

    def test_pipelined_requests_are_answered_in_order(self):
        one = b"GET /health HTTP/1.1\r\nHost: localhost\r\n"
        data = (one + b"X-Request-ID: a1\r\n\r\n" + one + b"X-Request-ID: a2\r\n\r\n"
                + one + b"X-Request-ID: a3\r\nConnection: close\r\n\r\n")
        received = self.server.raw(data)
        self.assertEqual([part[:2] for part in received.split(b"X-Request-ID: ")[1:]],
                         [b"a1", b"a2", b"a3"])

    def test_expect_continue_waits_for_the_credentials(self):
        with self.server.connect() as connection:
            connection.sendall(head("POST /api/v1/items HTTP/1.1", "Content-Type: application/json",
                                    "Content-Length: 10", "Expect: 100-continue"))
            received = connection.recv(4096)
            self.assertEqual(status_of(received), 401)
        with self.server.connect() as connection:
            body = b'{"title":"x","price":1}'
            connection.sendall(head("POST /api/v1/items HTTP/1.1", "Content-Type: application/json",
                                    f"Authorization: Bearer {self.token}",
                                    f"Content-Length: {len(body)}", "Expect: 100-continue"))
            self.assertEqual(connection.recv(25), b"HTTP/1.1 100 Continue\r\n\r\n")
            connection.sendall(body)
            self.assertEqual(status_of(connection.recv(65536)), 201)

    def test_a_reset_in_the_middle_harms_nobody(self):
        for _ in range(50):
            connection = self.server.connect()
            connection.sendall(b"GET /api/v1/items HTTP/1.1\r\nHost: localhost\r\n\r\n")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            connection.close()


if __name__ == "__main__":
    unittest.main()
