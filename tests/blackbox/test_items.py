"""The contract: items, pages, preconditions."""

import json
import re
import time
import unittest

from contract import ContractTest, decode, encode, race, sign, UUID  # noqa: F401
from server import ADMIN, SECRET, Server  # noqa: F401


class Items(ContractTest):
    def create(self, token, **fields):
        answer = self.server.post("/api/v1/items", {"title": "Pen", "price": 1.5, **fields},
                                  token=token)
        self.assertEqual(answer.status, 201, answer)
        return answer

    def test_create_answers_location_and_etag(self):
        user, token = self.new_user()
        answer = self.create(token, description="Blue", tags=["a", "b"])
        item = answer.json()
        self.assertEqual(set(item), {"id", "title", "description", "price", "tags", "owner_id",
                                     "created_at"})
        self.assertEqual(item["owner_id"], user["id"])
        self.assertTrue(answer.header("Location").endswith(f"/api/v1/items/{item['id']}"))
        self.assertRegex(answer.header("ETag"), r'^"[^"]+"$')
        read = self.server.get(f"/api/v1/items/{item['id']}")
        self.assertEqual((read.status, read.json()), (200, item))
        self.assertEqual(read.header("ETag"), answer.header("ETag"))

    def test_a_price_is_kept_exactly(self):
        _, token = self.new_user()
        for sent in ("0.1", "0.01", "19.99", "100", "1e2", "12345678901.25"):
            answer = self.server.post("/api/v1/items", f'{{"title":"x","price":{sent}}}',
                                      token=token, headers={"Content-Type": "application/json"})
            self.assertEqual(answer.status, 201, answer)
            self.assertEqual(float(answer.json()["price"]), float(sent))
            self.assertIsInstance(answer.json()["price"], (int, float))
        for sent in ("0", "-1", "0.001", '"x"', "NaN", "1e400", "null", "true"):
            answer = self.server.post("/api/v1/items", f'{{"title":"x","price":{sent}}}',
                                      token=token, headers={"Content-Type": "application/json"})
            self.assertEqual(answer.status, 422, (sent, answer))

    def test_the_bounds_of_the_fields(self):
        _, token = self.new_user()
        good = {"title": "t" * 100, "description": "d" * 1000, "price": 1, "tags": ["x" * 30] * 10}
        self.assertEqual(self.server.post("/api/v1/items", good, token=token).status, 201)
        for change in ({"title": ""}, {"title": "t" * 101}, {"description": "d" * 1001},
                       {"tags": ["x"] * 11}, {"tags": [""]}, {"tags": ["x" * 31]},
                       {"title": "nul\0"}, {"tags": "x"}, {"title": None}):
            answer = self.server.post("/api/v1/items", {**good, **change}, token=token)
            self.assertEqual(answer.status, 422, (change, answer))

    def test_pages_follow_each_other_to_the_end(self):
        _, token = self.new_user()
        ids = [self.create(token, title=f"Page {n}").json()["id"] for n in range(7)]
        seen, cursor = [], None
        for _ in range(1000):
            target = "/api/v1/items?limit=3" + (f"&cursor={cursor}" if cursor else "")
            answer = self.server.get(target)
            self.assertEqual(answer.status, 200, answer)
            page = answer.json()
            self.assertEqual(set(page), {"items", "next_cursor", "has_more"})
            seen += [item["id"] for item in page["items"]]
            cursor = page["next_cursor"]
            self.assertEqual(page["has_more"], cursor is not None)
            if not cursor:
                break
        self.assertEqual(seen, sorted(set(seen)))
        self.assertTrue(set(ids) <= set(seen))

    def test_a_forged_cursor_is_422(self):
        _, token = self.new_user()
        for n in range(2):
            self.create(token)
        cursor = self.server.get("/api/v1/items?limit=1").json()["next_cursor"]
        changed = ("A" if cursor[0] != "A" else "B") + cursor[1:]
        for bad in ("1", "x", changed, cursor[:-2], cursor + "AA", "%00", "a" * 4000):
            answer = self.server.get(f"/api/v1/items?cursor={bad}")
            self.assertEqual(answer.status, 422, (bad, answer))
            self.assertEqual(answer.json()["code"], "VALIDATION_ERROR")
        for limit in ("0", "101", "x", "1.5", "99999999999999999999"):
            self.assertEqual(self.server.get(f"/api/v1/items?limit={limit}").status, 422)

    def test_if_none_match_saves_the_body(self):
        _, token = self.new_user()
        created = self.create(token)
        target, etag = f"/api/v1/items/{created.json()['id']}", created.header("ETag")
        for value in (etag, f'"x", {etag}', f"W/{etag}", "*"):
            answer = self.server.get(target, headers={"If-None-Match": value})
            self.assertEqual((answer.status, answer.body), (304, b""), value)
            self.assertEqual(answer.header("ETag"), etag)
        self.assertEqual(self.server.get(target, headers={"If-None-Match": '"x"'}).status, 200)

    def test_a_patch_changes_what_was_sent(self):
        _, token = self.new_user()
        created = self.create(token, description="Blue", tags=["a"])
        item = created.json()
        target = f"/api/v1/items/{item['id']}"
        answer = self.server.request("PATCH", target, {"title": "Pencil"}, token=token)
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual(answer.json(), {**item, "title": "Pencil"})
        self.assertNotEqual(answer.header("ETag"), created.header("ETag"))
        answer = self.server.request("PATCH", target, {"description": None}, token=token)
        self.assertIsNone(answer.json()["description"])
        answer = self.server.request("PATCH", target, {"title": None}, token=token)
        self.assertEqual(answer.status, 422)
        self.assertEqual(self.server.request("PATCH", target, {"price": 0}, token=token).status, 422)

    def test_if_match_refuses_a_stale_change(self):
        _, token = self.new_user()
        created = self.create(token)
        target = f"/api/v1/items/{created.json()['id']}"
        first = self.server.request("PATCH", target, {"title": "One"}, token=token,
                                    headers={"If-Match": created.header("ETag")})
        self.assertEqual(first.status, 200)
        second = self.server.request("PATCH", target, {"title": "Two"}, token=token,
                                     headers={"If-Match": created.header("ETag")})
        self.assert_error(second, 412, "Precondition Failed")
        self.assertEqual(self.server.get(target).json()["title"], "One")

    def test_if_match_holds_for_the_current_tag_and_any(self):
        _, token = self.new_user()
        created = self.create(token)
        target, etag = f"/api/v1/items/{created.json()['id']}", created.header("ETag")
        for value, status in ((f'"x", {etag}', 200), ("*", 200), ("", 412), ("garbage", 412),
                              (f"W/{etag}", 412)):
            current = self.server.get(target).header("ETag")
            answer = self.server.request("PATCH", target, {"title": "Tagged"}, token=token,
                                         headers={"If-Match": value.replace(etag, current)})
            self.assertEqual(answer.status, status, (value, answer))

    def test_if_match_guards_a_read_and_a_deletion_too(self):
        _, token = self.new_user()
        created = self.create(token)
        target, etag = f"/api/v1/items/{created.json()['id']}", created.header("ETag")
        stale = {"If-Match": '"0-0"'}
        self.assert_error(self.server.get(target, headers=stale), 412, "Precondition Failed")
        self.assert_error(self.server.request("DELETE", target, token=token, headers=stale), 412,
                          "Precondition Failed")
        self.assertEqual(self.server.get(target, headers={"If-Match": etag}).status, 200)
        self.assertEqual(self.server.request("DELETE", target, token=token,
                                             headers={"If-Match": etag}).status, 204)

    def test_a_compressed_item_has_a_tag_that_conditions_see_through(self):
        _, token = self.new_user()
        created = self.create(token, description="d" * 1000)
        target, etag = f"/api/v1/items/{created.json()['id']}", created.header("ETag")
        gzip = {"Accept-Encoding": "gzip"}
        packed = self.server.get(target, headers=gzip)
        self.assertEqual(packed.header("Content-Encoding"), "gzip")
        tag = packed.header("ETag")
        self.assertEqual(tag, etag[:-1] + '-gzip"')
        answer = self.server.get(target, headers={**gzip, "If-None-Match": tag})
        self.assertEqual((answer.status, answer.header("ETag")), (304, tag))
        self.assertIn("Accept-Encoding", answer.header("Vary"))
        self.assertEqual(self.server.get(target, headers={"If-None-Match": tag}).status, 304)
        self.assertEqual(self.server.request("PATCH", target, {"title": "New"}, token=token,
                                             headers={"If-Match": tag}).status, 200)
        self.assertEqual(self.server.get(target, headers={"If-None-Match": tag}).status, 200)

    def test_of_racing_changes_with_one_etag_one_wins(self):
        _, token = self.new_user()
        created = self.create(token)
        target = f"/api/v1/items/{created.json()['id']}"
        answers = race(8, lambda n: self.server.request(
            "PATCH", target, {"title": f"Racer {n}"}, token=token,
            headers={"If-Match": created.header("ETag")}))
        self.assertEqual(sorted(answer.status for answer in answers), [200] + [412] * 7)

    def test_only_the_owner_and_an_admin_change_an_item(self):
        _, token = self.new_user()
        _, stranger = self.new_user()
        target = f"/api/v1/items/{self.create(token).json()['id']}"
        for method in ("PATCH", "DELETE"):
            answer = self.server.request(method, target, {"title": "x"}, token=stranger)
            self.assertEqual((answer.status, answer.json()["error"], answer.json()["code"]),
                             (403, "Authorization error", "FORBIDDEN"))
        admin = self.server.admin("admin write")
        answer = self.server.request("PATCH", target, {"title": "By admin"}, token=admin)
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual(self.server.request("DELETE", target, token=token).status, 204)
        self.assert_error(self.server.get(target), 404, "Item not found",
                          f"Item with id {target.rsplit('/', 1)[1]} does not exist", "NOT_FOUND")
        for method in ("PATCH", "DELETE"):
            self.assertEqual(
                self.server.request(method, target, {"title": "x"}, token=token).status, 404)

    def test_an_id_past_64_bits_is_422(self):
        for value in ("9223372036854775808", "x", "1.5", "-9223372036854775809"):
            answer = self.server.get(f"/api/v1/items/{value}")
            self.assertEqual(answer.status, 422, (value, answer))
            self.assertTrue(answer.json()["detail"].startswith("path.item_id: "))

    def test_stats_are_public_cacheable_and_computed_once(self):
        user, token = self.new_user()
        answer = self.server.get("/api/v1/stats", token=token)
        self.assertEqual(answer.status, 200)
        self.assertEqual(set(answer.json()), {"users", "items"})
        self.assertGreaterEqual(answer.json()["users"], 2)
        self.assertEqual(answer.header("Cache-Control"), "public, max-age=300")
        self.create(token)
        self.assertEqual(self.server.get("/api/v1/stats").json(), answer.json())
