import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { connectAcrTasks } from "../../src/azure/acr-tasks.ts";
import { connectAcrLogin } from "../../src/azure/acr-token.ts";
import { connectArmConnection } from "../../src/azure/arm-connection.ts";
import { connectBlobs } from "../../src/azure/blobs.ts";
import { chooseCloud } from "../../src/azure/cloud.ts";
import { connectCredential } from "../../src/azure/credential.ts";
import { sleep } from "../../src/kit/cancel.ts";
import { connectRegistry } from "../../src/registry/connect-registry.ts";
import { connectSession } from "../../src/registry/session.ts";

/** A process of its own whose only way to Azure is the proxy of its environment: an upload, a push and a pull, over real sockets. */
const needed = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
};
const cancelled = new AbortController().signal;
const time = {
  now: () => new Date(),
  monotonic: () => performance.now(),
  sleep: (milliseconds: number) => sleep(milliseconds, cancelled),
  left: () => 600_000,
  random: Math.random,
};
const world = { ...time, time, cancelled, environment: process.env, mask: () => undefined };
const cloud = chooseCloud({
  cloud: "public",
  authorityHost: undefined,
  resourceManager: undefined,
  audience: undefined,
});
const tenantId = needed("AZURE_TENANT_ID");
const idToken = async (audience: string): Promise<string> => {
  const url = `${needed("ACTIONS_ID_TOKEN_REQUEST_URL")}&audience=${encodeURIComponent(audience)}`;
  const headers = { authorization: `Bearer ${needed("ACTIONS_ID_TOKEN_REQUEST_TOKEN")}` };
  return ((await (await fetch(url, { headers })).json()) as { value: string }).value;
};
const credential = connectCredential({ ...world, cloud, tenantId, clientId: needed("AZURE_CLIENT_ID"), idToken });
const bytes = Number(needed("BYTES"));
const chunk = Buffer.alloc(65_536, "mayfly");

function* content(): Generator<Buffer> {
  for (let sent = 0; sent < bytes; sent += chunk.length) yield Buffer.from(chunk.subarray(0, bytes - sent));
}

let mostMegabytes = 0;
const watch = setInterval(() => {
  mostMegabytes = Math.max(mostMegabytes, process.memoryUsage().rss / 1_000_000);
}, 20);

async function upload(): Promise<void> {
  const arm = connectArmConnection({ ...world, cloud, credential });
  const { url } = await connectAcrTasks(arm, needed("REGISTRY_ID"), () => undefined).openUpload();
  await connectBlobs(world).upload(url, Readable.from(content()));
}

async function pushAndPull(): Promise<string> {
  const host = needed("REGISTRY_HOST");
  const credentials = connectAcrLogin({ ...world, cloud, tenantId, credential }).credentials(host);
  const registry = connectRegistry(connectSession({ ...world, host, credentials }));
  const hash = createHash("sha256");
  for (const piece of content()) hash.update(piece);
  const digest = `sha256:${hash.digest("hex")}`;
  await registry.uploadBlob("app", { digest, size: bytes }, async () => Readable.from(content()));
  let pulled = 0;
  for await (const piece of await registry.readBlob("app", digest)) pulled += (piece as Buffer).length;
  return pulled === bytes ? digest : `${pulled} bytes came back`;
}

const before = process.memoryUsage().rss / 1_000_000;
const digest = needed("WHAT") === "upload" ? await upload() : await pushAndPull();
clearInterval(watch);
console.log(JSON.stringify({ digest, before: Math.round(before), mostMegabytes: Math.round(mostMegabytes) }));
