import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

/** One request to the backend, in the order of arrival. */
export interface BackendRequest {
  readonly method: string;
  /** The id of the lock that the request says it holds; empty without one. */
  readonly lockId: string;
  /** Undefined as long as it is not answered. */
  status: number | undefined;
  /** Of the state in it, or in the answer. */
  readonly serial: number | undefined;
}

/** What the backend does from now on; a test may change it at any time. */
export interface BackendSettings {
  /** How long a write of state takes; it counts from its end on. */
  writeMs: number;
  /** Answers to the next requests of a method instead of the real ones: `{ POST: [500, 500] }`. */
  readonly failures: Record<string, number[]>;
  /** Whoever comes without these gets 401. */
  login: { readonly username: string; readonly password: string } | undefined;
}

/** Terraform's `http` backend with what a real one does: a state, a lock, slowness and faults. */
export interface HttpBackend extends AsyncDisposable {
  readonly url: string;
  readonly settings: BackendSettings;
  readonly requests: readonly BackendRequest[];
  /** The state as it was last stored; undefined when there is none. */
  state(): Readonly<Record<string, unknown>> | undefined;
  /** The holder's lock info as terraform wrote it; undefined when nobody holds it. */
  lock(): Readonly<Record<string, unknown>> | undefined;
  /** The block for a configuration. */
  readonly block: string;
  /** Waits until so many requests of a method have come. */
  arrived(method: string, count?: number): Promise<void>;
}

/**
 * Starts the backend on a loopback port. https://developer.hashicorp.com/terraform/language/backend/http says what is
 * asked: GET, POST with `?ID=` of the lock, DELETE, LOCK (423 with the holder's info), UNLOCK (without a body when it is
 * forced).
 */
export async function startHttpBackend(given: Partial<BackendSettings> = {}): Promise<HttpBackend> {
  const settings: BackendSettings = { writeMs: 0, failures: {}, login: undefined, ...given };
  const requests: BackendRequest[] = [];
  let watchers: (() => void)[] = [];
  let state: string | undefined;
  let lock: string | undefined;

  const carryOut = async (method: string, lockId: string, body: string): Promise<readonly [number, string?]> => {
    const failure = settings.failures[method]?.shift();
    if (failure !== undefined) return [failure, "as ordered"];
    switch (method) {
      case "GET":
        return state === undefined ? [204] : [200, state];
      case "POST":
        if (lock !== undefined && idOf(lock) !== lockId) return [423, lock];
        await new Promise((done) => setTimeout(done, settings.writeMs));
        state = body;
        return [200];
      case "DELETE":
        state = undefined;
        return [200];
      case "LOCK":
        if (lock !== undefined) return [423, lock];
        lock = body;
        return [200];
      case "UNLOCK":
        if (lock !== undefined && body !== "" && idOf(body) !== idOf(lock)) return [409, lock];
        lock = undefined;
        return [200];
      default:
        return [405];
    }
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const method = request.method ?? "";
    const lockId = new URLSearchParams(request.url?.split("?")[1]).get("ID") ?? idOf(body) ?? "";
    const record: BackendRequest = { method, lockId, status: undefined, serial: serialOf(body) };
    requests.push(record);
    for (const watcher of watchers) watcher();
    const [status, text = ""] = mayEnter(request, settings.login) ? await carryOut(method, lockId, body) : [401];
    record.status = status;
    response.writeHead(status, { "content-type": "application/json" }).end(text);
  };
  const server = createServer((request, response) => void answer(request, response).catch(() => request.destroy()));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/state`;
  return {
    url,
    settings,
    requests,
    block: `terraform {\n  backend "http" {\n    address = "${url}"\n    lock_address = "${url}"\n    unlock_address = "${url}"\n  }\n}\n`,
    state: () => (state === undefined ? undefined : JSON.parse(state)),
    lock: () => (lock === undefined ? undefined : JSON.parse(lock)),
    arrived: async (method, count = 1) => {
      const enough = (): boolean => requests.filter((request) => request.method === method).length >= count;
      while (!enough()) {
        await new Promise<void>((done) => watchers.push(done));
        watchers = [];
      }
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

function mayEnter({ headers }: IncomingMessage, login: BackendSettings["login"]): boolean {
  if (login === undefined) return true;
  const wanted = Buffer.from(`${login.username}:${login.password}`).toString("base64");
  return headers.authorization === `Basic ${wanted}`;
}

function idOf(info: string): string | undefined {
  return read(info)["ID"] as string | undefined;
}

function serialOf(state: string): number | undefined {
  return read(state)["serial"] as number | undefined;
}

function read(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

// node test/terraform/http-backend.ts [--write-ms 3000]: one JSON line with its address, runs until SIGTERM.
if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { values } = parseArgs({ options: { "write-ms": { type: "string", default: "0" } } });
  const backend = await startHttpBackend({ writeMs: Number(values["write-ms"]) });
  console.log(JSON.stringify({ url: backend.url, block: backend.block }));
}
