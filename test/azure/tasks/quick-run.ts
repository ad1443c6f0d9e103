import { Readable } from "node:stream";
import { createGzip } from "node:zlib";
import { type Asked, asking } from "../ask.ts";
import { type Azure, type AzureOptions, createAzure } from "../azure.ts";
import { readAll } from "../streams.ts";
import { addTeam, type Team } from "../team.ts";
import type { Json } from "../wire.ts";
import type { Builder, BuilderFactory } from "./builder.ts";

/** What a test of quick runs begins with: a registry, and an identity that may run builds on it. */
export interface QuickRuns {
  readonly azure: Azure;
  readonly team: Team;
  readonly registry: string;
  ask(method: string, path: string, body?: unknown): Promise<Asked>;
  /** Uploads files, or a tar.gz, as a context; returns its `relativePath`. */
  upload(context: Readonly<Record<string, string>> | Buffer): Promise<string>;
  /** Schedules and returns the run's id. */
  schedule(body: Json): Promise<string>;
  /** `properties` of a run. */
  run(runId: string): Promise<Json>;
  /** Lets the clock go on and the builder work until the run has ended; returns its properties. */
  ended(runId: string): Promise<Json>;
  log(runId: string): Promise<string>;
}

const API = "api-version=2025-03-01-preview";

export async function quickRuns(
  options: AzureOptions & { readonly mode?: "legacy" | "abac"; readonly role?: string } = {},
): Promise<QuickRuns> {
  const { mode = "legacy", role = "Container Registry Tasks Contributor", ...more } = options;
  const azure = createAzure({ frozen: true, ...more });
  // To the millisecond: a clock goes on until it is frozen.
  azure.clock.set(new Date("2026-11-21T09:00:00Z"));
  const team = addTeam(azure, { role });
  const { id: registry } = azure.acr.addRegistry({ subscriptionId: team.subscriptionId, name: "mayfly", mode });
  const arm = asking(azure, team);
  const ask = (method: string, path: string, body?: unknown) =>
    arm(method, path.includes("api-version") ? path : `${path}${path.includes("?") ? "&" : "?"}${API}`, body);
  const run = async (runId: string) => (await ask("GET", `${registry}/runs/${runId}`)).json["properties"] as Json;
  return {
    ...{ azure, team, registry, ask, run },
    upload: async (context) => {
      const { json } = await ask("POST", `${registry}/listBuildSourceUploadUrl`);
      const headers = { "x-ms-blob-type": "BlockBlob" };
      const body = Buffer.isBuffer(context) ? context : await packContext(context);
      await azure.answer({ method: "PUT", url: `${json["uploadUrl"]}`, headers, body });
      return `${json["relativePath"]}`;
    },
    schedule: async (body) => {
      const { status, text, json } = await ask("POST", `${registry}/scheduleRun`, body);
      if (status !== 200) throw new Error(text);
      return `${json["name"]}`;
    },
    ended: async (runId) => {
      for (let turns = 0; turns < 100; turns += 1) {
        const properties = await run(runId);
        if (properties["finishTime"] !== undefined) return properties;
        await azure.tasks.idle();
        azure.clock.advance(1000);
      }
      throw new Error(`The run ${runId} does not end: ${JSON.stringify(await run(runId))}`);
    },
    log: async (runId) => {
      const { json } = await ask("POST", `${registry}/runs/${runId}/listLogSasUrl`);
      const { status, body } = await azure.answer({ method: "GET", url: `${json["logLink"]}`, headers: {} });
      if (status !== 200) throw new Error(`${status} ${body}`);
      return body.toString();
    },
  };
}

/** Files as a tar.gz. */
export async function packContext(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const { pack } = await import("tar-stream");
  const archive = pack();
  for (const [name, text] of Object.entries(files)) archive.entry({ name, mtime: new Date(0) }, text);
  archive.finalize();
  return readAll(Readable.from(archive).pipe(createGzip()));
}

/** A request for the usual build. */
export function dockerBuild(sourceLocation: string, more: Json = {}): Json {
  return {
    type: "DockerBuildRequest",
    imageNames: ["team/app:1"],
    isPushEnabled: true,
    dockerFilePath: "Dockerfile",
    platform: { os: "Linux", architecture: "amd64" },
    sourceLocation,
    ...more,
  };
}

/** A request for a task. */
export function encodedTask(yaml: string, more: Json = {}): Json {
  return {
    type: "EncodedTaskRunRequest",
    encodedTaskContent: Buffer.from(yaml).toString("base64"),
    platform: { os: "Linux" },
    ...more,
  };
}

/** A builder that does what a test gives it, and nothing else. */
export function builderOf(parts: Partial<Builder> = {}): BuilderFactory {
  return () => ({
    login: async () => undefined,
    build: async () => undefined,
    push: async () => ({ digest: `sha256:${"ab".repeat(32)}`, size: 524 }),
    run: async () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
    ...parts,
  });
}
