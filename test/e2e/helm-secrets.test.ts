import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { needTools } from "../image-tools/need-tools.ts";
import { expectNoSecret } from "../runner/expect-no-secret.ts";
import type { Step } from "../runner/job.ts";
import { listHelms } from "./helm-process.ts";
import { type Deployed, type HelmScene, openHelmScene } from "./helm-scene.ts";
import { inLanes } from "./lanes.ts";
import { findSecret, lookAround } from "./look-around.ts";
import { readFolder } from "./scene.ts";

const MINUTES = 60_000;
/** More processes than this only wait for each other. */
const LANES = 2;

jest.setTimeout(1 * MINUTES);

/** With all that JSON, shells, URIs and Go write in their own ways. */
const PASSWORD = 'Hunter_2*"quoted"&<hunter>';
const KEY = "first line of the key\nsecond line of the key";
/** As long as tokens are, and so longer than what people want to read of one line. */
const TOKEN = randomBytes(450).toString("hex");
const OBJECT = `object-${randomBytes(12).toString("hex")}`;
/** A part of a secret is one, too. */
const SECRETS = [PASSWORD, ...KEY.split("\n"), TOKEN.slice(0, 40), TOKEN.slice(-40), OBJECT];
/** What Go's JSON and a page of Markdown make of it, and its first part. */
const ESCAPED = ['Hunter_2*\\"quoted\\"\\u0026\\u003chunter\\u003e', "Hunter\\_2\\*", "Hunter_2*"];

interface Case {
  readonly name: string;
  /** Values that are no secret. */
  readonly values: object;
  readonly secretValues?: object;
  readonly inputs?: Readonly<Record<string, string>>;
  /** Files of the chart, besides. */
  readonly files?: Readonly<Record<string, string>>;
  /** The code of the failure; empty where there is none. */
  readonly code: string;
  /** What is told all the same. */
  readonly says: RegExp;
}

const TELL = 'echo starting; echo "$PAGE" "$token" "$value"; cat /key/value; printf %s "$value" | base64;';
const SERVE = "mkdir -p /www; echo served >/www/index.html; exec httpd -f -p 8080 -h /www";
const TELLING = {
  container: {
    envFrom: [{ secretRef: { name: "shop-db" } }, { secretRef: { name: "api" } }],
    volumeMounts: [{ name: "key", mountPath: "/key" }],
  },
  pod: { volumes: [{ name: "key", secret: { secretName: "shop-key" } }] },
};
/** Refused for its labels, which the API server quotes. */
const REFUSED = {
  extra: [
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "shop-map", labels: { short: "{{ .Values.secret.db }}", long: "{{ .Values.page }}" } },
    },
  ],
};
const QUOTE = '{{ fail (printf "%s %s %s" .Values.secret.db (toJson .Values.secret.db) .Values.page) }}';

const CASES: readonly Case[] = [
  {
    name: "a program that prints them and works",
    values: { ...TELLING, script: `${TELL} ${SERVE}` },
    inputs: { evidence: "always" },
    code: "",
    says: /^$/,
  },
  {
    name: "a program that prints them and crashes",
    values: { ...TELLING, script: `${TELL} echo "$value" "$PAGE" >/dev/termination-log; exit 3` },
    code: "rollout-failed",
    says: /^Deployment\/shop: container web of shop-\S+ /,
  },
  {
    name: "a program whose name is one, as the kubelet quotes it",
    values: { page: "second" },
    secretValues: { container: { command: [PASSWORD, TOKEN] } },
    code: "rollout-failed",
    says: /^Deployment\/shop: container web of shop-\S+ /,
  },
  {
    name: "a template that fails with them",
    values: { page: "second" },
    files: { "shop/templates/quote.yaml": QUOTE },
    code: "chart-render-failed",
    says: /quote\.yaml:1: /,
  },
  {
    name: "an API server that quotes them to the preflight",
    values: REFUSED,
    code: "object-invalid",
    says: /^Nothing was changed\.$/,
  },
  {
    name: "an API server that quotes them to helm",
    values: REFUSED,
    inputs: { preflight: "none" },
    code: "object-invalid",
    says: /^ConfigMap\/shop-map is not valid: .*metadata\.labels: Invalid value: "\*\*\*/,
  },
];

interface Seen {
  readonly deployed: Deployed;
  readonly workspace: ReadonlyMap<string, string>;
  /** Command lines and, of helm, environments that were there in the meantime. */
  readonly commands: ReadonlySet<string>;
  /** Files of values that helm was given, with their permission bits. */
  readonly files: ReadonlyMap<string, string>;
  readonly page: string;
}

let scene: HelmScene;
const outcomes = new Map<Case, PromiseSettledResult<Seen>>();

beforeAll(async () => {
  scene = await openHelmScene();
  await inLanes(CASES, LANES, async (one) => {
    const [outcome] = await Promise.allSettled([play(one)]);
    outcomes.set(one, outcome);
  });
}, 5 * MINUTES);

afterAll(async () => {
  await scene[Symbol.asyncDispose]();
});

async function play({ name, values, secretValues, inputs, files }: Case): Promise<Seen> {
  const namespace = await scene.space(`secret-${CASES.findIndex((one) => one.name === name)}`);
  await scene.install(namespace);
  const workspace = await scene.workspace(files);
  const secrets = {
    VALUES: JSON.stringify({ secret: { db: PASSWORD, key: KEY }, page: TOKEN, ...secretValues }),
    OBJECTS: JSON.stringify({ api: { token: OBJECT } }),
  };
  const given = {
    "values-yaml": JSON.stringify({ image: scene.image, ...values }),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: expressions of GitHub's
    ...{ "secret-values": "${{ secrets.VALUES }}", "secret-objects": "${{ secrets.OBJECTS }}" },
    ...inputs,
  };
  const helm = await recordHelm();
  const commands = new Set<string>();
  const over = new AbortController();
  const watching = watchMachine(namespace, commands, over.signal);
  const deployed = await scene.deploy(namespace, given, { workspace, secrets, before: [helm.step] });
  over.abort();
  await watching;
  for (const text of helm.commands()) commands.add(text);
  const page = await scene.page(namespace);
  return { deployed, workspace: readFolder(workspace), page, commands, files: helm.files() };
}

interface Recorder {
  /** Puts a helm that writes down what it is given before the real one, which it then becomes. */
  readonly step: Step;
  /** Command line and environment of each helm that was started. */
  commands(): readonly string[];
  /** Files of values by path, with their permission bits when helm started; `gone` where there was none. */
  files(): ReadonlyMap<string, string>;
}

/** A `helm template` is over before anybody has looked at the machine. */
async function recordHelm(): Promise<Recorder> {
  const folder = await mkdtemp(join(scene.scratch, "helm-"));
  const [bin, told] = [join(folder, "bin"), join(folder, "told")];
  for (const each of [bin, told]) await mkdir(each);
  const script = [
    "#!/bin/sh",
    `told="$(PATH=/usr/bin:/bin mktemp '${told}/XXXXXX')"`,
    'PATH=/usr/bin:/bin cat "/proc/$$/cmdline" "/proc/$$/environ" >"$told"',
    'for word; do case "$word" in --values=*)',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's own
    '  file="${word#--values=}"; PATH=/usr/bin:/bin stat -c "%a %n" -- "$file" || echo "gone $file" ;;',
    'esac; done >"$told.files" 2>/dev/null',
    `exec '${needTools("helm").helm}' "$@"`,
  ].join("\n");
  await writeFile(join(bin, "helm"), script, { mode: 0o755 });
  const read = (files: boolean): readonly string[] =>
    [...readFolder(told)].filter(([name]) => name.endsWith(".files") === files).map(([, text]) => text);
  return {
    step: { run: `echo '${bin}' >>"$GITHUB_PATH"` },
    commands: () => read(false),
    files: () =>
      new Map(read(true).flatMap((text) => [...text.matchAll(/^(\S+) (.+)$/gm)].map(([, m = "", f = ""]) => [f, m]))),
  };
}

/** Looks at what everybody on the machine can see as long as the job goes on. */
async function watchMachine(namespace: string, commands: Set<string>, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    for (const command of lookAround().commands) commands.add(command);
    for (const { pid } of listHelms(namespace)) {
      try {
        commands.add(readFileSync(`/proc/${pid}/environ`, "utf8"));
      } catch {
        // Gone in between.
      }
    }
    await sleep(100);
  }
}

describe.each(CASES)("secrets of $name", (one) => {
  const seen = (): Seen => {
    const outcome = outcomes.get(one);
    if (outcome?.status !== "fulfilled") throw outcome?.reason ?? new Error("It was not played");
    return outcome.value;
  };

  test("hide nothing else: what is wrong is told, and what works goes on", () => {
    const { deployed, page } = seen();
    expect(deployed.outputs["error-code"] ?? "").toBe(one.code);
    expect(deployed.says).toMatch(one.says);
    expect(page).toBe(one.code === "" ? "served" : "first");
  });

  test.each([...SECRETS, ...ESCAPED])("show in nothing that the job leaves (%#)", (secret) => {
    const { deployed, workspace } = seen();
    expectNoSecret(deployed, secret);
    const files = new Map([...deployed.left, ...workspace, ...deployed.evidence]);
    expect(findSecret({ files, commands: [] }, secret)).toEqual([]);
  });

  test("show in no command line and not in helm's environment, and lie in files of this user's that are gone", () => {
    const { commands, files } = seen();
    expect([...commands].join("\n")).toContain("--values=");
    for (const secret of SECRETS) expect(findSecret({ files: new Map(), commands: [...commands] }, secret)).toEqual([]);
    expect([...files.values()]).toEqual([...files].map(() => "600"));
    expect([...files.keys()].filter((path) => existsSync(path))).toEqual([]);
    expect(files.size).toBeGreaterThan(0);
  });
});

test("what a program prints is kept as evidence, without the secrets in it", () => {
  const crashed = CASES.find(({ name }) => name.endsWith("crashes"));
  const outcome = crashed === undefined ? undefined : outcomes.get(crashed);
  if (outcome?.status !== "fulfilled") throw new Error("It was not played");
  const logs = [...outcome.value.deployed.evidence].filter(([name]) => name.endsWith(".log")).map(([, text]) => text);
  expect(logs.join("\n")).toMatch(/starting\n\*\*\* \*\*\* \*\*\*\n/);
});
