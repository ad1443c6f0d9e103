import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type Credential, IDENTITY_TOKEN, parseServerHost } from "../../src/docker/credential.ts";
import { HELPER_NODE, installHelper, socketPathOf } from "../../src/docker/credential-helper.ts";
import { type CredentialService, serveCredentials } from "../../src/docker/credential-service.ts";
import { anyCharacter } from "../any-character.ts";

const HOST = "team.azurecr.io";
const NOT_FOUND = "credentials not found in native keychain\n";
let scratch: string;
let folder: string;
let service: CredentialService;
let asked: string[];
let faults: [string, unknown][];
let find: (host: string) => Promise<Credential | undefined>;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "helper-test-"));
  // A path that a careless shell would take apart.
  folder = join(scratch, "a 'b' $(c)");
  expect(await installHelper(folder, process.platform)).toBe(true);
  service = await serveCredentials({
    socketPath: socketPathOf(folder),
    find: (host) => {
      asked.push(host);
      return find(host);
    },
    onFault: (host, error) => faults.push([host, error]),
  });
});
afterAll(async () => {
  await service.close();
  await rm(scratch, { recursive: true, force: true });
});
beforeEach(() => {
  asked = [];
  faults = [];
  find = async (host) => (host === HOST ? { username: IDENTITY_TOKEN, secret: 'tok"en' } : undefined);
});

/** Runs the helper as docker does. */
function run(operation: string, input: string, environment: Readonly<Record<string, string>> = {}, at = folder) {
  return new Promise<{ readonly exitCode: number | null; readonly stdout: string }>((resolve, reject) => {
    const child = spawn(join(at, "docker-credential-mayfly"), [operation], {
      env: { [HELPER_NODE]: process.execPath, ...environment },
      stdio: ["pipe", "pipe", "inherit"],
    });
    let stdout = "";
    child.stdout.setEncoding("utf8").on("data", (part) => {
      stdout += part;
    });
    child.stdin.on("error", () => {});
    child.on("error", reject).on("close", (exitCode) => resolve({ exitCode, stdout }));
    child.stdin.end(input);
  });
}

describe("docker-credential-mayfly", () => {
  test.each([[HOST], [`https://${HOST}`], [`https://${HOST}/v2/`], [HOST.toUpperCase()], [`${HOST}\n`]])(
    "gives the credential of %j",
    async (server) => {
      const { exitCode, stdout } = await run("get", server);
      expect(exitCode).toBe(0);
      expect(JSON.parse(stdout)).toEqual({ ServerURL: server.trim(), Username: "<token>", Secret: 'tok"en' });
      expect(asked).toEqual([HOST]);
    },
  );

  test("asks anew each time, so that what it gives is good then", async () => {
    let count = 0;
    find = async () => ({ username: "me", secret: `secret ${++count}` });
    const secrets = [await run("get", HOST), await run("get", HOST)].map(({ stdout }) => JSON.parse(stdout).Secret);
    expect(secrets).toEqual(["secret 1", "secret 2"]);
  });

  test("answers many at once, each its own", async () => {
    find = async (host) => ({ username: host, secret: "x" });
    const hosts = Array.from({ length: 8 }, (_, index) => `r${index}.example.com`);
    const answers = await Promise.all(hosts.map((host) => run("get", host)));
    expect(answers.map(({ stdout }) => JSON.parse(stdout).Username)).toEqual(hosts);
  });

  test("says of an unknown host what docker wants to hear to go on without", async () => {
    expect(await run("get", "ghcr.io")).toEqual({ exitCode: 1, stdout: NOT_FOUND });
  });

  test("tells in one line why a credential could not be had, and our process knows the whole", async () => {
    const error = new Error("Entra refused:\n::add-mask::because");
    find = () => Promise.reject(error);
    const { exitCode, stdout } = await run("get", HOST);
    expect({ exitCode, stdout }).toEqual({
      exitCode: 1,
      stdout: `Mayfly has no credential for ${HOST}: Entra refused:\n`,
    });
    expect(faults).toEqual([[HOST, error]]);
  });

  test("accepts to store and to erase, and does neither", async () => {
    const credential = JSON.stringify({ ServerURL: HOST, Username: "me", Secret: "s" });
    expect(await run("store", credential)).toEqual({ exitCode: 0, stdout: "" });
    expect(await run("erase", HOST)).toEqual({ exitCode: 0, stdout: "" });
    expect(await run("list", "")).toEqual({ exitCode: 0, stdout: "{}\n" });
    expect((await run("rm -rf", "")).exitCode).toBe(1);
    expect(asked).toEqual([]);
    expect(JSON.parse((await run("get", HOST)).stdout).Secret).toBe('tok"en');
  });

  test("starts whatever the job says about how node starts", async () => {
    const environment = { NODE_OPTIONS: "--require=/nowhere/trace.js", NODE_EXTRA_CA_CERTS: "/nowhere/ca.pem" };
    expect((await run("get", HOST, environment)).exitCode).toBe(0);
  });

  test("says that the action has ended when nobody answers", async () => {
    const alone = join(scratch, "alone");
    await installHelper(alone, process.platform);
    const { exitCode, stdout } = await run("get", HOST, {}, alone);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: expect.stringContaining("has ended (ENOENT)") });
  });

  test("leaves nothing on disk but itself, for this user only", async () => {
    await run("get", HOST);
    expect(await readdir(folder)).toEqual(["ask.cjs", "docker-credential-mayfly", "socket"]);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await stat(join(folder, "docker-credential-mayfly"))).mode & 0o777).toBe(0o700);
    expect((await stat(join(folder, "ask.cjs"))).mode & 0o777).toBe(0o600);
  });
});

describe("a server's name", () => {
  /** Asks the service itself, as the helper does but without starting it. */
  const ask = (line: string) =>
    new Promise<string>((resolve, reject) => {
      let answer = "";
      const socket = connect(socketPathOf(folder), () => socket.write(line));
      socket.setEncoding("utf8").on("data", (part) => {
        answer += part;
      });
      socket.on("error", reject).on("close", () => resolve(answer));
    });

  const MARKS = ["https://", "http://", "/", "@", ":", "443", "?", "#", " ", "\n", "\0", "..", "%2e", "\\", '"', "x"];
  const marks = fc.array(fc.constantFrom("", ...MARKS), { maxLength: 2 }).map((parts) => parts.join(""));
  const hostile = fc.oneof(
    fc.string({ unit: anyCharacter, maxLength: 60 }),
    fc.tuple(marks, marks).map(([before, after]) => `${before}${HOST}${after}`),
  );

  test("is either exactly a host, with a port or a path, or nobody is asked for it", async () => {
    let given = 0;
    await fc.assert(
      fc.asyncProperty(hostile, async (server) => {
        asked = [];
        const { exitCode, text } = JSON.parse(await ask(`${JSON.stringify(server)}\n`));
        if (exitCode === 0) {
          given += 1;
          expect(asked).toEqual([HOST]);
          expect(server.toLowerCase()).toMatch(/^(?:https?:\/\/)?team\.azurecr\.io(?:\/|$)/);
          expect(JSON.parse(text).ServerURL).toBe(server);
        } else expect(text).toBe(NOT_FOUND.trim());
        for (const host of asked) expect(host).toMatch(/^[a-z0-9.:[\]-]+$/);
      }),
      { numRuns: 300 },
    );
    // The generator must really make names that are answered, or the property says nothing.
    expect(given).toBeGreaterThan(5);
  });

  test("that is no JSON, no text or endless is nobody's", async () => {
    for (const line of ["{\n", "[1]\n", "null\n", `${"x".repeat(1_000_000)}`]) {
      expect(JSON.parse(await ask(line))).toEqual({ exitCode: 1, text: NOT_FOUND.trim() });
    }
    expect(asked).toEqual([]);
  });

  test.each([
    ["https://index.docker.io/v1/", "index.docker.io"],
    ["localhost:5000", "localhost:5000"],
    ["[::1]:5000", "[::1]:5000"],
    ["Team.azurecr.io", "team.azurecr.io"],
    ["me@team.azurecr.io", undefined],
    ["team.azurecr.io:", undefined],
    ["ftp://team.azurecr.io", undefined],
    ["-team", undefined],
    ["", undefined],
  ])("%j stands for the host %j", (server, host) => {
    expect(parseServerHost(server)).toBe(host);
  });
});

describe("the helper is not installed", () => {
  test("on Windows, and where the path is too long for a socket", async () => {
    expect(await installHelper(join(scratch, "windows"), "win32")).toBe(false);
    const long = join(scratch, "x".repeat(100));
    await mkdir(long);
    expect(await installHelper(join(long, "helper"), "linux")).toBe(false);
    expect(await readdir(long)).toEqual([]);
  });
});

test("whoever asks when the service closes is not left waiting", async () => {
  const other = join(scratch, "closing");
  await installHelper(other, process.platform);
  const wanted = Promise.withResolvers<void>();
  const closing = await serveCredentials({
    socketPath: socketPathOf(other),
    find: () => {
      wanted.resolve();
      return new Promise(() => {});
    },
    onFault: () => {},
  });
  const answer = run("get", HOST, {}, other);
  await wanted.promise;
  await closing.close();
  expect(await answer).toEqual({ exitCode: 1, stdout: expect.stringContaining("Mayfly") });
});
