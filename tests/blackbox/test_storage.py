"""The contract: what lies in the database, and what a database that refuses does to an answer."""

import hashlib
import pathlib
import tempfile
import time
import unittest

import database
from contract import ContractTest, decode
from server import Server

KEYS = pathlib.Path(__file__).parent.parent / "auth" / "data"
# "a good password", at 64 KiB and one pass.
WEAK_HASHES = (
    "$argon2i$v=19$m=64,t=1,p=1$c29tZSBzYWx0IGhlcmUuLg$N4J34TWte52C9s/CjiJsO9DV5ykb9DHS+NDiMHwpM0I",
    "$argon2id$v=19$m=64,t=1,p=1$c29tZSBzYWx0IGhlcmUuLg$sWHe581TeL6Psr6kWhqoXMtph/e7VOulaA/7i3GkWvY")


class Storage(ContractTest):
    def row(self, statement, *values):
        return self.server.database.execute(statement, *values)[0]

    def change(self, statement, *values):
        self.server.database.execute(statement, *values)

    def hash_of(self, user):
        return self.row("SELECT hashed_password FROM users WHERE id = ?", user["id"])[0]

    def test_passwords_are_argon2id_and_refresh_tokens_sha_256(self):
        user, _ = self.new_user()
        self.assertRegex(self.hash_of(user), r"^\$argon2id\$v=19\$m=19456,t=2,p=1\$")
        token = self.server.login(user["username"], "a good password").json()["refresh_token"]
        self.assertEqual(
            self.row("SELECT user_id FROM refresh_tokens WHERE token_hash = ?",
                     hashlib.sha256(token.encode()).hexdigest()), (user["id"],))
        kept = [str(row) for table in ("users", "items", "refresh_tokens", "revoked_tokens")
                for row in self.server.database.execute(f"SELECT * FROM {table}")]
        self.assertNotIn(token, "\n".join(kept))

    def test_another_hash_is_replaced_at_the_next_good_login_and_only_then(self):
        user, token = self.new_user()
        for weak in WEAK_HASHES:
            self.change("UPDATE users SET hashed_password = ? WHERE id = ?", weak, user["id"])
            self.assertEqual(self.server.login(user["username"], "not the password").status, 401)
            self.assertEqual(self.hash_of(user), weak)
            self.assertEqual(self.server.login(user["username"], "a good password").status, 200)
            self.assertRegex(self.hash_of(user), r"^\$argon2id\$v=19\$m=19456,t=2,p=1\$")
            self.assertEqual(self.server.login(user["username"], "a good password").status, 200)
        # It is the same password: no token dies of it.
        self.assertEqual(self.server.get("/api/v1/users/me", token=token).status, 200)

    def test_a_refresh_token_ends_with_its_time(self):
        user, _ = self.new_user()
        token = self.server.login(user["username"], "a good password").json()["refresh_token"]
        self.change("UPDATE refresh_tokens SET expires_at = 1 WHERE user_id = ?", user["id"])
        self.assert_error(self.server.post("/api/v1/auth/refresh", {"refresh_token": token}), 401,
                          "Could not validate credentials", WWW_Authenticate="Bearer")

    def test_a_disabled_user_s_refresh_tokens_stay_dead_when_he_is_enabled_again(self):
        user, _ = self.new_user()
        refresh_token = self.server.login(user["username"], "a good password").json()[
            "refresh_token"]
        for disabled in (True, False):
            answer = self.server.request("PATCH", f"/api/v1/admin/users/{user['id']}",
                                         {"disabled": disabled}, token=self.server.admin())
            self.assertEqual(answer.status, 200)
        self.assertEqual(self.server.post("/api/v1/auth/refresh",
                                          {"refresh_token": refresh_token}).status, 401)

    def test_whom_another_process_has_just_deleted_creates_nothing(self):
        user, token = self.new_user()
        self.assertEqual(self.server.get("/api/v1/users/me", token=token).status, 200)
        self.change("DELETE FROM users WHERE id = ?", user["id"])
        self.assert_error(
            self.server.post("/api/v1/items", {"title": "x", "price": 1}, token=token), 401,
            "Could not validate credentials", WWW_Authenticate='Bearer scope="write"')

    def test_a_commit_that_fails_replaces_the_answer(self):
        _, token = self.new_user()
        self.change("CREATE TABLE nobody (id BIGINT REFERENCES users (id) "
                    "DEFERRABLE INITIALLY DEFERRED)")
        if database.KIND == "postgresql":
            self.change("CREATE FUNCTION nobody() RETURNS trigger LANGUAGE plpgsql AS "
                        "'BEGIN INSERT INTO nobody VALUES (-1); RETURN new; END'")
            self.change("CREATE TRIGGER nobody AFTER INSERT ON items FOR EACH ROW "
                        "WHEN (new.title = 'Never') EXECUTE FUNCTION nobody()")
        else:
            self.change("CREATE TRIGGER nobody AFTER INSERT ON items WHEN new.title = 'Never' "
                        "BEGIN INSERT INTO nobody VALUES (-1); END")
        answer = self.server.post("/api/v1/items", {"title": "Never", "price": 1}, token=token)
        self.assert_error(answer, 500, "Internal Server Error", code="INTERNAL_ERROR")
        self.assertIsNone(answer.header("Location"))
        self.assertEqual(self.row("SELECT count(*) FROM items WHERE title = 'Never'"), (0,))
        self.assertEqual(
            self.server.post("/api/v1/items", {"title": "Ever", "price": 1}, token=token).status,
            201)


class Trouble(ContractTest):
    """The database fails under a server that runs."""

    def change(self, statement):
        self.server.database.execute(statement)

    def test_an_unforeseen_error_tells_the_log_and_not_the_client(self):
        self.change("ALTER TABLE items RENAME TO lost")
        answer = self.server.get("/api/v1/items", headers={"X-Request-ID": "trace-me"})
        self.change("ALTER TABLE lost RENAME TO items")
        self.assert_error(answer, 500, "Internal Server Error", code="INTERNAL_ERROR",
                          X_Request_ID="trace-me")
        line = self.server.wait_for_line("unhandled exception").string
        self.assertRegex(line, "no such table: items|items.* does not exist")
        self.assertIn("request_id=trace-me", line)

    def test_readiness_names_what_does_not_answer(self):
        self.change("ALTER TABLE users RENAME TO lost")
        deadline = time.monotonic() + 20
        while (answer := self.server.get("/health/ready")).status == 200:
            self.assertLess(time.monotonic(), deadline)  # the last answer is kept for a second
        self.change("ALTER TABLE lost RENAME TO users")
        self.assert_error(answer, 503, "Service Unavailable", "database")
        self.assertEqual(self.server.get("/health").status, 200)


class Algorithms(unittest.TestCase):
    def test_each_signs_with_its_key_and_accepts_no_other(self):
        tokens = {}
        with tempfile.TemporaryDirectory() as folder:
            for algorithm, file in (("HS384", None), ("HS512", None), ("RS256", "rsa.pem"),
                                    ("PS256", "rsa.pem"), ("ES256", "p256.pem"),
                                    ("EdDSA", "ed25519.pem")):
                with self.subTest(algorithm):
                    key = (KEYS / file).read_text() if file else None
                    with Server(folder=folder, ALGORITHM=algorithm,
                                JWT_PRIVATE_KEY=key) as server:
                        if not tokens:
                            server.register("someone")
                        for token in tokens.values():
                            self.assertEqual(
                                server.get("/api/v1/users/me", token=token).status, 401)
                        token = server.token("someone", "a good password")
                        self.assertEqual(decode(token.split(".")[0]),
                                         {"alg": algorithm, "typ": "JWT"})
                        self.assertEqual(server.get("/api/v1/users/me", token=token).status, 200)
                        tokens[algorithm] = token
