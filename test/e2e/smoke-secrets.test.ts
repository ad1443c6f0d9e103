// biome-ignore-all lint/suspicious/noTemplateCurlyInString: as specs have it.
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { expectHarmless, HOSTILE } from "../actions/hostile-page.ts";
import { expectNoSecret } from "../runner/expect-no-secret.ts";
import { expectNoCommand } from "./expect-no-command.ts";
import { type HelmScene, openHelmScene } from "./helm-scene.ts";
import { findSecret, lookAround } from "./look-around.ts";
import { playSmoke, readJunit, readReportFile, type SmokePlay, withCluster } from "./smoke-play.ts";

jest.setTimeout(180_000);

/** With all that JSON, shells, URIs and Go write in their own ways. */
const PASSWORD = 'Hunter_2*"quoted"&<hunter>';
const KEY = "first line of the key\nsecond line of the key";
/** As long as tokens are, and so longer than what people want to read of one line. */
const TOKEN = randomBytes(450).toString("hex");
/** No spec names it: only a container has it. */
const HIDDEN = `hidden-${randomBytes(12).toString("hex")}`;
/** A part of a secret is one, too. */
const SECRETS = [PASSWORD, ...KEY.split("\n"), TOKEN.slice(0, 40), TOKEN.slice(-40), HIDDEN];
/** What Go's JSON and a page of Markdown make of it, and its first part. */
const ESCAPED = ['Hunter_2*\\"quoted\\"\\u0026\\u003chunter\\u003e', "Hunter\\_2\\*", "Hunter_2*"];

/** What a terminal, the runner or a page would obey. */
const STRANGE = [
  "x\n::set-output name=passed::PWNED",
  "::error title=PWNED::PWNED",
  "  ::add-mask::PWNED",
  "##[error]PWNED ##[group]PWNED",
  "::stop-commands::PWNED",
  ...HOSTILE.map((text) => text.slice(0, 400).toWellFormed()),
];

const SAY = 'echo starting; echo "$DB $TOKEN $HIDDEN"; echo "$KEY"; printf %s "$DB" | base64; cat /strange/*;';
const SERVE = [
  'mkdir -p /www; echo "$DB $TOKEN" >/www/index.html; echo "$KEY" >/www/key.txt; cat /key/value >/www/value.txt',
  'printf \'tells{db="first",token="%s"} 1\\n\' "$TOKEN" >/www/metrics',
  'printf \'{"token":"%s","lines":"%s"}\' "$TOKEN" "first line of the key" >/www/told.json',
  "exec httpd -f -p 8080 -h /www",
].join("; ");

const variable = (name: string, secret: string): object => ({
  name,
  valueFrom: { secretKeyRef: { name: `shop-${secret}`, key: "value" } },
});
const secret = (name: string, of: string): object => ({
  name,
  valueFrom: { secretKeyRef: { name: `shop-${of}`, key: "value" } },
});
const APP = {
  secret: { db: PASSWORD, key: KEY, token: TOKEN, hidden: HIDDEN },
  script: `${SAY} ${SERVE}`,
  container: {
    env: [variable("DB", "db"), variable("KEY", "key"), variable("TOKEN", "token"), variable("HIDDEN", "hidden")],
    volumeMounts: [
      { name: "key", mountPath: "/key" },
      { name: "strange", mountPath: "/strange" },
    ],
  },
  pod: {
    volumes: [
      { name: "key", secret: { secretName: "shop-key" } },
      { name: "strange", configMap: { name: "strange" } },
    ],
  },
  // Somebody has put a secret where everybody may look.
  extra: [
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "leak", annotations: { "example.com/token": TOKEN } },
      data: { db: PASSWORD, key: KEY },
    },
  ],
};

const shell = (script: string): readonly string[] => ["sh", "-c", script];
const SHOP = "deployment/shop";
const WEB = "service://shop:80";
const QUIET_LOG = { doesNotContain: "${db}" };

/** Checks that quote what they see, and see secrets. */
const TELLING: readonly object[] = [
  { http: { url: `${WEB}/`, status: 201 } },
  { http: { url: `${WEB}/key.txt`, body: { contains: "other" } } },
  { http: { url: `${WEB}/told.json`, jsonpath: { "$.token": "other", "$.lines": "${key}", $: "other" } } },
  { http: { url: `${WEB}/?token=\${token}`, status: 404, requestHeaders: { Authorization: "Bearer ${token}" } } },
  { http: { url: `${WEB}/no/\${token}`, requestBody: { password: "${db}" }, method: "POST", status: 201 } },
  { http: { url: "http://shop:${token}@127.0.0.1:1/${token}", status: 200 } },
  { http: { url: `${WEB}/`, status: 200, requestHeaders: { "X-Key": "${key}" } } },
  { metrics: { url: `${WEB}/metrics`, samples: [{ name: "tells", value: 2 }] } },
  { metrics: { url: `${WEB}/metrics`, samples: [{ name: "tells", labels: { token: "${db}" } }] } },
  { exec: { workload: SHOP, command: shell('echo "$DB $TOKEN"; echo "$KEY" >&2; exit 3') } },
  { exec: { workload: SHOP, command: ["echo", "${db}", "${token}"], stdout: "other" } },
  { exec: { workload: SHOP, command: ["no-such-${db}", "${token}"] } },
  { exec: { workload: SHOP, command: shell('echo "$HIDDEN" | tr a-z A-Z; echo other'), stdout: "${db}" } },
  { env: { workload: SHOP, variables: { DB: "other", TOKEN: "${db}" } } },
  { logs: { workload: SHOP, ...QUIET_LOG } },
  { logs: { workload: SHOP, doesNotContain: "${token}" } },
  { logs: { workload: SHOP, contains: "no ${db} ${token}" } },
  { resources: { apiVersion: "v1", kind: "ConfigMap", name: "leak", assert: { data: { db: "other", key: "${db}" } } } },
  {
    resources: {
      ...{ apiVersion: "v1", kind: "ConfigMap", name: "leak" },
      assert: { metadata: { annotations: { "example.com/token": "other" } } },
    },
  },
  { resources: { apiVersion: "v1", kind: "Secret", name: "shop-db", assert: { data: { value: "other" } } } },
  { resources: { apiVersion: "v1", kind: "Secret", name: "shop-token", assert: { data: { value: { "==": 1 } } } } },
  { tcp: { address: "${token}:1" } },
  { nats: { server: "127.0.0.1:1", user: "shop", password: "${db}", stream: { name: "ORDERS" } } },
  { dns: { name: "${token}" } },
];

/** The same, where a stranger speaks. */
const QUOTING: readonly object[] = STRANGE.flatMap((_, index) => {
  const file = `/strange/word-${index}`;
  const [line = ""] = (STRANGE[index] ?? "").split("\n").filter((each) => each.trim() !== "");
  return [
    { exec: { workload: SHOP, command: ["cat", file], stdout: "other" } },
    ...(line.length > 3 && index < 6 ? [{ logs: { workload: SHOP, doesNotContain: line } }] : []),
  ];
});

/** Each is looked at twice, with time for an answer: all of them at once are much for a busy machine. */
const unhurried = (checks: readonly object[]): readonly object[] =>
  checks.map((check, index) => ({ name: `check ${index}`, timeout: "4s", interval: "4s", optional: true, ...check }));

const SPEC = {
  apiVersion: "mayfly/v1alpha1",
  kind: "SmokeTest",
  metadata: { name: "shop" },
  spec: {
    timeout: "20s",
    interval: "500ms",
    bindings: [secret("db", "db"), secret("key", "key"), secret("token", "token")],
    steps: [
      // What it finds is masked from then on.
      {
        name: "first",
        try: unhurried([{ env: { workload: SHOP, variables: { HIDDEN: "other" } } }]),
      },
      {
        name: "right",
        try: [
          { http: { url: `${WEB}/`, body: "${db} ${token}\n" } },
          { exec: { workload: SHOP, command: shell('printf %s "$DB"'), stdout: "${db}" } },
          { env: { workload: SHOP, variables: { DB: "${db}", HIDDEN: { exists: true } } } },
        ],
      },
      { name: "telling", try: [{ parallel: unhurried(TELLING) }] },
      { name: "quoting", try: [{ parallel: unhurried(QUOTING) }] },
      {
        name: "red",
        try: [{ exec: { workload: SHOP, command: ["false"] }, timeout: "100ms" }],
        catch: [
          { podLogs: { workload: SHOP, tail: 1_000 } },
          { events: {} },
          ...["shop-db", "shop-token"].map((name) => ({ describe: { apiVersion: "v1", kind: "Secret", name } })),
          { describe: { apiVersion: "v1", kind: "ConfigMap", name: "leak" } },
          { describe: { apiVersion: "apps/v1", kind: "Deployment", name: "shop" } },
        ],
      },
    ],
  },
};

const missing = (name: string, key: string): object => ({ name: key, valueFrom: { secretKeyRef: { name, key } } });
const WITHOUT = {
  ...SPEC,
  spec: {
    bindings: [missing("nowhere", "one"), missing("shop-db", "two")],
    steps: [{ name: "one", try: [{ tcp: { address: "${one}:1" } }] }],
  },
};

let scene: HelmScene;
let play: SmokePlay;
let unread: SmokePlay;
const commands = new Set<string>();

beforeAll(async () => {
  scene = await openHelmScene();
  const namespace = await scene.space("smoke-secrets");
  const data = Object.fromEntries(STRANGE.map((text, index) => [`word-${index}`, `${text}\n`]));
  const strange = JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "strange" }, data });
  await scene.cluster.kubectlWith(strange, "create", `--namespace=${namespace}`, "-f", "-");
  await scene.install(namespace, APP);
  const at = { scene, scratch: scene.scratch };
  const take = (spec: object): Promise<SmokePlay> =>
    playSmoke(at, { "web.yaml": JSON.stringify(spec) }, { spec: "web.yaml", namespace }, withCluster(scene));
  const over = new AbortController();
  const watching = watchMachine(over.signal);
  [play, unread] = await Promise.all([take(SPEC), take(WITHOUT)]);
  over.abort();
  await watching;
}, 120_000);

afterAll(async () => {
  await scene?.[Symbol.asyncDispose]();
});

/** Looks at the command lines that everybody on the machine can see. */
async function watchMachine(over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    for (const command of lookAround().commands) commands.add(command);
    await sleep(100);
  }
}

describe("secrets that a spec uses, and that what it looks at tells to everybody", () => {
  test("are what checks are taken with", () => {
    const report = JSON.parse(readReportFile(play, "smoke.json")) as Report;
    const outcomes = report.tests[0]?.steps.map(({ name, outcome }) => `${name} ${outcome}`);
    expect(outcomes).toEqual(["first passed", "right passed", "telling passed", "quoting passed", "red failed"]);
    expect(play.outputs).toMatchObject({ passed: "3", failed: "1", "error-code": "smoke-failed" });
  });

  test("hide nothing else: each check tells what is not as it has to be", () => {
    const report = JSON.parse(readReportFile(play, "smoke.json")) as Report;
    const telling = report.tests[0]?.steps.find(({ name }) => name === "telling")?.checks ?? [];
    expect(telling.map(({ outcome }) => outcome)).toEqual(TELLING.map(() => "failed"));
    expect(telling.filter(({ seen }) => seen === "" || seen.includes("fault in Mayfly"))).toEqual([]);
    expect(telling[0]?.seen).toMatch(
      /(?:^|before: )status 200 in \d+ ms, body "\*\*\* \*\*\*" \(by the API server's proxy\)$/,
    );
    expect(telling[9]?.seen).toMatch(/(?:^|before: )exit code 3, stdout "\*\*\* \*\*\*", stderr "\*\*\*"$/);
  });

  test.each([...SECRETS, ...ESCAPED])("show in nothing that the job leaves (%#)", (one) => {
    expectNoSecret(play, one);
    expect(findSecret({ files: play.files, commands: [...commands] }, one)).toEqual([]);
  });

  test("are taken out by ourselves: the runner finds none that it had to hide", () => {
    expect(play.log.filter(({ masked }) => masked)).toEqual([]);
  });

  test("are not missed where they are not there", () => {
    expect(unread.outputs).toMatchObject({ failed: "1", skipped: "1", "error-code": "smoke-failed" });
    expect(unread.errors[0]?.message).toMatch(
      /smoke-secret-missing: .*Secret \S+\/nowhere is not there, or has no key one; .*\/shop-db is not there, or has no key two/,
    );
  });
});

interface Report {
  readonly tests: readonly {
    readonly steps: readonly {
      readonly name: string;
      readonly outcome: string;
      readonly checks: readonly { readonly outcome: string; readonly seen: string }[];
      readonly evidence: readonly { readonly title: string; readonly text: string }[];
    }[];
  }[];
}

describe("what a stranger prints", () => {
  test("is kept as evidence, and obeyed by nobody", () => {
    expectNoCommand(play);
    const report = JSON.parse(readReportFile(play, "smoke.json")) as Report;
    const evidence = report.tests[0]?.steps.find(({ name }) => name === "red")?.evidence ?? [];
    expect(evidence.map(({ title }) => title)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^log of shop-/)]),
    );
    const texts = evidence.map(({ text }) => text).join("\n");
    expect(texts).toContain("starting\n*** *** ***\n***\n***\nx\n: :set-output");
    expect(texts).toContain("PWNED");
    expect(texts).not.toMatch(/^\s*::/m);
  });

  test("makes nothing of its own on the page", () => {
    expectHarmless(play.main.summary);
  });

  test("leaves a report that programs for test results can read", async () => {
    const { counts } = await readJunit(readReportFile(play, "smoke.xml"));
    expect(counts).toMatchObject({ tests: 5 + TELLING.length + QUOTING.length, failures: 1 });
  });
});
