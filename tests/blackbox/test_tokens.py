"""The contract: log-in, tokens, log-out."""

import json
import re
import time
import unittest

from contract import ContractTest, decode, encode, race, sign, UUID  # noqa: F401
from server import ADMIN, SECRET, Server  # noqa: F401


class Tokens(ContractTest):
    def test_login_answers_a_bearer_token_and_a_refresh_token(self):
        user, _ = self.new_user()
        answer = self.server.login(user["username"], "a good password")
        self.assertEqual(answer.status, 200)
        body = answer.json()
        self.assertEqual(set(body), {"access_token", "token_type", "expires_in", "refresh_token",
                                     "scope"})
        self.assertEqual(body["token_type"], "bearer")
        self.assertEqual(body["expires_in"], 1800)
        self.assertEqual(set(body["scope"].split()), {"read", "write"})
        self.assertEqual(answer.header("Cache-Control"), "no-store")

    def test_the_claims_are_those_of_the_contract(self):
        user, token = self.new_user()
        head, claims, _ = token.split(".")
        self.assertEqual(decode(head), {"alg": "HS256", "typ": "JWT"})
        claims = decode(claims)
        self.assertEqual(claims["sub"], user["username"])
        self.assertEqual(claims["uid"], user["id"])
        self.assertEqual(set(claims["scopes"]), {"read", "write"})
        self.assertEqual(claims["iss"], "MyAPI")
        self.assertEqual(claims["aud"], "MyAPI")
        self.assertEqual(claims["typ"], "access")
        self.assertEqual(claims["exp"] - claims["iat"], 1800)
        self.assertEqual(set(claims), {"sub", "uid", "ver", "scopes", "exp", "iat", "nbf", "jti",
                                       "iss", "aud", "typ"})

    def test_a_wrong_password_and_an_unknown_user_get_the_same_answer(self):
        user, _ = self.new_user()
        wrong = self.server.login(user["username"], "not the password")
        unknown = self.server.login("nobody-of-that-name", "not the password")
        for answer in (wrong, unknown):
            self.assert_error(answer, 401, "Incorrect username or password",
                              WWW_Authenticate="Bearer")
        self.assertEqual(wrong.body, unknown.body)

    def test_a_username_logs_in_in_any_case_of_its_letters(self):
        user, _ = self.new_user()
        self.assertEqual(self.server.login(user["username"].upper(), "a good password").status, 200)

    def test_scopes_are_the_requested_that_are_granted(self):
        user, _ = self.new_user()
        name = user["username"]
        self.assertEqual(self.server.login(name, "a good password", "read").json()["scope"], "read")
        self.assertEqual(
            self.server.login(name, "a good password", "read admin").json()["scope"], "read")
        self.assert_error(self.server.login(name, "a good password", "admin"), 400, "Invalid scope",
                          code="INVALID_SCOPE")
        self.assert_error(self.server.login(name, "a good password", "read root"), 400,
                          "Invalid scope", code="INVALID_SCOPE")

    def test_an_admin_gets_the_admin_scope_only_when_asking(self):
        answer = self.server.login(ADMIN["username"], ADMIN["password"])
        self.assertEqual(set(answer.json()["scope"].split()), {"read", "write"})
        answer = self.server.login(ADMIN["username"], ADMIN["password"], "admin read")
        self.assertEqual(set(answer.json()["scope"].split()), {"admin", "read"})

    def test_a_wrong_grant_type_is_422(self):
        answer = self.server.post("/api/v1/auth/token", form={
            "grant_type": "client_credentials", "username": "a", "password": "b"})
        self.assertEqual(answer.status, 422)
        self.assertIn("body.grant_type", answer.json()["detail"])

    def test_a_missing_form_field_is_named(self):
        answer = self.server.post("/api/v1/auth/token", form={"username": "a"})
        self.assert_error(answer, 422, "Validation error", "body.password: Field required",
                          "VALIDATION_ERROR")

    def test_no_token_is_not_authenticated(self):
        self.assert_error(self.server.get("/api/v1/users/me"), 401, "Not authenticated",
                          WWW_Authenticate="Bearer")

    def test_a_bad_token_is_refused_with_the_scopes_of_the_route(self):
        for token in ("x", "a.b.c", sign({"sub": "x"}, key="another key of at least 32 bytes....")):
            self.assert_error(self.server.get("/api/v1/users/me", token=token), 401,
                              "Could not validate credentials", WWW_Authenticate='Bearer scope="read"')
        answer = self.server.request("DELETE", "/api/v1/users/1", token="x")
        scopes = re.fullmatch(r'Bearer scope="(.*)"', answer.header("WWW-Authenticate")).group(1)
        self.assertEqual(set(scopes.split()), {"admin", "write"})

    def test_forged_and_misused_tokens_are_refused(self):
        user, token = self.new_user()
        claims = decode(token.split(".")[1])
        forged = {
            "no signature": token.rsplit(".", 1)[0] + ".",
            "alg none": encode(b'{"alg":"none","typ":"JWT"}') + "." + token.split(".")[1] + ".",
            "another alg": sign(claims, {"alg": "HS512", "typ": "JWT"}),
            "expired": sign({**claims, "exp": claims["iat"] - 60}),
            "not yet": sign({**claims, "nbf": claims["nbf"] + 3600}),
            "another issuer": sign({**claims, "iss": "Other"}),
            "another audience": sign({**claims, "aud": "Other"}),
            "another type": sign({**claims, "typ": "refresh"}),
            "another id": sign({**claims, "uid": claims["uid"] + 100000}),
            "another name": sign({**claims, "sub": ADMIN["username"]}),
            "an old version": sign({**claims, "ver": claims["ver"] - 1}),
            "no jti": sign({key: value for key, value in claims.items() if key != "jti"}),
            "crit": sign(claims, {"alg": "HS256", "typ": "JWT", "crit": ["x"]}),
        }
        self.assertEqual(self.server.get("/api/v1/users/me", token=sign(claims)).status, 200)
        for name, value in forged.items():
            with self.subTest(name):
                self.assertEqual(self.server.get("/api/v1/users/me", token=value).status, 401)
        with self.subTest("more scopes than the user holds"):
            more = sign({**claims, "scopes": ["read", "write", "admin"]})
            self.assertEqual(self.server.get("/api/v1/admin/users", token=more).status, 403)

    def test_a_token_expires_within_its_leeway(self):
        user, token = self.new_user()
        claims = decode(token.split(".")[1])
        now = int(time.time())
        fresh = sign({**claims, "exp": now - 10})
        self.assertEqual(self.server.get("/api/v1/users/me", token=fresh).status, 200)
        old = sign({**claims, "exp": now - 40})
        self.assertEqual(self.server.get("/api/v1/users/me", token=old).status, 401)

    def test_too_few_scopes_are_forbidden(self):
        _, token = self.new_user("read")
        answer = self.server.post("/api/v1/items", {"title": "x", "price": 1}, token=token)
        self.assert_error(answer, 403, "Not enough permissions")
        self.assertIn("write", answer.header("WWW-Authenticate"))
        self.assert_error(self.server.get("/api/v1/admin/users", token=token), 403,
                          "Not enough permissions")

    def test_a_refresh_rotates_and_a_replay_revokes_the_family(self):
        user, _ = self.new_user()
        first = self.server.login(user["username"], "a good password").json()["refresh_token"]
        answer = self.server.post("/api/v1/auth/refresh", {"refresh_token": first})
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual(answer.header("Cache-Control"), "no-store")
        second = answer.json()["refresh_token"]
        self.assertNotEqual(first, second)
        self.assertEqual(
            self.server.get("/api/v1/users/me", token=answer.json()["access_token"]).status, 200)
        self.assertEqual(
            self.server.post("/api/v1/auth/refresh", {"refresh_token": first}).status, 401)
        self.assertEqual(
            self.server.post("/api/v1/auth/refresh", {"refresh_token": second}).status, 401)

    def test_of_racing_refreshes_at_most_one_wins_and_the_family_dies(self):
        user, _ = self.new_user()
        token = self.server.login(user["username"], "a good password").json()["refresh_token"]
        answers = race(8, lambda _: self.server.post("/api/v1/auth/refresh",
                                                     {"refresh_token": token}))
        won = [answer for answer in answers if answer.status == 200]
        self.assertLessEqual(len(won), 1)
        self.assertEqual({answer.status for answer in answers} - {200}, {401})
        for answer in won:
            again = self.server.post("/api/v1/auth/refresh",
                                     {"refresh_token": answer.json()["refresh_token"]})
            self.assertEqual(again.status, 401)

    def test_a_login_that_a_password_change_overtakes_opens_nothing(self):
        user, token = self.new_user()
        name = user["username"]

        def act(n):
            if n > 0:
                return [self.server.login(name, "a good password") for _ in range(4)]
            return self.server.request("PUT", "/api/v1/users/me/password", {
                "current_password": "a good password", "new_password": "an even better one"},
                token=token)

        changed, *logins = race(4, act)
        self.assertEqual(changed.status, 204, changed)
        answers = [answer for several in logins for answer in several]
        self.assertLessEqual({answer.status for answer in answers}, {200, 401})
        for answer in answers:
            if answer.status == 200:
                old = answer.json()["refresh_token"]
                self.assertEqual(self.server.post("/api/v1/auth/refresh",
                                                  {"refresh_token": old}).status, 401)

    def test_a_login_that_the_user_s_end_overtakes_is_refused(self):
        user, _ = self.new_user()
        admin = self.server.admin()

        def act(n):
            if n > 0:
                return [self.server.login(user["username"], "a good password") for _ in range(4)]
            self.server.login(user["username"], "not the password")
            return self.server.request("DELETE", f"/api/v1/users/{user['id']}", token=admin)

        deleted, *logins = race(4, act)
        self.assertEqual(deleted.status, 200, deleted)
        statuses = {answer.status for several in logins for answer in several}
        self.assertLessEqual(statuses, {200, 401})

    def test_an_unknown_refresh_token_is_401(self):
        for token in ("", "x", "a" * 5000):
            answer = self.server.post("/api/v1/auth/refresh", {"refresh_token": token})
            self.assertIn(answer.status, (401, 422))
            self.assertEqual(set(answer.json()), {"error", "detail", "code"})

    def test_an_access_token_is_no_refresh_token(self):
        _, token = self.new_user()
        self.assertEqual(
            self.server.post("/api/v1/auth/refresh", {"refresh_token": token}).status, 401)

    def test_logout_kills_the_family_and_the_access_token(self):
        user, _ = self.new_user()
        pair = self.server.login(user["username"], "a good password").json()
        answer = self.server.post("/api/v1/auth/logout", {"refresh_token": pair["refresh_token"]},
                                  token=pair["access_token"])
        self.assertEqual(answer.status, 204, answer)
        self.assertEqual(answer.body, b"")
        self.assertEqual(
            self.server.get("/api/v1/users/me", token=pair["access_token"]).status, 401)
        self.assertEqual(self.server.post("/api/v1/auth/refresh",
                                          {"refresh_token": pair["refresh_token"]}).status, 401)

    def test_logout_does_not_touch_anothers_family(self):
        victim, _ = self.new_user()
        pair = self.server.login(victim["username"], "a good password").json()
        _, token = self.new_user()
        self.server.post("/api/v1/auth/logout", {"refresh_token": pair["refresh_token"]},
                         token=token)
        self.assertEqual(self.server.post("/api/v1/auth/refresh",
                                          {"refresh_token": pair["refresh_token"]}).status, 200)
