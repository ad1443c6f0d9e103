import { beforeEach, describe, expect, test } from "@jest/globals";
import { imageOf, type Question, type RegistryScene, setUp } from "./ask-registry.ts";
import type { AcrFault, AcrFaultOptions } from "./faults.ts";
import { digestOf, OCI_MANIFEST } from "./oci.ts";

let scene: RegistryScene;
let token: string;

beforeEach(async () => {
  scene = setUp({ teamRoles: ["AcrPush", "AcrDelete"] });
  token = await scene.token("repository:app:pull,push,delete");
  await scene.registry.seed("app", ["1"], "x".repeat(5000));
});

const UPLOAD = { status: 201 };

interface Spoilt {
  readonly fault: AcrFault;
  readonly options?: AcrFaultOptions;
  readonly meets: "exchange" | "token" | "upload" | "manifest" | "tags" | "untag";
  readonly seen: object;
  readonly after: object;
}

const spoilt: readonly Spoilt[] = [
  {
    fault: "exchange-unauthorized",
    meets: "exchange",
    seen: { status: 401, json: { errors: [{ code: "UNAUTHORIZED" }] } },
    after: { status: 200 },
  },
  {
    fault: "exchange-forbidden",
    meets: "exchange",
    seen: { status: 403, json: { errors: [{ code: "DENIED" }] } },
    after: { status: 200 },
  },
  {
    fault: "token-unavailable",
    meets: "token",
    seen: { status: 503, text: expect.stringContaining("<!DOCTYPE html>") },
    after: { status: 200 },
  },
  {
    fault: "firewall",
    meets: "tags",
    seen: { status: 403, json: { errors: [{ code: "DENIED" }] } },
    after: { status: 200 },
  },
  {
    fault: "upload-unauthorized",
    meets: "upload",
    seen: { status: 401, headers: { "www-authenticate": expect.stringContaining("invalid_token") } },
    after: UPLOAD,
  },
  {
    fault: "upload-bad-gateway",
    meets: "upload",
    seen: { status: 502, text: expect.stringMatching(/^<!DOCTYPE html>/), headers: { "content-type": "text/html" } },
    after: UPLOAD,
  },
  { fault: "upload-gateway-timeout", meets: "upload", seen: { status: 504 }, after: UPLOAD },
  {
    fault: "manifest-throttled",
    options: { retryAfterSeconds: 7 },
    meets: "manifest",
    seen: { status: 429, headers: { "retry-after": "7" }, json: { errors: [{ code: "TOOMANYREQUESTS" }] } },
    after: { status: 201 },
  },
  {
    fault: "manifest-throttled",
    options: { retryAfterSeconds: 0 },
    meets: "manifest",
    seen: { status: 429, headers: expect.not.objectContaining({ "retry-after": expect.anything() }) },
    after: { status: 201 },
  },
  {
    fault: "manifest-disallowed",
    meets: "manifest",
    seen: { status: 405, json: { errors: [{ code: "REGISTRY_DISALLOWED_OPERATION" }] } },
    after: { status: 201 },
  },
  { fault: "throttled", meets: "tags", seen: { status: 429, headers: { "retry-after": "1" } }, after: { status: 200 } },
  { fault: "delete-gone", meets: "untag", seen: { status: 404 }, after: { status: 202 } },
];

const MEET: Readonly<Record<Spoilt["meets"], () => ReturnType<RegistryScene["ask"]>>> = {
  exchange: () => scene.exchange(),
  token: () => scene.ask("POST", "/oauth2/token", { body: tokenForm() }),
  upload: async () => {
    const begun = await ask("POST", "/v2/app/blobs/uploads/");
    return ask("PUT", `${begun.headers["location"]}&digest=${digestOf("y")}`, { body: "y" });
  },
  manifest: () => put("2"),
  tags: () => ask("GET", "/v2/app/tags/list"),
  untag: () => ask("DELETE", "/acr/v1/app/_tags/1"),
};

const ask = (method: string, path: string, question: Question = {}) => scene.ask(method, path, { token, ...question });
const put = (tag: string) => {
  const { bytes } = scene.registry.ledger.find("app")?.manifests.values().next().value?.manifest ?? { bytes: "" };
  return ask("PUT", `/v2/app/manifests/${tag}`, { body: bytes, headers: { "content-type": OCI_MANIFEST } });
};
const tokenForm = () =>
  `${new URLSearchParams({ grant_type: "refresh_token", service: scene.registry.loginServer, refresh_token: scene.registry.credentials().password })}`;

describe("a fault of a registry", () => {
  test.each(spoilt)(
    "$fault $options spoils one request and no other",
    async ({ fault, options, meets, seen, after }) => {
      scene.registry.fault(fault, options);
      expect(await MEET[meets]()).toMatchObject(seen);
      expect(await MEET[meets]()).toMatchObject(after);
      expect(scene.azure.faults.struck.get(`acr ${fault}`)).toBe(1);
    },
  );

  test("spoils its own registry alone, as often as it is told, after so many", async () => {
    const other = scene.azure.acr.addRegistry({ name: "other", subscriptionId: scene.team.subscriptionId });
    other.fault("firewall", { times: 9 });
    scene.registry.fault("throttled", { times: 2, after: 1 });
    const statuses = [await MEET.tags(), await MEET.tags(), await MEET.tags(), await MEET.tags()].map(
      ({ status }) => status,
    );
    expect(statuses).toEqual([200, 429, 429, 200]);
  });

  test("breaks the connection in the middle of an upload or right after it", async () => {
    const begun = async () => `${(await ask("POST", "/v2/app/blobs/uploads/")).headers["location"]}`;
    const text = "z".repeat(4000);
    const upload = async () => ask("PUT", `${await begun()}&digest=${digestOf(text)}`, { body: text });
    scene.registry.fault("upload-cut", { bytes: 100 });
    await expect(upload()).rejects.toMatchObject({ code: "ECONNRESET" });
    expect((await ask("HEAD", `/v2/app/blobs/${digestOf(text)}`)).status).toBe(404);
    scene.registry.fault("upload-reset");
    await expect(upload()).rejects.toMatchObject({ code: "ECONNRESET" });
    expect((await ask("HEAD", `/v2/app/blobs/${digestOf(text)}`)).status).toBe(200);
  });

  test("breaks the connection in the middle of a pull", async () => {
    scene.registry.settings.redirectBlobs = false;
    scene.registry.fault("pull-cut", { bytes: 100 });
    const digest = imageOf("x".repeat(5000)).blobs.map(digestOf)[1];
    await expect(ask("GET", `/v2/app/blobs/${digest}`)).rejects.toMatchObject({ code: "ECONNRESET" });
    expect((await ask("GET", `/v2/app/blobs/${digest}`)).text).toHaveLength(5000);
  });
});
