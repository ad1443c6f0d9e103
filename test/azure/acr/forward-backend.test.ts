import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { createClock } from "../clock.ts";
import { isStream } from "../streams.ts";
import { bearerToken, type StreamedRequest } from "../wire.ts";
import { imageOf, push, type RegistryScene, setUp as setUpScene } from "./ask-registry.ts";
import { RegistryFailure } from "./failure.ts";
import { createMemoryBackend } from "./memory-backend.ts";
import { digestOf, OCI_INDEX, OCI_MANIFEST } from "./oci.ts";
import { createRegistryState, type RegistryState } from "./registry.ts";
import { createRegistryService } from "./registry-service.ts";
import { proveToken } from "./tokens.ts";

/** A registry of its own on loopback: plain HTTP, absolute links to itself, tokens checked. */
interface Far {
  readonly state: RegistryState;
  readonly url: string;
  readonly seen: {
    readonly method: string;
    readonly path: string;
    readonly host: string;
    readonly authorized: boolean;
  }[];
  readonly server: Server;
}

async function startFar(): Promise<Far> {
  const state = createRegistryState({
    host: "far",
    clock: createClock(),
    backend: createMemoryBackend(),
    settings: { redirectBlobs: false },
  });
  const seen: Far["seen"] = [];
  const service = createRegistryService(state, {
    require: (request) => {
      const token = bearerToken(request) ?? "";
      if (proveToken(token, "mayfly.azurecr.io", 0) === undefined) {
        throw new RegistryFailure(401, "UNAUTHORIZED", "authentication required by the far side");
      }
    },
  });
  const server = createServer((request, response) => {
    const { method = "", headers } = request;
    seen.push({
      method,
      path: request.url ?? "",
      host: `${headers.host}`,
      authorized: headers.authorization !== undefined,
    });
    const wire: StreamedRequest = { method, url: "", headers: headers as Record<string, string>, body: request };
    void service.answer(wire, new URL(request.url ?? "", "http://far")).then((answer) => {
      const { location } = answer.headers;
      const absolute = typeof location === "string" ? { location: `http://${headers.host}${location}` } : {};
      response.writeHead(answer.status, { ...(answer.headers as Record<string, string>), ...absolute });
      if (isStream(answer.body)) answer.body.pipe(response);
      else response.end(method === "HEAD" ? undefined : answer.body);
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return { state, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen, server };
}

let far: Far;
let scene: RegistryScene;
let token: string;

beforeEach(async () => {
  far = await startFar();
  scene = setUpScene({ teamRoles: ["AcrPush", "AcrDelete"], backend: { url: far.url } });
  token = await scene.token("repository:app:pull,push,delete,metadata_read,metadata_write");
});

afterEach(async () => {
  far.server.closeAllConnections();
  await new Promise((closed) => far.server.close(closed));
});

const accept = { accept: `${OCI_MANIFEST}, ${OCI_INDEX}` };

describe("a registry with a real one behind it", () => {
  test("passes pushes and pulls through, with the client's token, and keeps links at its own name", async () => {
    const begun = await scene.ask("POST", "/v2/app/blobs/uploads/", { token });
    expect(begun.headers["location"]).toMatch(/^https:\/\/mayfly\.azurecr\.io\/v2\/app\/blobs\/uploads\//);
    const digest = await push(scene, "app", "1", token, "a layer");
    expect(far.seen.every(({ authorized, host }) => authorized && host === "mayfly.azurecr.io")).toBe(true);
    expect(await far.state.backend.listTags("app")).toEqual(["1"]);
    const pulled = await scene.ask("GET", "/v2/app/manifests/1", { token, headers: accept });
    expect(pulled).toMatchObject({
      status: 200,
      text: imageOf("a layer").manifest,
      headers: { "docker-content-digest": digest },
    });
    const link = await scene.ask("GET", `/v2/app/blobs/${digestOf("a layer")}`, { token });
    expect((await scene.ask("GET", `${link.headers["location"]}`)).text).toBe("a layer");
    expect((await scene.ask("GET", `${link.headers["location"]}`, { headers: { range: "bytes=2-6" } })).text).toBe(
      "layer",
    );
    scene.registry.settings.redirectBlobs = false;
    expect((await scene.ask("GET", `/v2/app/blobs/${digestOf("a layer")}`, { token })).text).toBe("a layer");
  });

  test("refuses by itself what the token does not allow", async () => {
    const pull = await scene.token("repository:app:pull");
    expect((await scene.ask("POST", "/v2/app/blobs/uploads/", { token: pull })).status).toBe(401);
    expect(far.seen).toEqual([]);
  });

  test("knows times, locks and tags, also of what came there by another way", async () => {
    await push(scene, "app", "1", token, "one");
    const direct = await far.state.seed("app", ["2"], "two");
    const { json } = await scene.ask("GET", "/acr/v1/app/_tags", { token });
    expect(json["tags"]).toMatchObject([{ name: "1" }, { name: "2", digest: direct, createdTime: expect.any(String) }]);
    await scene.ask("PATCH", "/acr/v1/app/_tags/2", { token, body: '{"writeEnabled":false}' });
    expect((await scene.ask("DELETE", `/v2/app/manifests/${direct}`, { token })).status).toBe(405);
    expect(Object.keys((await scene.registry.contents())["app"]?.tags ?? {})).toEqual(["1", "2"]);
  });

  test("deletes there, too", async () => {
    const digest = await push(scene, "app", "1", token, "one");
    expect((await scene.ask("DELETE", `/v2/app/manifests/${digest}`, { token })).status).toBe(202);
    expect(await far.state.backend.findManifest("app", digest)).toBeUndefined();
    expect(await scene.registry.contents()).toEqual({});
  });

  test("is imported from and imported to", async () => {
    const source = scene.azure.acr.addRegistry({ name: "source", subscriptionId: scene.team.subscriptionId });
    const digest = await source.seed("team/app", ["1"]);
    await scene.registry.seed("own", ["1"]);
    const { copyImage } = await import("./copy-image.ts");
    expect(await copyImage(source, "team/app", "1", scene.registry, "copy", "1")).toBe(digest);
    expect(await far.state.backend.listTags("copy")).toEqual(["1"]);
    await copyImage(scene.registry, "copy", "1", source, "back", undefined);
    expect((await source.contents())["back"]?.manifests).toEqual({ [digest]: OCI_MANIFEST });
  });

  test("breaks the connection where the far side has gone", async () => {
    far.server.closeAllConnections();
    await new Promise((closed) => far.server.close(closed));
    await expect(scene.ask("POST", "/v2/app/blobs/uploads/", { token })).rejects.toMatchObject({ code: "ECONNRESET" });
    far = await startFar();
  });
});
