"""The contract: users and what an admin does with them."""

import json
import re
import time
import unittest

from contract import ContractTest, decode, encode, race, sign, UUID  # noqa: F401
from server import ADMIN, SECRET, Server  # noqa: F401


class Users(ContractTest):
    def test_a_new_user_is_public_and_has_no_hash(self):
        user, token = self.new_user()
        self.assertEqual(set(user), {"id", "username", "email", "disabled", "scopes", "created_at"})
        self.assertEqual(user["scopes"], ["read", "write"])
        self.assertFalse(user["disabled"])
        self.assertRegex(user["created_at"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")
        answer = self.server.get("/api/v1/users/me", token=token)
        self.assertEqual((answer.status, answer.json()), (200, user))
        self.assertEqual(answer.header("Cache-Control"), "no-store")

    def test_username_and_email_are_unique_without_regard_to_case(self):
        user, _ = self.new_user()
        answer = self.server.post("/api/v1/users/", {
            "username": user["username"].upper(), "email": "other-one@portico.dev",
            "password": "a good password"})
        self.assert_error(answer, 400, "Username already registered")
        answer = self.server.post("/api/v1/users/", {
            "username": "quite-another", "email": user["email"].upper(),
            "password": "a good password"})
        self.assert_error(answer, 400, "Email already registered")

    def test_of_racing_sign_ups_one_wins(self):
        answers = race(100, lambda n: self.server.post("/api/v1/users/", {
            "username": f"racer{n}", "email": "racer@portico.dev", "password": "a good password"},
            timeout=300))  # a hundred hashes, on half the cores
        statuses = sorted(answer.status for answer in answers)
        self.assertEqual(statuses, [201] + [400] * 99)
        self.assertEqual({answer.json()["error"] for answer in answers if answer.status == 400},
                         {"Email already registered"})

    def test_every_fault_is_in_one_answer(self):
        answer = self.server.post("/api/v1/users/", {"username": "a b", "email": "x",
                                                     "password": "short"})
        self.assertEqual(answer.status, 422)
        detail = answer.json()["detail"]
        self.assertEqual(
            detail.split("; "),
            ["body.username: String should match pattern '^[A-Za-z0-9_.-]+$'",
             "body.email: value is not a valid email address: An email address must have an @-sign.",
             "body.password: String should have at least 8 characters"])

    def test_password_bounds(self):
        for length, status in ((7, 422), (8, 201), (128, 201), (129, 422)):
            answer = self.server.post("/api/v1/users/", {
                "username": f"bounds{length}", "email": f"bounds{length}@portico.dev",
                "password": "p" * length})
            self.assertEqual(answer.status, status, answer)
            self.assertNotIn(b"ppppppp", answer.body)

    def test_a_user_changes_the_address(self):
        user, token = self.new_user()
        answer = self.server.request("PATCH", "/api/v1/users/me", {"email": "moved@portico.dev"},
                                     token=token)
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual(answer.json()["email"], "moved@portico.dev")
        other, _ = self.new_user()
        answer = self.server.request("PATCH", "/api/v1/users/me", {"email": other["email"]},
                                     token=token)
        self.assert_error(answer, 400, "Email already registered")

    def test_an_address_is_left_out_or_an_address(self):
        user, token = self.new_user()
        for body, status in (({}, 200), ({"username": "other", "scopes": ["admin"]}, 200),
                             ({"email": None}, 422), ({"email": "x"}, 422), ([], 422),
                             (None, 422)):
            answer = self.server.request("PATCH", "/api/v1/users/me", body, token=token)
            self.assertEqual(answer.status, status, (body, answer))
            if status == 200:
                self.assertEqual(answer.json(), user)
        own = user["email"].upper()
        answer = self.server.request("PATCH", "/api/v1/users/me", {"email": own}, token=token)
        self.assertEqual((answer.status, answer.json()["email"]), (200, own))

    def test_a_new_password_kills_every_older_token(self):
        user, token = self.new_user()
        pair = self.server.login(user["username"], "a good password").json()
        answer = self.server.request("PUT", "/api/v1/users/me/password", {
            "current_password": "wrong one!", "new_password": "an even better one"}, token=token)
        self.assert_error(answer, 400, "Incorrect password")
        answer = self.server.request("PUT", "/api/v1/users/me/password", {
            "current_password": "a good password", "new_password": "an even better one"},
            token=token)
        self.assertEqual(answer.status, 204, answer)
        for dead in (token, pair["access_token"]):
            self.assertEqual(self.server.get("/api/v1/users/me", token=dead).status, 401)
        self.assertEqual(self.server.post("/api/v1/auth/refresh",
                                          {"refresh_token": pair["refresh_token"]}).status, 401)
        self.assertEqual(self.server.login(user["username"], "a good password").status, 401)
        self.assertEqual(self.server.login(user["username"], "an even better one").status, 200)


class Admin(ContractTest):
    def test_the_list_is_bounded(self):
        self.new_user()
        admin = self.server.admin()
        answer = self.server.get("/api/v1/admin/users?skip=0&limit=1", token=admin)
        self.assertEqual((answer.status, len(answer.json())), (200, 1))
        self.assertNotIn("hashed_password", answer.json()[0])
        for query in ("limit=0", "limit=1001", "skip=-1", "limit=x"):
            self.assertEqual(
                self.server.get(f"/api/v1/admin/users?{query}", token=admin).status, 422)

    def test_a_disabled_user_is_inactive_everywhere(self):
        user, token = self.new_user()
        admin = self.server.admin()
        answer = self.server.request("PATCH", f"/api/v1/admin/users/{user['id']}",
                                     {"disabled": True}, token=admin)
        self.assertEqual((answer.status, answer.json()["disabled"]), (200, True))
        for method, target in (("GET", "/api/v1/users/me"), ("POST", "/api/v1/items"),
                               ("GET", "/api/v1/admin/users")):
            self.assert_error(self.server.request(method, target, token=token), 400,
                              "Inactive user")
        self.assert_error(self.server.login(user["username"], "a good password"), 400,
                          "Inactive user")
        self.assertEqual(self.server.login(user["username"], "wrong password").status, 401)

    def test_an_unknown_scope_is_422_and_an_unknown_user_404(self):
        user, _ = self.new_user()
        admin = self.server.admin()
        answer = self.server.request("PATCH", f"/api/v1/admin/users/{user['id']}",
                                     {"scopes": ["read", "root"]}, token=admin)
        self.assertEqual(answer.status, 422)
        answer = self.server.request("PATCH", "/api/v1/admin/users/99999", {"disabled": True},
                                     token=admin)
        self.assert_error(answer, 404, "User not found", "User with id 99999 does not exist",
                          "NOT_FOUND")

    def test_only_what_was_sent_of_a_user_changes(self):
        user, _ = self.new_user()
        admin = self.server.admin()
        target = f"/api/v1/admin/users/{user['id']}"
        answer = self.server.request("PATCH", target, {}, token=admin)
        self.assertEqual((answer.status, answer.json()), (200, user))
        answer = self.server.request("PATCH", target, {"scopes": ["write", "read", "read"]},
                                     token=admin)
        self.assertEqual((answer.status, answer.json()), (200, user))
        answer = self.server.request("PATCH", target, {"disabled": None, "scopes": None},
                                     token=admin)
        self.assertEqual(answer.status, 422)

    def test_who_may_not_be_an_admin_learns_nothing_of_users(self):
        user, token = self.new_user()
        for method, target in (("GET", "/api/v1/admin/users"),
                               ("PATCH", f"/api/v1/admin/users/{user['id']}"),
                               ("PATCH", "/api/v1/admin/users/99999"),
                               ("DELETE", f"/api/v1/users/{user['id']}"),
                               ("DELETE", "/api/v1/users/99999")):
            answer = self.server.request(method, target, token=token)
            self.assert_error(answer, 403, "Not enough permissions")
            self.assertIn("admin", answer.header("WWW-Authenticate"))
            self.assert_error(self.server.request(method, target), 401, "Not authenticated",
                              WWW_Authenticate="Bearer")

    def test_taking_a_right_away_works_at_once(self):
        user, token = self.new_user()
        pair = self.server.login(user["username"], "a good password").json()
        self.server.request("PATCH", f"/api/v1/admin/users/{user['id']}", {"scopes": ["read"]},
                            token=self.server.admin())
        answer = self.server.post("/api/v1/items", {"title": "x", "price": 1}, token=token)
        self.assertEqual(answer.status, 403)
        self.assertEqual(self.server.post("/api/v1/auth/refresh",
                                          {"refresh_token": pair["refresh_token"]}).status, 401)

    def test_the_last_admin_stays(self):
        admin = self.server.admin()
        me = self.server.get("/api/v1/users/me", token=admin).json()
        for body in ({"disabled": True}, {"scopes": ["read"]}):
            answer = self.server.request("PATCH", f"/api/v1/admin/users/{me['id']}", body,
                                         token=admin)
            self.assertEqual((answer.status, answer.json()["code"]), (409, "LAST_ADMIN"))
        answer = self.server.request("DELETE", f"/api/v1/users/{me['id']}", token=admin)
        self.assertEqual((answer.status, answer.json()["code"]), (409, "LAST_ADMIN"))

    def test_of_two_admins_who_demote_each_other_one_stays(self):
        user, _ = self.new_user()
        admin = self.server.admin()
        me = self.server.get("/api/v1/users/me", token=admin).json()
        self.server.request("PATCH", f"/api/v1/admin/users/{user['id']}",
                            {"scopes": ["read", "write", "admin"]}, token=admin)
        second = self.server.token(user["username"], "a good password", "admin write")
        pairs = [(admin, user["id"]), (second, me["id"])]
        answers = race(2, lambda n: self.server.request(
            "PATCH", f"/api/v1/admin/users/{pairs[n][1]}", {"scopes": ["read", "write"]},
            token=pairs[n][0]))
        self.assertIn(200, [answer.status for answer in answers])
        survivor = admin if answers[0].status == 200 else second
        listing = self.server.get("/api/v1/admin/users?limit=1000", token=survivor)
        self.assertEqual(listing.status, 200, listing)
        self.assertEqual(
            len([row for row in listing.json() if "admin" in row["scopes"]]), 1)
        if survivor == second:  # back to the start for the other tests
            self.server.request("PATCH", f"/api/v1/admin/users/{me['id']}",
                                {"scopes": ["read", "write", "admin"]}, token=second)
            self.server.request("PATCH", f"/api/v1/admin/users/{user['id']}",
                                {"scopes": ["read", "write"]}, token=self.server.admin())

    def test_deleting_a_user_takes_items_and_tokens_along(self):
        user, token = self.new_user()
        item = self.server.post("/api/v1/items", {"title": "Gone", "price": 1}, token=token).json()
        answer = self.server.request("DELETE", f"/api/v1/users/{user['id']}",
                                     token=self.server.admin())
        self.assertEqual((answer.status, answer.json()), (200, {"deleted": True}))
        self.assertEqual(self.server.get(f"/api/v1/items/{item['id']}").status, 404)
        self.assertEqual(self.server.get("/api/v1/users/me", token=token).status, 401)
        self.assertEqual(self.server.request("DELETE", f"/api/v1/users/{user['id']}",
                                             token=self.server.admin()).status, 404)
        self.server.register(user["username"])  # the name is free, and inherits nothing
        self.assertEqual(self.server.get("/api/v1/users/me", token=token).status, 401)

    def test_deleting_needs_both_scopes(self):
        user, _ = self.new_user()
        answer = self.server.request("DELETE", f"/api/v1/users/{user['id']}",
                                     token=self.server.admin("admin"))
        self.assertEqual(answer.status, 403)
