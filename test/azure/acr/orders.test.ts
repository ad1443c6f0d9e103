import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { Agent, request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { expect, test } from "@jest/globals";
import { createAzure } from "../azure.ts";
import { CONTROL_HOST, createControl } from "../control.ts";
import { addTeam } from "../team.ts";

function setUp() {
  const azure = createAzure();
  const team = addTeam(azure);
  const control = createControl(azure);
  const order = async (method: string, path: string, body?: object) => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await control({ method, url: `https://${CONTROL_HOST}${path}`, headers: {}, ...sent });
    return { status: answer.status, json: answer.body === "" ? undefined : JSON.parse(`${answer.body}`) };
  };
  return { azure, team, order };
}

const HOST = "mayfly.azurecr.io";

test("another process adds registries, fills them, locks, spoils and looks at them", async () => {
  const { azure, team, order } = setUp();
  const { subscriptionId } = team;
  expect((await order("POST", "/registries", { name: "mayfly", subscriptionId, mode: "abac" })).json).toMatchObject({
    loginServer: HOST,
    contents: {},
    settings: { accessTokenSeconds: 4500 },
  });
  const { json } = await order("POST", "/images", { registry: HOST, repository: "team/app", tags: ["1"] });
  expect((await order("GET", `/registries/${HOST}`)).json.contents["team/app"].tags).toEqual({ "1": json.digest });
  await order("PATCH", `/registries/${HOST}`, {
    settings: { storageFull: true },
    properties: { anonymousPullEnabled: true },
  });
  const registry = azure.acr.find(HOST);
  expect(registry?.settings.storageFull).toBe(true);
  expect(registry?.resource.body["properties"]).toMatchObject({ anonymousPullEnabled: true });
  await order("POST", "/image-locks", { registry: HOST, repository: "team/app", reference: "1" });
  expect(registry?.ledger.find("team/app")?.tags.get("1")?.attributes.writeEnabled).toBe(false);
  await order("DELETE", "/image-locks", { registry: HOST, repository: "team/app", reference: "1" });
  expect(registry?.ledger.find("team/app")?.tags.get("1")?.attributes.writeEnabled).toBe(true);
  await order("POST", "/imports", { registry: HOST, kind: "conflict" });
  expect(registry?.importPlans).toEqual([{ kind: "conflict" }]);
  await order("POST", "/registry-faults", { registry: HOST, fault: "firewall", times: 1 });
  expect((await azure.answer({ method: "GET", url: `https://${HOST}/v2/`, headers: {} })).status).toBe(403);
  await order("POST", "/foreign-registries", { host: "ghcr.io" });
  expect(azure.answersFor("ghcr.io")).toBe(true);
  await order("POST", "/roles", { principal: "somebody", role: "AcrPull", scope: registry?.id });
  expect(azure.arm.world.authorization.sees({ objectId: "somebody" } as never, `${registry?.id}`)).toBe(true);
  expect((await order("GET", "/registries")).json).toHaveLength(1);
});

test("orders for what is not there say what is", async () => {
  const { team, order } = setUp();
  await order("POST", "/registries", { name: "mayfly", subscriptionId: team.subscriptionId });
  expect(await order("GET", "/registries/other.azurecr.io")).toMatchObject({
    status: 400,
    json: { error: expect.stringContaining(HOST) },
  });
  expect(await order("POST", "/registry-faults", { registry: HOST, fault: "flood" })).toMatchObject({
    status: 400,
    json: { error: expect.stringMatching(/No fault "flood": there are .*upload-bad-gateway/) },
  });
});

test("the command serves the registries of its file", async () => {
  const folder = await mkdtemp(join(tmpdir(), "mayfly-fleet-"));
  const file = join(folder, "fleet.json");
  const registries = [
    { name: "mayfly", teamRoles: ["AcrPull"], images: { "team/app": ["1"] }, settings: { pageSize: 7 } },
  ];
  await writeFile(file, JSON.stringify({ registries }));
  const child = spawn(process.execPath, [join(import.meta.dirname, "../serve.ts"), "--fleet", file], {
    env: { NODE_NO_WARNINGS: "1" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  const ready = JSON.parse(line);
  expect(ready).toMatchObject({ registries: [{ loginServer: HOST }], registryKeys: { keys: [{ kty: "RSA" }] } });
  const ca = await readFile(ready.env.SSL_CERT_FILE);
  const agent = new Agent({ proxyEnv: { HTTPS_PROXY: ready.url } });
  const asked = request(`${ready.control}/registries/${HOST}`, { agent, ca }).end();
  const [answer] = await once(asked, "response");
  expect(JSON.parse(await text(answer))).toMatchObject({
    settings: { pageSize: 7 },
    contents: { "team/app": { tags: { "1": expect.any(String) } } },
  });
  child.kill("SIGTERM");
  expect(await ended).toEqual([0, null]);
  await rm(folder, { recursive: true });
});
