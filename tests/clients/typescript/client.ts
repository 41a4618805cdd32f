// What a TypeScript program does with the reference API: every path, parameter, body and answer
// below has the type that the document gives it. node build/client.js URL USERNAME PASSWORD
import assert from "node:assert/strict";

import createClient from "openapi-fetch";

import type { components, paths } from "./api.js";

type Item = components["schemas"]["ItemPublic"];

const [url, username, password] = process.argv.slice(2);
assert(url && username && password);
const client = createClient<paths>({ baseUrl: url });

const login = await client.POST("/api/v1/auth/token", {
  body: { username, password, scope: "read write admin" },
  bodySerializer: (body) => new URLSearchParams(body as Record<string, string>),
  headers: { "Content-Type": "application/x-www-form-urlencoded" },
});
assert(login.data, JSON.stringify(login.error));
const authorization = { Authorization: `Bearer ${login.data.access_token}` };

const created = await client.POST("/api/v1/items", {
  body: { title: "Pen", price: 19.9, tags: ["blue"] },
  headers: authorization,
});
assert(created.data, JSON.stringify(created.error));
const item: Item = created.data;
assert.equal(item.title, "Pen");
assert.equal(item.price, 19.9);
assert.equal(item.description, null);

const list = await client.GET("/api/v1/items", { params: { query: { limit: 10 } } });
assert(list.data, JSON.stringify(list.error));
const next: string | null = list.data.next_cursor;
assert.equal(next, null);
assert.deepEqual(list.data.items.map((each: Item) => each.id), [item.id]);

const changed = await client.PATCH("/api/v1/items/{item_id}", {
  params: { path: { item_id: item.id } },
  body: { price: 21 },
  headers: authorization,
});
assert(changed.data, JSON.stringify(changed.error));
assert.equal(changed.data.price, 21);

const missing = await client.GET("/api/v1/items/{item_id}", { params: { path: { item_id: 999 } } });
assert.equal(missing.response.status, 404);
assert(missing.error);
const code: string | null = missing.error.code;
assert.equal(code, "NOT_FOUND");

// @ts-expect-error: a price is a number
await client.POST("/api/v1/items", { body: { title: "Pen", price: "x" }, headers: authorization });
// @ts-expect-error: a title is required
await client.POST("/api/v1/items", { body: { price: 1 }, headers: authorization });

console.log("logged in, created, listed, changed");
