"""What only a database that is another process can meet: it goes and comes back, it cuts connections,
and several servers stand on it."""

import http.client
import json
import tempfile
import threading
import time
import unittest

import database
from contract import race
from server import ADMIN, Server


def on_postgresql(**settings):
    return Server(kind="postgresql", **settings)


class TwoInstances(unittest.TestCase):
    """No Redis between them: what is cached is at most a second old."""

    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.one = on_postgresql(folder=cls.temporary.name).__enter__()
        cls.other = on_postgresql(folder=cls.temporary.name).__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.one.stop()
        cls.other.stop()
        cls.one.database.remove()
        cls.temporary.cleanup()

    def assert_refused_in_a_second(self, status, token, told):
        """Whatever begins later than a second after `told` is refused by the other instance."""
        while True:
            began = time.monotonic()
            answer = self.other.get("/api/v1/users/me", token=token)
            if answer.status == status:
                return
            self.assertEqual(answer.status, 200, answer)
            self.assertLess(began - told, 1)

    def signed_up(self, name):
        user = self.one.register(name)
        pair = self.other.login(name, "a good password").json()
        self.assertEqual(
            self.other.get("/api/v1/users/me", token=pair["access_token"]).status, 200)
        return user, pair

    def test_each_sees_the_other_s_writes_at_once(self):
        _, pair = self.signed_up("writer")
        token = pair["access_token"]
        for n in range(20):
            writer, reader = (self.one, self.other) if n % 2 else (self.other, self.one)
            item = writer.post("/api/v1/items", {"title": "first", "price": 1}, token=token)
            where = f"/api/v1/items/{item.json()['id']}"
            self.assertEqual(reader.get(where).json(), item.json())
            changed = reader.request("PATCH", where, {"title": "second"}, token=token,
                                     headers={"If-Match": item.header("ETag")})
            self.assertEqual(changed.status, 200, changed)
            self.assertEqual(writer.get(where).json()["title"], "second")
            stale = writer.request("PATCH", where, {"title": "third"}, token=token,
                                   headers={"If-Match": item.header("ETag")})
            self.assertEqual(stale.status, 412)
            self.assertEqual(writer.request("DELETE", where, token=token).status, 204)
            self.assertEqual(reader.get(where).status, 404)

    def test_a_log_out_reaches_the_other_in_a_second(self):
        _, pair = self.signed_up("leaver")
        answer = self.one.post("/api/v1/auth/logout", {"refresh_token": pair["refresh_token"]},
                               token=pair["access_token"])
        self.assertEqual(answer.status, 204)
        self.assert_refused_in_a_second(401, pair["access_token"], time.monotonic())
        self.assertEqual(self.other.post("/api/v1/auth/refresh", {
            "refresh_token": pair["refresh_token"]}).status, 401)

    def test_a_new_password_reaches_the_other_in_a_second(self):
        _, pair = self.signed_up("changer")
        answer = self.one.request("PUT", "/api/v1/users/me/password", {
            "current_password": "a good password", "new_password": "an even better one"},
            token=pair["access_token"])
        self.assertEqual(answer.status, 204)
        self.assert_refused_in_a_second(401, pair["access_token"], time.monotonic())

    def test_a_disabled_user_is_inactive_at_the_other_in_a_second(self):
        user, pair = self.signed_up("loser")
        answer = self.one.request("PATCH", f"/api/v1/admin/users/{user['id']}", {"disabled": True},
                                  token=self.one.admin())
        self.assertEqual(answer.status, 200)
        self.assert_refused_in_a_second(400, pair["access_token"], time.monotonic())

    def test_of_racing_sign_ups_at_both_one_wins(self):
        answers = race(20, lambda n: (self.one, self.other)[n % 2].post("/api/v1/users/", {
            "username": f"both{n}", "email": "both@portico.dev", "password": "a good password"}))
        self.assertEqual(sorted(answer.status for answer in answers), [201] + [400] * 19)

    def test_of_two_admins_who_demote_each_other_at_both_one_stays(self):
        root = self.one.admin()
        for n in range(5):
            second = self.one.register(f"second{n}")
            where = "/api/v1/admin/users/{}".format
            granted = self.one.request("PATCH", where(second["id"]), {
                "scopes": ["read", "write", "admin"]}, token=root)
            self.assertEqual(granted.status, 200)
            token = self.one.token(second["username"], "a good password", "read write admin")
            first = self.one.get("/api/v1/users/me", token=root).json()
            targets = ((self.one, token, first["id"]), (self.other, root, second["id"]))

            def demote(number):
                server, by, whom = targets[number]
                return server.request("PATCH", where(whom), {"scopes": ["read"]}, token=by)

            statuses = sorted(answer.status for answer in race(2, demote))
            self.assertIn(200, statuses)
            left = self.one.database.execute(
                "SELECT id FROM users WHERE scopes::text LIKE '%admin%' AND NOT disabled")
            self.assertEqual(len(left), 1, statuses)
            # The next round begins with the first admin again.
            self.one.database.execute(
                "UPDATE users SET scopes = '[\"read\", \"write\", \"admin\"]' WHERE id = ?", first["id"])
            self.one.database.execute("UPDATE users SET scopes = '[\"read\"]' WHERE id = ?",
                                      second["id"])


class Load:
    """Threads that write and read until the block ends; what they were answered, and when."""

    def __init__(self, server, token, threads=6):
        self.server, self.token = server, token
        self.lock = threading.Lock()
        self.answers = []  # (began, status, has Retry-After)
        self.acknowledged = set()
        self.ending = threading.Event()
        self.threads = [threading.Thread(target=self.run, args=(n,)) for n in range(threads)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        for thread in self.threads:
            thread.join()

    def run(self, n):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        i = 0
        while not self.ending.is_set():
            title = f"{n}-{(i := i + 1)}"
            began = time.monotonic()
            if n % 2:
                connection.request("GET", "/api/v1/items?limit=5")
            else:
                connection.request("POST", "/api/v1/items", json.dumps({"title": title, "price": 1}),
                                   {"Content-Type": "application/json",
                                    "Authorization": f"Bearer {self.token}"})
            response = connection.getresponse()
            response.read()
            with self.lock:
                self.answers.append((began, response.status, response.getheader("Retry-After")))
                if response.status == 201:
                    self.acknowledged.add(title)
        connection.close()

    def wait_for(self, condition, seconds=30):
        """Until a later answer meets the condition."""
        deadline = time.monotonic() + seconds
        with self.lock:
            seen = len(self.answers)
        while time.monotonic() < deadline:
            with self.lock:
                later = self.answers[seen:]
            if any(condition(status) for _, status, _ in later):
                return
            time.sleep(0.01)
        raise AssertionError(f"no such answer among {self.answers[-20:]}")


class Faults(unittest.TestCase):
    """On a PostgreSQL of their own, which they stop."""

    @classmethod
    def setUpClass(cls):
        cls.postgres = database.Postgres()
        cls.number = 0

    @classmethod
    def tearDownClass(cls):
        cls.postgres.close()

    def setUp(self):
        type(self).number += 1
        self.name = f"faults_{self.number}"
        self.postgres.run("postgres", f"CREATE DATABASE {self.name}")

    def server(self, **settings):
        server = on_postgresql(DATABASE_URL=self.postgres.url(self.name), **settings).__enter__()
        self.addCleanup(server.__exit__)
        server.register("writer")
        return server, server.token("writer", "a good password")

    def run_sql(self, statement):
        return self.postgres.run(self.name, statement)

    def cut_all(self):
        """Ends every connection of the server, and returns when they are gone."""
        others = "pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        self.run_sql(f"SELECT pg_terminate_backend(pid) FROM {others}")
        while self.run_sql(f"SELECT count(*) FROM {others}") != [(0,)]:
            time.sleep(0.01)

    def assert_nothing_was_lost(self, server, load):
        titles = {title for title, in self.run_sql("SELECT title FROM items")}
        self.assertEqual(load.acknowledged - titles, set())
        statuses = [status for _, status, _ in load.answers]
        self.assertLessEqual(set(statuses), {200, 201, 500, 503})
        # Whoever does not know whether it was done must not be told to try again: 500.
        self.assertEqual(server.stop(), 0)
        errors = [line for line in [*server.log, *server.rest.splitlines()] if "unhandled" in line]
        self.assertEqual(len(errors), statuses.count(500), errors)
        for line in errors:
            self.assertIn("lost during the commit", line)

    def test_nobody_sees_that_every_idle_connection_was_cut(self):
        server, token = self.server()
        for _ in range(3):
            race(8, lambda _: server.get("/api/v1/items"))
            self.cut_all()
            answers = race(8, lambda n: server.get("/api/v1/items") if n % 2 else server.post(
                "/api/v1/items", {"title": "x", "price": 1}, token=token))
            self.assertEqual({answer.status for answer in answers}, {200, 201}, answers)

    def test_cut_under_load_loses_nothing_and_heals(self):
        server, token = self.server()
        with Load(server, token) as load:
            for _ in range(5):
                load.wait_for(lambda status: status == 201)
                self.run_sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                             "WHERE datname = current_database() AND pid <> pg_backend_pid()")
            load.wait_for(lambda status: status == 201)
        self.assert_nothing_was_lost(server, load)

    def test_a_database_that_stops_under_load_is_503_and_found_again_in_two_seconds(self):
        server, token = self.server()
        with Load(server, token) as load:
            for _ in range(2):
                load.wait_for(lambda status: status == 201)
                self.postgres.stop()
                load.wait_for(lambda status: status == 503)
                self.assertEqual(server.get("/health").status, 200)
                self.postgres.start()
                back = time.monotonic()
                load.wait_for(lambda status: status == 201)
                load.wait_for(lambda status: status == 200)
                with load.lock:
                    late = [answer for answer in load.answers if answer[0] > back + 2 and answer[1] >= 500]
                self.assertEqual(late, [])
        self.assertEqual({after for _, status, after in load.answers if status == 503} - {"1"}, set())
        self.assert_nothing_was_lost(server, load)

    def wait_for_blocked(self):
        while self.run_sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
                           "AND datname = current_database()") == [(0,)]:
            time.sleep(0.01)

    def change_password(self, server, token, answers):
        try:
            answers.append(server.request("PUT", "/api/v1/users/me/password", {
                "current_password": "a good password", "new_password": "an even better one"},
                token=token))
        except (OSError, http.client.HTTPException) as error:
            answers.append(error)

    def test_a_connection_cut_between_two_statements_undoes_the_first(self):
        server, token = self.server()
        answers = []
        with self.postgres.holding(self.name, "LOCK TABLE refresh_tokens"):
            thread = threading.Thread(target=self.change_password, args=(server, token, answers))
            thread.start()
            self.wait_for_blocked()  # the user is changed, the tokens are not
            self.run_sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                         "WHERE wait_event_type = 'Lock' AND datname = current_database()")
            thread.join()
        self.assertEqual(answers[0].status, 503, answers)
        self.assertTrue(answers[0].header("Retry-After"))
        self.assertEqual(server.login("writer", "an even better one").status, 401)
        self.assertEqual(server.login("writer", "a good password").status, 200)

    def test_kill_9_between_two_statements_undoes_the_first(self):
        server, token = self.server()
        pair = server.login("writer", "a good password").json()
        answers = []
        with self.postgres.holding(self.name, "LOCK TABLE refresh_tokens"):
            thread = threading.Thread(target=self.change_password, args=(server, token, answers))
            thread.start()
            self.wait_for_blocked()
            server.kill()
            thread.join()
        server.start()
        self.assertEqual(server.login("writer", "an even better one").status, 401)
        self.assertEqual(server.login("writer", "a good password").status, 200)
        # What was answered before is still true.
        self.assertEqual(server.get("/api/v1/users/me", token=token).status, 200)
        self.assertEqual(server.post("/api/v1/auth/refresh", {
            "refresh_token": pair["refresh_token"]}).status, 200)

    def test_the_settings_bound_the_connections(self):
        server, token = self.server(WORKERS="1", DB_POOL_SIZE="1", DB_MAX_OVERFLOW="1")
        most = 0
        with self.postgres.holding(self.name, "LOCK TABLE items IN EXCLUSIVE MODE"):
            threads = [threading.Thread(target=lambda: server.post(
                "/api/v1/items", {"title": "x", "price": 1}, token=token)) for _ in range(10)]
            for thread in threads:
                thread.start()
            self.wait_for_blocked()
            most = self.run_sql("SELECT count(*) FROM pg_stat_activity WHERE datname = "
                                "current_database() AND wait_event_type = 'Lock'")[0][0]
        for thread in threads:
            thread.join()
        self.assertLessEqual(most, 2)
        self.assertEqual(self.run_sql("SELECT count(*) FROM items"), [(10,)])


class AwayAtTheStart(unittest.TestCase):
    def test_a_server_that_can_not_be_reached_is_told_without_the_password(self):
        with tempfile.TemporaryDirectory() as folder:
            with self.assertRaises(AssertionError) as raised:
                Server(folder=folder, kind="sqlite", FIRST_ADMIN_PASSWORD=ADMIN["password"],
                       DATABASE_URL="postgresql://someone:hunter2@127.0.0.1:1/nowhere").start()
        self.assertIn("database_url", str(raised.exception))
        self.assertNotIn("hunter2", str(raised.exception))


if __name__ == "__main__":
    unittest.main()
