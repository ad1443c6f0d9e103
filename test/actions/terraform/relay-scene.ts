import { mkdtempSync, rmSync } from "node:fs";
import { type IncomingHttpHeaders, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectRelay, type Relay } from "../../../src/actions/terraform/connect-relay.ts";
import type { RelayAddress } from "../../../src/actions/terraform/relay-environment.ts";
import { type Azure, createAzure } from "../../azure/azure.ts";
import { startProxy } from "../../azure/proxy.ts";
import { addTeam, type Team } from "../../azure/team.ts";

/** The stage beside which the sources' own relay stands. */
export const STAGE = join(import.meta.dirname, "../../../src/actions/terraform/index.ts");

/** GitHub's token service behind a proxy, and a job that may ask it. */
export interface RelayScene extends AsyncDisposable {
  readonly azure: Azure;
  readonly team: Team;
  /** The job's. */
  readonly environment: Readonly<Record<string, string>>;
  readonly masked: string[];
  /** A folder for one relay. */
  folder(): string;
  /** Starts a relay that ends with the scene at the latest. @param more of the job's environment. */
  start(folder?: string, stage?: string, more?: Readonly<Record<string, string>>): Promise<Relay>;
  /** How often GitHub was asked for a token. */
  fetched(): number;
}

export async function openRelayScene(): Promise<RelayScene> {
  const azure = createAzure();
  const team = addTeam(azure);
  const proxy = await startProxy(azure);
  const scratch = mkdtempSync(join(tmpdir(), "relay-test-"));
  const masked: string[] = [];
  const relays: Relay[] = [];
  const environment = {
    ...proxy.env,
    PATH: "/usr/bin:/bin",
    ACTIONS_ID_TOKEN_REQUEST_URL: team.job.requestUrl,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: team.job.requestToken,
    ARM_CLIENT_SECRET: "of-no-concern-to-a-relay",
    NODE_NO_WARNINGS: "1",
  };
  const folder = (): string => mkdtempSync(join(scratch, "relay-"));
  return {
    azure,
    team,
    environment,
    masked,
    folder,
    start: async (place = folder(), stage = STAGE, more = {}) => {
      const runner = { environment: { ...environment, ...more }, mask: (secret: string) => void masked.push(secret) };
      const relay = await connectRelay(runner, stage).start({ folder: place });
      if (relay === undefined) throw new Error("The job has no ID tokens");
      relays.push(relay);
      return relay;
    },
    fetched: () => azure.traffic.find({ host: /actions\.githubusercontent\.com$/ }).length,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(relays.map((relay) => relay.stop()));
      await proxy[Symbol.asyncDispose]();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}

export interface RelayAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface RelayQuestion {
  readonly audience?: string;
  readonly method?: string;
  /** Instead of the path and query that clients are given. */
  readonly target?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Asks a relay as the Azure client does: it appends the audience to the address that it was given. */
export function askRelay({ url, token }: RelayAddress, question: RelayQuestion = {}): Promise<RelayAnswer> {
  const { audience, method = "GET", target, headers = {} } = question;
  const { port, pathname, search } = new URL(url);
  const asked = audience === undefined ? "" : `&audience=${encodeURIComponent(audience)}`;
  const path = target ?? `${pathname}${search}${asked}`;
  return new Promise((resolve, reject) => {
    const all = { authorization: `Bearer ${token}`, ...headers };
    request({ host: "127.0.0.1", port, path, method, headers: all, agent: false }, (response) => {
      let text = "";
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: text.startsWith("{") ? JSON.parse(text) : { text },
        }),
      );
      response.on("error", reject);
    })
      .on("error", reject)
      .end();
  });
}

/** Waits so many milliseconds. */
export const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** Waits until something holds. @throws Error when it does not come to that */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let waited = 0; !(await holds()); waited += 20) {
    if (waited > 15_000) throw new Error("It did not come to that in 15 s");
    await wait(20);
  }
}
