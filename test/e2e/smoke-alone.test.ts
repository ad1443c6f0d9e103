// biome-ignore-all lint/suspicious/noTemplateCurlyInString: as specs have it.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { expectHarmless, HOSTILE } from "../actions/hostile-page.ts";
import { expectNoCommand } from "./expect-no-command.ts";
import { inLanes } from "./lanes.ts";
import { openScene, type Scene } from "./scene.ts";
import { playSmoke, readJunit, readReportFile, type SmokePlay, writeSpec } from "./smoke-play.ts";
import { startTlsServer, type TlsServer } from "./tls-server.ts";

jest.setTimeout(180_000);

const STRANGE = HOSTILE.map((text) => text.slice(0, 3_000));
/** What the runner would obey. */
const COMMANDS = [
  "x\n::set-output name=passed::PWNED",
  "::error title=PWNED::PWNED",
  "x\r\n  ::add-mask::PWNED",
  "##[error]PWNED ##[group]PWNED",
  "x\n::stop-commands::PWNED\n::save-state name=folder::PWNED",
  "GITHUB_ENV<<EOF\nPWNED=1\nEOF",
  "%0A::error::PWNED%0D%25",
];
const WORDS = [...STRANGE, ...COMMANDS];

/** Headers of what was asked. */
const asked: Readonly<Record<string, unknown>>[] = [];
let scene: Scene;
let scratch: string;
let server: TlsServer;
/** A spec with answers of all kinds, and a check of a cluster that is not there. */
let mixed: SmokePlay;
/** One that asks nothing but addresses. */
let alone: SmokePlay;
/** The same, where nobody has said that the server's authority is to be trusted. */
let untrusted: SmokePlay;
let hostile: SmokePlay;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "mayfly-smoke-alone-"));
  scene = await openScene();
  server = await startTlsServer(scratch, (request, response) => {
    asked.push(request.headers);
    const [, kind, index = ""] = (request.url ?? "").split("/");
    const word = WORDS[Number(index)] ?? "";
    if (kind === "json") response.setHeader("content-type", "application/json").end(JSON.stringify({ text: word }));
    else if (kind === "broken") response.writeHead(500).end(word);
    else response.writeHead(kind?.startsWith("health") ? 200 : 404).end("fine");
  });
  const machineEnv = { PATH: process.env["PATH"] ?? "", NODE_NO_WARNINGS: "1" };
  const trusting = { ...machineEnv, NODE_EXTRA_CA_CERTS: server.caFile };
  const take = (spec: string, inputs: object = {}, environment: Readonly<Record<string, string>> = trusting) =>
    playSmoke(
      { scene, scratch },
      { "smoke/web.yaml": spec },
      { spec: "smoke/*.yaml", ...inputs },
      { machineEnv: environment },
    );
  const plays: readonly (() => Promise<unknown>)[] = [
    async () => {
      hostile = await take(writeHostile());
    },
    async () => {
      mixed = await take(writeMixed(), { "report-dir": "reports/smoke" });
    },
    async () => {
      alone = await take(
        writeSpec([
          { http: { url: `${server.url}/health`, status: 200, certificate: { daysLeft: 7 } } },
          { error: { http: { url: `${server.url}/nobody`, status: 200 } } },
        ]),
      );
    },
    async () => {
      const checks = [{ http: { url: `${server.url}/health`, status: 200 }, timeout: "300ms" }];
      untrusted = await take(writeSpec(checks), {}, machineEnv);
    },
  ];
  await inLanes(plays, 2, (play) => play());
}, 120_000);

afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await scene?.[Symbol.asyncDispose]();
  await rm(scratch, { recursive: true, force: true });
});

function writeMixed(): string {
  return writeSpec([
    { name: "health", http: { url: `${server.url}/health`, status: 200, body: "fine" } },
    { name: "nobody home", optional: true, http: { url: `${server.url}/nobody`, status: 200 } },
    { name: "in the cluster", resources: { apiVersion: "v1", kind: "Pod", name: "web", exists: true } },
    { name: "never taken", tcp: { address: "127.0.0.1:1" } },
  ]);
}

/** Checks that all quote an answer, and one that hands a piece of it on as a header. */
function writeHostile(): string {
  const url = (path: string): string => `${server.url}/${path}`;
  const checks = WORDS.flatMap((word, index) => [
    { name: `json ${index}`, http: { url: url(`json/${index}`), jsonpath: { "$.text": "other" } } },
    { name: `body ${index}`, http: { url: url(`broken/${index}`), status: 200 } },
    { name: `said ${index}`, http: { url: url(`health?${index}`), body: { contains: `${word} ` } } },
  ]);
  const quick = checks.map((check) => ({ ...check, timeout: "100ms", optional: true }));
  const last = [
    {
      name: "takes a piece",
      http: { url: url(`json/${STRANGE.length}`), status: 200, captures: { piece: { jsonpath: "$.text" } } },
    },
    {
      name: "hands it on",
      optional: true,
      timeout: "100ms",
      http: { url: url("health"), status: 200, requestHeaders: { "X-Piece": "${piece}" } },
    },
  ];
  return writeSpec([...quick, ...last]);
}

describe("a job without a kubeconfig", () => {
  test("asks addresses of the world, and needs no cluster for that", () => {
    expect(alone.errors).toEqual([]);
    expect([alone.main.exitCode, alone.conclusion]).toEqual([0, "success"]);
    expect(alone.outputs).toMatchObject({ passed: "2", failed: "0", skipped: "0", "error-code": "" });
  });

  test("takes no server for good whose certificate nobody vouches for", () => {
    expect(untrusted.outputs).toMatchObject({ passed: "0", failed: "1", "error-code": "smoke-failed" });
    expect(untrusted.errors.at(-1)?.message).toMatch(/certificate/);
  });

  test("is told at once, at its line, that a check of a cluster needs one", () => {
    const [failed] = mixed.errors;
    expect(failed?.message).toMatch(/smoke-needs-cluster: .*aks-set-context.*\(1 look in 0\.\d s\)$/);
    expect(failed).toMatchObject({ file: "smoke/web.yaml", line: "1", title: "shop: all" });
  });
});

describe("what a smoke test came to", () => {
  test("is in the outputs, and makes the step red", () => {
    expect(mixed.main.exitCode).toBe(1);
    expect(mixed.outputs).toMatchObject({
      ...{ passed: "1", failed: "1", skipped: "1", "error-code": "smoke-failed" },
      ...{ "cold-start-ms": "", "rolled-back-to": "", "passed-after-rollback": "" },
      slowest: expect.stringMatching(/^all: nobody home \(2\.\d s\)$/),
      "junit-path": expect.stringMatching(/\/reports\/smoke\/smoke\.xml$/),
      "report-path": expect.stringMatching(/\/reports\/smoke\/smoke\.json$/),
      "duration-ms": expect.stringMatching(/^\d{4,5}$/),
    });
  });

  test("is read by programs for test results", async () => {
    expect(await readJunit(readReportFile(mixed, "reports/smoke/smoke.xml"))).toEqual({
      counts: { tests: 4, failures: 1, skipped: 2 },
      cases: [
        { name: "health", state: "passed" },
        // Viewers have no word for a failure that stops nothing.
        { name: "nobody home", state: "skipped" },
        { name: "in the cluster", state: "failed" },
        { name: "never taken", state: "skipped" },
      ],
    });
  });

  test("is read by programs of one's own", () => {
    const report: unknown = JSON.parse(readReportFile(mixed, "reports/smoke/smoke.json"));
    expect(report).toMatchObject({
      ...{ apiVersion: "mayfly/v1alpha1", kind: "SmokeReport", outcome: "failed" },
      tests: [{ name: "shop", file: "smoke/web.yaml", outcome: "failed", steps: [{ name: "all" }] }],
    });
  });

  test("goes with the job where no folder is named", () => {
    expect([...alone.left.keys()].filter((path) => path.startsWith("mayfly-"))).toEqual([
      expect.stringMatching(/^mayfly-smoke-report-[^/]+\/smoke\.json$/),
      expect.stringMatching(/^mayfly-smoke-report-[^/]+\/smoke\.xml$/),
    ]);
  });
});

describe("what a hostile service answers", () => {
  test("is quoted, and makes nothing pass", () => {
    const report = JSON.parse(readReportFile(hostile, "smoke.json")) as { readonly optional: number };
    expect(report.optional).toBe(WORDS.length * 3 + 1);
    expect(hostile.outputs).toMatchObject({ passed: "1", failed: "0", "error-code": "" });
    expect(hostile.text).toContain("PWNED");
  });

  test("becomes no command of the runner", () => {
    expectNoCommand(hostile);
  });

  test("makes nothing of its own on the page", () => {
    expectHarmless(hostile.main.summary);
  });

  test("leaves reports that programs can read", async () => {
    const { cases } = await readJunit(readReportFile(hostile, "smoke.xml"));
    expect(cases).toHaveLength(WORDS.length * 3 + 2);
  });

  test("is no header of what is asked next", () => {
    expect(hostile.text).toMatch(/hands it on .*smoke-request-invalid/);
    expect(asked.filter((headers) => "x-piece" in headers)).toEqual([]);
  });
});
