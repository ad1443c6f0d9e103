import { expect, test } from "@jest/globals";
import { imageOf, setUp } from "./ask-registry.ts";
import { digestOf } from "./oci.ts";

const HOST = "mayfly.azurecr.io";
const NULL_USER = "00000000-0000-0000-0000-000000000000";
const MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";

/** What docker 28 sent to a recording server, word for word; tokens and digests are filled in. */
test("docker login and push, as docker sends them", async () => {
  const { ask, exchange, registry } = setUp();
  const refresh = `${(await exchange()).json["refresh_token"]}`;

  const login = await ask("GET", "/v2/");
  expect(login.headers["www-authenticate"]).toBe(`Bearer realm="https://${HOST}/oauth2/token",service="${HOST}"`);
  const got = await ask(
    "GET",
    `/oauth2/token?account=${NULL_USER}&client_id=docker&offline_token=true&service=${HOST}`,
    { headers: { authorization: `Basic ${Buffer.from(`${NULL_USER}:${refresh}`).toString("base64")}` } },
  );
  expect(got).toMatchObject({ status: 200, json: { refresh_token: refresh, access_token: expect.any(String) } });
  expect((await ask("GET", "/v2/", { token: `${got.json["access_token"]}` })).status).toBe(200);

  // docker keeps the refresh token as "identitytoken" and comes back with it.
  expect((await ask("GET", "/v2/")).status).toBe(401);
  const granted = await ask("POST", "/oauth2/token", {
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: `client_id=docker&grant_type=refresh_token&refresh_token=${refresh}&scope=repository%3Ateam%2Fapp%3Apush%2Cpull&service=${HOST}`,
  });
  const token = `${granted.json["access_token"]}`;

  const { manifest: text, blobs } = imageOf("layer one", "layer two");
  for (const blob of blobs) {
    const digest = digestOf(blob);
    expect((await ask("HEAD", `/v2/team/app/blobs/${digest}`, { token })).status).toBe(404);
    const begun = await ask("POST", "/v2/team/app/blobs/uploads/", { token, headers: { "content-length": "0" } });
    expect(begun).toMatchObject({ status: 202, headers: { range: "0-0", "docker-upload-uuid": expect.any(String) } });
    const patched = await ask("PATCH", `${begun.headers["location"]}`, { token, body: blob });
    expect(patched).toMatchObject({ status: 202, headers: { range: `0-${blob.length - 1}` } });
    const put = await ask("PUT", `${patched.headers["location"]}&digest=${encodeURIComponent(digest)}`, {
      token,
      body: "",
    });
    expect(put).toMatchObject({ status: 201, headers: { "docker-content-digest": digest } });
    const there = await ask("HEAD", `/v2/team/app/blobs/${digest}`, { token });
    expect(there).toMatchObject({ status: 200, headers: { "content-length": `${blob.length}` } });
  }
  const manifest = text.replaceAll("vnd.oci.image.manifest.v1", "vnd.docker.distribution.manifest.v2");
  const put = await ask("PUT", "/v2/team/app/manifests/t", {
    token,
    headers: { "content-type": MANIFEST },
    body: manifest,
  });
  expect(put).toMatchObject({ status: 201, headers: { "docker-content-digest": digestOf(manifest) } });

  expect(await registry.contents()).toEqual({
    "team/app": { tags: { t: digestOf(manifest) }, manifests: { [digestOf(manifest)]: MANIFEST } },
  });
  const pulled = await ask("GET", "/v2/team/app/manifests/t", { token, headers: { accept: MANIFEST } });
  expect(pulled).toMatchObject({ status: 200, text: manifest, headers: { "content-type": MANIFEST } });
});

test("a pull without a login, as the kubelet sends it", async () => {
  const { ask } = setUp();
  const answer = await ask("GET", `/oauth2/token?scope=repository%3Abb%3Apull&service=${HOST}`);
  expect(answer).toMatchObject({ status: 401, json: { errors: [{ code: "UNAUTHORIZED" }] } });
});
