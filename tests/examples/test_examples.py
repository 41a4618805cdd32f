"""Every program of examples/ does what examples/README.md says, and ends well."""

import http.client
import json
import pathlib
import re
import subprocess
import unittest

import program
from program import BUILT, SOURCES, ExampleTest
from websocket import Refused, WebSocket


class All(unittest.TestCase):
    def test_each_has_a_test_and_a_row_in_the_table(self):
        names = {path.stem for path in SOURCES.glob("*.cpp")}
        tested = {test.name for test in ExampleTest.__subclasses__()} | {"testing"}
        rows = set(re.findall(r"^\| \[(\w+)\.cpp\]", (SOURCES / "README.md").read_text(), re.MULTILINE))
        self.assertEqual(names, tested)
        self.assertEqual(names, rows)

    def test_the_readme_shows_hello(self):
        readme = (SOURCES.parent / "README.md").read_text()
        hello = (SOURCES / "hello.cpp").read_text()
        self.assertEqual(re.search(r"```cpp\n(.*?)```", readme, re.DOTALL)[1],
                         re.sub(r"^//.*\n", "", hello, flags=re.MULTILINE))

    def test_testing_passes(self):
        subprocess.run([BUILT / "example_testing"], check=True, timeout=program.SECONDS)


class Hello(ExampleTest):
    name = "hello"

    def test_takes_what_is_valid(self):
        pen = {"name": "pen", "price": 1.5}
        self.check("POST", "/items", pen, status=201, json=pen)

    def test_says_everything_that_is_wrong(self):
        faults = self.check("POST", "/items", {"price": "free"}, status=422).json()["detail"]
        self.assertEqual([(fault["type"], fault["loc"]) for fault in faults],
                         [("missing", ["body", "name"]), ("float_parsing", ["body", "price"])])

    def test_documents_itself(self):
        self.assertIn("/items", self.check("GET", "/openapi.json").json()["paths"])
        self.assertIn("swagger", self.check("GET", "/docs").text)


class Streaming(ExampleTest):
    name = "streaming"

    def test_sends_events(self):
        events = self.check("GET", "/events?count=2", text=(
            'event: reading\ndata: {"n":1,"celsius":20.25}\nid: 1\n\n'
            'event: reading\ndata: {"n":2,"celsius":20.5}\nid: 2\n\n'
            ": that was all\n\n"))
        self.assertEqual(events.headers["Content-Type"], "text/event-stream")
        self.check("GET", "/events?count=2", headers={"Last-Event-ID": "2"}, text=": that was all\n\n")

    def test_sends_lines(self):
        lines = self.check("GET", "/readings?count=5000").text.splitlines()
        self.assertEqual([json.loads(line)["n"] for line in lines], list(range(1, 5001)))
        self.check("GET", "/readings.csv?count=1", text="n,celsius\n1,20.25\n")
        self.check("GET", "/readings.csv?count=0", status=404)

    def test_sends_a_file_and_a_part_of_it(self):
        program = (BUILT / "example_streaming").stat()
        whole = self.check("HEAD", "/program")
        self.assertEqual(int(whole.headers["Content-Length"]), program.st_size)
        part = self.check("GET", "/program", headers={"Range": "bytes=1-3"}, status=206, text="ELF")
        self.assertEqual(part.headers["Content-Range"], f"bytes 1-3/{program.st_size}")
        self.check("GET", "/program", headers={"If-None-Match": whole.headers["ETag"]}, status=304)


class Chat(ExampleTest):
    name = "websocket"

    def join(self, room, name):
        socket = WebSocket(self.port, f"/rooms/{room}?name={name}", program.SECONDS)
        self.addCleanup(socket.disconnect)
        return socket

    def test_everybody_in_a_room_hears_what_is_said(self):
        zoe = self.join("elsewhere", "zoe")
        self.assertEqual(zoe.receive_json(), {"from": "zoe", "text": "is here"})
        sockets = {}
        # More than there are loops, so that some share one and others do not.
        for name in ["ada", "bob", "cy", "dee", "eve"]:
            sockets[name] = self.join("tea", name)
            for socket in sockets.values():
                self.assertEqual(socket.receive_json(), {"from": name, "text": "is here"})
        sockets["bob"].send_json({"text": " hello "})
        for socket in sockets.values():
            self.assertEqual(socket.receive_json(), {"from": "bob", "text": "hello"})
        self.assertEqual(sockets.pop("ada").close(), 1000)
        for socket in sockets.values():
            self.assertEqual(socket.receive_json(), {"from": "ada", "text": "has left"})
        self.stop()
        for socket in [zoe, *sockets.values()]:
            while (frame := socket.receive())[0] != 8:
                pass
            self.assertEqual(frame[1], b"\x03\xe9")  # 1001
            socket.send(8, frame[1])

    def test_says_what_is_wrong(self):
        ada = self.join("tea", "ada")
        ada.receive_json()
        ada.send_json({"text": ""})
        opcode, payload = ada.receive()
        self.assertEqual((opcode, payload[:2]), (8, b"\x03\xf0"))  # 1008
        self.assertIn(b"string_too_short", payload)
        with self.assertRaisesRegex(Refused, "422"):
            self.join("tea", "")
        self.check("GET", "/rooms/tea?name=ada", status=426)
        self.assertIn("new WebSocket", self.check("GET", "/").text)


class Todo(ExampleTest):
    name = "todo"

    def test_creates_reads_changes_deletes(self):
        milk = {"id": 1, "title": "Buy milk", "tags": [], "done": False}
        self.check("POST", "/todos", {"title": "Buy milk"}, status=201, json=milk)
        self.check("POST", "/todos", {"title": "Sleep", "done": True}, status=201)
        self.check("GET", "/todos/1", json=milk)
        self.check("PATCH", "/todos/1", {"tags": ["shop"]}, json=milk | {"tags": ["shop"]})
        self.check("GET", "/todos?done=false", json=[milk | {"tags": ["shop"]}])
        self.check("GET", "/todos?limit=101", status=422)
        self.check("DELETE", "/todos/1", status=204, text="")
        self.check("DELETE", "/todos/1", status=404)
        self.check("GET", "/todos/1", status=404, json={"detail": "Not Found"})
        self.check("PATCH", "/todos/1", {"title": ""}, status=422)


class Dependencies(ExampleTest):
    name = "dependencies"
    acme = {"X-Tenant": "acme"}

    def test_finishes_before_the_response_with_success_or_failure(self):
        self.check("POST", "/orders", {"pieces": 3}, status=201, headers=self.acme)
        self.wait_for("acme order: kept")
        self.check("POST", "/orders", {"pieces": 4}, status=409, headers=self.acme)
        self.wait_for("acme order: dropped")

    def test_refuses_in_a_dependency(self):
        self.check("POST", "/orders", {"pieces": 3}, status=404, headers={"X-Tenant": "other"})
        self.check("POST", "/orders", {"pieces": 3}, status=422)
        self.check("GET", "/report", status=200, headers=self.acme | {"Accept": "text/plain"}, text="acme\n")
        self.check("GET", "/report", status=406, headers=self.acme | {"Accept": "text/html"})


class Security(ExampleTest):
    name = "security"
    environment = {"SECRET_KEY": "0123456789abcdef0123456789abcdef"}

    def log_in(self, password, scope="read"):
        return self.request("POST", "/token",
                            form={"username": "alice", "password": password, "scope": scope})

    def test_lets_in_who_has_a_token_with_the_scope(self):
        answer = self.log_in("correct horse", "read write").json()
        self.assertEqual(answer["token_type"], "bearer")
        mine = {"Authorization": "Bearer " + answer["access_token"]}
        self.check("GET", "/me", headers=mine, json="alice")
        self.check("GET", "/notes", headers=mine, json="Notes of alice")
        refused = self.check("POST", "/notes", status=403, headers=mine)
        self.assertEqual(refused.headers["WWW-Authenticate"], 'Bearer scope="write"')

    def test_refuses_everybody_else(self):
        self.assertEqual(self.log_in("wrong").status, 401)
        self.check("GET", "/me", status=401, json={"detail": "Not authenticated"})
        self.check("GET", "/me", status=401, headers={"Authorization": "Bearer x.y.z"})

    def test_shows_the_scheme_in_the_document(self):
        document = self.check("GET", "/openapi.json").json()
        flow = document["components"]["securitySchemes"]["OAuth2PasswordBearer"]["flows"]["password"]
        self.assertEqual(flow["tokenUrl"], "/token")


class Database(ExampleTest):
    name = "database"

    def test_keeps_users(self):
        ann = {"username": "ann", "email": "ann@example.com"}
        self.check("POST", "/users", ann, status=201, json={"id": 1, **ann, "disabled": False})
        self.check("POST", "/users", {"username": "bob", "email": "bob@example.com"}, status=201)
        self.check("POST", "/users", {"username": "ANN", "email": "a@example.com"}, status=400,
                   json={"detail": "Username already registered"})
        self.check("POST", "/users", {"username": "cyd", "email": "Ann@example.com"}, status=400,
                   json={"detail": "Email already registered"})
        self.check("PATCH", "/users/1", {"disabled": True},
                   json={"id": 1, **ann, "disabled": True})
        self.assertEqual([user["id"] for user in self.check("GET", "/users").json()], [2])
        self.check("DELETE", "/users/2", status=204)
        self.check("DELETE", "/users/2", status=404)
        self.check("PATCH", "/users/2", {"disabled": True}, status=404)


class Relations(ExampleTest):
    name = "relations"

    def test_joins_sums_and_pages(self):
        for author, title, price in [("Ann", "Apple", 1.25), ("Bob", "Birch", 2), ("ANN", "Cedar", 3)]:
            self.check("POST", "/books", {"author": author, "title": title, "price": price}, status=201)
        page = self.check("GET", "/books?limit=2").json()
        self.assertEqual([(book["title"], book["author"]) for book in page["items"]],
                         [("Apple", "Ann"), ("Birch", "Bob")])
        rest = self.check("GET", "/books?limit=2&cursor=" + page["next_cursor"]).json()
        self.assertEqual([book["title"] for book in rest["items"]], ["Cedar"])
        self.assertFalse(rest["has_more"])
        self.check("GET", "/books?cursor=x", status=422)
        self.check("DELETE", "/books/2", status=204)
        self.check("DELETE", "/books/2", status=404)
        self.check("GET", "/shelves", json=[{"name": "Ann", "books": 2, "worth": 4.25},
                                            {"name": "Bob", "books": 0, "worth": None}])


class Errors(ExampleTest):
    name = "errors"

    def test_answers_each_kind(self):
        self.check("POST", "/purchases", {"item": "pen", "card": "1"}, json="Thank you")
        self.check("POST", "/purchases", {"item": "pen", "pieces": 3}, status=409,
                   json={"error": "Out of stock", "item": "pen", "left": 2})
        refused = self.check("POST", "/purchases", {"item": "pen"}, status=402)
        self.assertEqual(refused.headers["Content-Type"], "application/problem+json")
        self.assertEqual((refused.json()["detail"], refused.json()["code"]),
                         ("No card", "PAYMENT_REFUSED"))
        self.assertNotIn("unicorn", self.check("POST", "/purchases", {"item": "unicorn"}, status=500).text)
        self.wait_for("no unicorns")

    def test_documents_what_the_route_declares(self):
        responses = self.check("GET", "/openapi.json").json()["paths"]["/purchases"]["post"]["responses"]
        self.assertEqual(set(responses), {"200", "402", "409", "413", "415", "422"})
        self.assertEqual(set(responses["402"]["content"]), {"application/problem+json"})
        self.assertEqual(responses["409"]["content"]["application/json"]["schema"],
                         {"$ref": "#/components/schemas/StockProblem"})


class Middleware(ExampleTest):
    name = "middleware"

    def test_goes_around_every_route(self):
        answer = self.check("GET", "/statistics", json={"requests": 1, "mails": 0})
        self.assertEqual(answer.headers["X-Served-By"], "portico")
        self.assertRegex(answer.headers["X-Process-Time"], r"^0\.\d+$")
        closed = self.check("GET", "/old/page", status=503)
        self.assertEqual(closed.headers["Retry-After"], "600")
        self.check("GET", "/statistics", status=400, headers={"Host": "evil.example"})

    def test_works_after_the_response_and_at_the_end(self):
        self.check("POST", "/members", {"email": "ann@example.com"}, status=202)
        self.wait_for("welcome, ann@example.com")
        self.assertIn("after the last", self.end())


class Files(ExampleTest):
    name = "files"

    def upload(self, filename, content):
        body = (f'--B\r\nContent-Disposition: form-data; name="file"; filename="{filename}"\r\n'
                f"Content-Type: text/plain\r\n\r\n{content}\r\n--B--\r\n")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=program.SECONDS)
        self.addCleanup(connection.close)
        connection.request("POST", "/files", body, {"Content-Type": "multipart/form-data; boundary=B"})
        return program.Answer(connection.getresponse())

    def test_gives_back_what_was_stored_whatever_it_was_called(self):
        content = "0123456789" * 200_000
        stored = self.upload("../../secret.txt", content).json()
        self.assertEqual((stored["called"], stored["size"]), ("secret.txt", len(content)))
        answer = self.check("GET", "/files/" + stored["name"], text=content)
        self.assertEqual(answer.headers["Content-Disposition"], f'attachment; filename="{stored["name"]}.bin"')
        self.check("GET", "/files/" + stored["name"], status=206, text="123", headers={"Range": "bytes=1-3"})
        self.check("GET", "/raw/" + stored["name"], status=304, text="",
                   headers={"If-None-Match": answer.headers["ETag"]})

    def most_memory(self):
        """MiB that the process has had at most."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024

    def test_a_large_file_takes_no_more_memory_than_a_small_one(self):
        self.upload("small.txt", "1")
        before = self.most_memory()
        self.assertEqual(self.upload("large.txt", "0" * (90 << 20)).json()["size"], 90 << 20)
        self.assertLess(self.most_memory() - before, 30)

    def test_finds_nothing_else(self):
        for target in ["/files/none", "/files/..%2Fexample_files", "/raw/../etc/passwd", "/raw/%2e%2e/x", "/raw/"]:
            self.check("GET", target, status=404)
        self.check("POST", "/files", {}, status=422)
        self.assertIn("multipart/form-data", self.check("GET", "/").text)


class Embed(ExampleTest):
    name = "embed"
    arguments = ()

    def stop(self):
        self.process.stdin.close()
        self.process.stdin = None

    def test_serves_what_the_program_posted(self):
        self.process.stdin.write("hello\n")
        while self.request("GET", "/line").text != '"hello"':
            pass  # the line is on its way; the watchdog ends a wait in vain


class OwnType(ExampleTest):
    name = "own_type"

    def test_is_read_written_and_described(self):
        self.check("POST", "/paints", {"colour": "#FF8800", "accents": ["#000001"]},
                   json={"colour": "#ff8800", "finish": "matt", "accents": ["#000001"]})
        self.check("GET", "/inverse?of=%23ff8800", json="#0077ff")
        fault, = self.check("GET", "/inverse?of=red", status=422).json()["detail"]
        self.assertEqual((fault["loc"], fault["msg"]),
                         (["query", "of"], "Value error, a colour is written #rrggbb"))
        fault, = self.check("POST", "/paints", {"colour": "#ff8800", "finish": "glossy", "accents": ["#000001"]},
                            status=422).json()["detail"]
        self.assertEqual(fault["msg"], "Value error, a glossy paint has no accents")
        paint = self.check("GET", "/openapi.json").json()["components"]["schemas"]["Paint-Input"]
        self.assertIn("#ff8800", str(paint["properties"]["colour"]))


class Settings(ExampleTest):
    name = "settings"
    arguments = ("--port=0",)
    environment = {"SECRET_KEY": "0123456789abcdef0123456789abcdef",
                   "CORS_ORIGINS": '["https://a.example"]'}

    def test_takes_them_from_everywhere(self):
        self.check("GET", "/info", json={"app_name": "Shop", "cors_origins": ["https://a.example"]})
        self.wait_for("shop - INFO - info was asked")

    def test_says_everything_that_is_wrong(self):
        wrong = subprocess.run([BUILT / "example_settings", "--port", "80a"], env={}, text=True,
                               stderr=subprocess.PIPE, timeout=program.SECONDS)
        self.assertEqual(wrong.returncode, 2)
        self.assertIn("port", wrong.stderr)
        self.assertIn("secret_key", wrong.stderr)


if __name__ == "__main__":
    unittest.main()
