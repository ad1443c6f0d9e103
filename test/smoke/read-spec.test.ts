import { describe, expect, test } from "@jest/globals";
import { fill } from "../../src/smoke/fill.ts";
import { readSpec } from "../../src/smoke/read-spec.ts";
import type { Check, SmokeTest } from "../../src/smoke/smoke-test.ts";

const HEAD = "apiVersion: mayfly/v1alpha1\nkind: SmokeTest\nmetadata: { name: orders }\n";
const GIVEN = {
  namespace: "shop",
  port: 8080,
  codes: [200, 201],
  tricky: "${id} $",
  release: { name: "web", revision: 3, services: [{ name: "api" }] },
};
const DEFAULTS = { namespace: "default", timeout: 60_000, interval: 1_000 };

function read(text: string, bindings: Readonly<Record<string, unknown>> = GIVEN) {
  return readSpec({ file: "smoke.yaml", text }, bindings, DEFAULTS);
}

function readValue(body: string): SmokeTest {
  const found = read(HEAD + body);
  if ("problems" in found) throw new Error(found.problems.map(({ message }) => message).join("\n"));
  return found.value;
}

/** Checks of the only step, as they stand in `try`. */
function readChecks(...entries: readonly string[]): readonly Check[] {
  const list = entries.map((entry) => `    - ${entry}\n`).join("");
  const [step] = readValue(`spec:\n  steps:\n  - name: one\n    try:\n${list}`).steps;
  return (step?.try ?? []).flatMap((each) => (each.kind === "parallel" ? each.checks : [each]));
}

/** `line:column message` of each problem of a text. */
function readProblems(text: string): readonly string[] {
  const found = read(text);
  return "problems" in found ? found.problems.map(({ line, column, message }) => `${line}:${column} ${message}`) : [];
}

/** The problems of one entry, whose first column is 7 in line 8. */
function problemsOf(...entries: readonly string[]): readonly string[] {
  const list = entries.map((entry) => `    - ${entry}\n`).join("");
  return readProblems(`${HEAD}spec:\n  steps:\n  - name: one\n    try:\n${list}`);
}

describe("a spec", () => {
  test("is read with its lines, and with times and a namespace of its own before those of the action", () => {
    const test = readValue(
      "spec:\n  namespace: other\n  timeout: 2m\n  steps:\n  - name: one\n    tags: [fast]\n    try:\n    - tcp: { address: 'a:1' }\n    - tcp: { address: 'b:1' }\n      timeout: 5s\n      interval: 200ms\n      consistently: 3s\n      optional: true\n",
    );
    expect(test).toMatchObject({ file: "smoke.yaml", name: "orders", namespace: "other", secrets: [] });
    expect(test.steps).toEqual([
      {
        name: "one",
        line: 8,
        tags: ["fast"],
        catch: undefined,
        finally: [],
        try: [
          expect.objectContaining({ line: 11, timeout: 120_000, interval: 1_000, consistently: 0, optional: false }),
          expect.objectContaining({ line: 12, timeout: 5_000, interval: 200, consistently: 3_000, optional: true }),
        ],
      },
    ]);
  });

  test("holds checks that must not hold, checks side by side, evidence, and objects to take away", () => {
    const [step] = readValue(
      "spec:\n  steps:\n  - name: one\n    try:\n    - error: { events: {} }\n    - parallel:\n      - dns: { name: a }\n      - dns: { name: b }\n    catch:\n    - podLogs: { selector: app=a }\n    finally:\n    - delete: { apiVersion: v1, kind: ConfigMap, name: mark }\n    - dns: { name: c }\n",
    ).steps;
    expect(step?.try).toMatchObject([
      { kind: "events", negated: true, name: "error events Warning", line: 8 },
      {
        kind: "parallel",
        line: 9,
        checks: [
          { name: "dns a", line: 10 },
          { name: "dns b", line: 11 },
        ],
      },
    ]);
    expect(step?.catch).toEqual([{ podLogs: { selector: "app=a", tail: 50 } }]);
    expect(step?.finally).toMatchObject([
      { kind: "delete", ref: { apiVersion: "v1", kind: "ConfigMap", name: "mark" }, line: 15 },
      { kind: "dns", name: "dns c", negated: false },
    ]);
  });

  test("gives checks without a name one of what they look at, each its own", () => {
    const names = readChecks(
      "tcp: { address: 'a:1' }",
      "{ name: 'tcp a:1 #2', dns: { name: x } }",
      "tcp: { address: 'a:1' }",
      "parallel: [ { tcp: { address: 'a:1' } } ]",
      "http: { url: 'service://api:80/healthz', status: 200 }",
      "http: { url: 'http://a/', method: POST, status: 201 }",
      "exec: { workload: deployment/api, command: [cat, /etc/hostname] }",
    ).map(({ name }) => name);
    expect(names).toEqual([
      "tcp a:1",
      "tcp a:1 #2",
      "tcp a:1 #3",
      "tcp a:1 #4",
      "http service://api:80/healthz",
      "http POST http://a/",
      "exec deployment/api: cat /etc/hostname",
    ]);
  });
});

describe("what stands between ${ and }", () => {
  test("is the value itself where it stands alone, and a part of a text elsewhere", () => {
    const [check] = readChecks(
      "http: { url: 'http://${release.services[0].name}.${namespace}:${port}/', status: '${codes}', body: '${release.revision}', requestBody: '${release}' }",
    );
    expect(check?.with).toMatchObject({
      url: "http://api.shop:8080/",
      status: [200, 201],
      body: 3,
      requestBody: GIVEN.release,
    });
  });

  test("is a binding of the spec, which may use those before it, unless the action has a value of that name", () => {
    const spec = (value: string) =>
      `spec:\n  bindings:\n  - { name: host, value: 'api.\${namespace}' }\n  - { name: base, value: 'http://\${host}' }\n  - { name: port, value: ${value} }\n  steps:\n  - name: one\n    try:\n    - http: { url: '\${base}:\${port}/', status: 200 }\n`;
    const [check] = readValue(spec("80")).steps[0]?.try ?? [];
    expect(check).toMatchObject({ with: { url: "http://api.shop:8080/" } });
    expect(readProblems(HEAD + spec("'${later}'"))).toEqual([
      expect.stringMatching(/^8:26 expected one of .*host.*, got \$\{later\}/),
    ]);
  });

  test("of a secret or a capture is left for `fill`, which takes nothing else for a name", () => {
    const test = readValue(
      "spec:\n  bindings:\n  - { name: pw, valueFrom: { secretKeyRef: { name: db, key: password } } }\n  steps:\n  - name: one\n    try:\n    - http: { url: 'http://a/', status: 200, captures: { id: { jsonpath: $.id } } }\n  - name: two\n    try:\n    - http: { url: 'http://a/${id}', body: { contains: '$${id} ${pw} ${tricky}${id}' }, requestBody: { '==': '${tricky}' } }\n",
    );
    expect(test.secrets).toEqual([{ name: "pw", namespace: undefined, secret: "db", key: "password", line: 6 }]);
    const check = test.steps[1]?.try[0];
    expect(check).toMatchObject({ name: "http http://a/${id}" });
    expect(fill(check !== undefined && "with" in check ? check.with : {}, { id: "7", pw: "${id}" })).toMatchObject({
      url: "http://a/7",
      body: { contains: "${id} ${id} ${id} $7" },
      requestBody: { "==": "${id} $" },
    });
  });

  test("never changes what the YAML is", () => {
    const evil = "x\n    - tcp: { address: 'evil:1' }\n${port}";
    const found = readSpec(
      {
        file: "smoke.yaml",
        text: `${HEAD}spec:\n  steps:\n  - name: one\n    try:\n    - http: { url: 'http://a/', status: 200, requestHeaders: { a: '\${evil}', b: '-\${evil}-' } }\n`,
      },
      { evil },
      DEFAULTS,
    );
    const [check, ...others] = "value" in found ? (found.value.steps[0]?.try ?? []) : [];
    expect(others).toEqual([]);
    expect(check !== undefined && "with" in check ? fill(check.with, {}) : {}).toMatchObject({
      requestHeaders: { a: evil, b: `-${evil}-` },
    });
  });

  test.each([
    ["dns: { name: '${prot}' }", /^8:20 expected port, got \$\{prot\}; a literal \$\{ is written \$\$\{$/],
    ["dns: { name: '${terraform.url}' }", /^8:20 .*known, got \$\{terraform.url\}; terraform comes with/],
    [
      "dns: { name: '${release.chart}' }",
      /^8:20 .*none from \$\{release.chart\}: there is no chart in name, revision, services$/,
    ],
    ["dns: { name: '${release.services[1].name}' }", /there is no 1 in a list of 1$/],
    ["dns: { name: '${port +}' }", /^8:20 expected a name or an expression \(JMESPath\), got/],
    ["dns: { name: 'x${codes}' }", /^8:20 expected a text, a number, true or false from x\$\{codes\}, got a list$/],
    ["dns: { name: '${{ vars.x }}' }", /^8:20 .*GitHub.*variables/],
    ["dns: { name: '${port }' , '${port}': 1 }", /^8:\d+ expected a key without \$\{, got "\$\{port\}": only values/],
    [
      "{ dns: { name: a }, optional: '${codes}' }",
      /expected a text, a number, true or false from \$\{codes\}, got a list/,
    ],
  ])("cannot be as in %s", (entry, problem) => {
    expect(problemsOf(entry)).toContainEqual(expect.stringMatching(problem));
  });
});

describe("names that are known only when the test runs", () => {
  const captures = "http: { url: 'http://a/', status: 200, captures: { id: { jsonpath: $.id } } }";
  const uses = "dns: { name: 'x${id}' }";

  test.each<[string, readonly string[], RegExp]>([
    [
      "before they are captured",
      [uses, captures],
      /^8:20 expected a name that is known by then, got id \(captured in line 9\)/,
    ],
    [
      "by a check that captures them",
      ["http: { url: 'http://a/${id}', status: 200, captures: { id: { jsonpath: $.id } } }"],
      /known by then/,
    ],
    ["beside a check that captures them", [`parallel: [ { ${captures} }, { ${uses} } ]`], /known by then/],
    [
      "with something to calculate",
      [captures, "dns: { name: '${upper(id)}' }"],
      /^9:20 expected \$\{id\}, got \$\{upper\(id\)\}/,
    ],
    [
      "where no text can be",
      [captures, "keda: { scaledJob: a, active: '${id}' }"],
      /^9:37 expected true or false, got "\$\{id\}"/,
    ],
    ["in a name", [captures, "{ name: '${id}', dns: { name: a } }"], /^9:15 .*which only checks can use/],
    ["twice", [captures, captures], /^9:\d+ expected a new name, got "id" as in line 8/],
    ["from what must not hold", [`error: { ${captures} }`], /expected no captures of what must not hold/],
    [
      "by a name of the action's",
      [captures.replace("id:", "port:")],
      /expected a new name, got "port", which the action gives/,
    ],
  ])("cannot be used %s", (_, entries, problem) => {
    expect(problemsOf(...entries)).toEqual([expect.stringMatching(problem)]);
  });

  test("may be used later, in a finally of the same step too", () => {
    expect(readChecks(captures, uses)).toHaveLength(2);
    expect(
      readProblems(`${HEAD}spec:\n  steps:\n  - name: one\n    try:\n    - ${captures}\n    finally:\n    - ${uses}\n`),
    ).toEqual([]);
  });
});

describe("a problem", () => {
  test.each<[string, readonly string[]]>([
    ["htpp: { url: 'http://a/' }", ['8:7 expected http, got "htpp"']],
    [
      "{ dns: { name: a }, colour: 1, timout: 3 }",
      [
        expect.stringMatching(/^8:27 expected one of name, .*, got "colour"$/) as unknown as string,
        '8:38 expected timeout, got "timout"',
      ],
    ],
    [
      "http: { stats: 200, url: x }",
      [
        '8:15 expected status, got "stats"',
        expect.stringMatching(/^8:32 expected https:.*, got "x"$/) as unknown as string,
      ],
    ],
    ["dns: {}", ["8:12 expected the key name, got an empty mapping"]],
    ["dns: { nam: a }", ['8:14 expected name, got "nam"']],
    ["dns: { type: A }", ["8:12 expected the key name, got only type"]],
    ["dns: { name: 1.10 }", ["8:20 expected a host name, got 1.10"]],
    ["exec: { pod: a, command: [a, 1.10] }", ["8:36 expected a text, got 1.10 (in quotes it is a text)"]],
    ["exec: { pod: a, command: [] }", ["8:32 expected a list of texts with at least one element, got an empty list"]],
    [
      "exec: { pod: a, workload: job/a, command: [a] }",
      ["8:13 expected exactly one of pod, selector, workload, got a mapping with pod, workload, command"],
    ],
    ["events: []", ["8:15 expected a mapping, got an empty list"]],
    ["events:", ["8:14 expected a mapping, got nothing"]],
    ["http: { url: 'http://a/', body: { contians: x } }", ['8:41 expected contains, got "contians"']],
    [
      "http: { url: 'http://a/', headers: [a] }",
      [expect.stringMatching(/^8:42 expected a mapping from a header's name/) as unknown as string],
    ],
    [
      "http: { url: 'http://a/', body: { matches: '(' } }",
      [expect.stringMatching(/^8:50 expected a regular expression \(.+\), got "\("$/) as unknown as string],
    ],
    [
      "http: { url: 'http://a/', jsonpath: { id: 1 } }",
      [expect.stringMatching(/^8:45 expected a JSONPath such as \$\.id \(.+\), got "id"$/) as unknown as string],
    ],
    ["env: { pod: a, variables: [1] }", ["8:34 expected a text, got 1 (in quotes it is a text)"]],
    ["limits: { pod: a, cpu: lots }", ['8:30 expected a quantity such as 500m or 256Mi, got "lots"']],
    ["{ dns: { name: a }, interval: 1ms }", ['8:37 expected a duration of at least 100ms, got "1ms"']],
    [
      "parallel: [ { dns: { name: a } } ]\n      timeout: 5s",
      ["8:7 expected nothing beside parallel, got a mapping with parallel, timeout"],
    ],
    [
      "resources: { apiVersion: v1, kind: Pod, assert: { '(a': 1 } }",
      [expect.stringMatching(/^8:63 .*parenthesis/) as unknown as string],
    ],
    [
      "nats: { server: 'a:1', password: 'hunter22hunter22', stream: { name: a.b } }",
      [expect.stringMatching(/^8:76 expected a name without/) as unknown as string],
    ],
    ["nats: { server: 'a:1', password: [hunter22], stream: { name: a } }", ["8:40 expected a text, got a list"]],
    ["dns: { name: !secret a }", ["8:28 expected no tag, got !secret"]],
    ["dns: { name: &a b }\n    - dns: { name: *a }", ["9:20 expected the value itself, got the alias *a"]],
    ["dns: { name: a, name: b }", ['8:23 expected each key once, got "name" again']],
    ["dns: { name: a, toString: b }", ['8:23 expected another key, got "toString"']],
    ["dns: { name: a, ? [b] : c }", ["8:25 expected a text as the key, got something else"]],
    [
      "resources: { apiVersion: v1, kind: Pod, assert: { a: 12345678901234567 } }",
      [expect.stringMatching(/^8:60 expected a number of at most 15 digits/) as unknown as string],
    ],
  ])("of %s is told where it is", (entry, problems) => {
    expect(problemsOf(entry)).toEqual(problems);
  });

  test("of two checks in one entry, and of none, names what there can be", () => {
    expect(problemsOf("dns: { name: a }\n      tcp: { address: 'a:1' }", "name: x")).toEqual([
      expect.stringMatching(/^8:7 expected exactly one of resources, .*parallel, got a mapping with dns, tcp$/),
      expect.stringMatching(/^10:7 expected exactly one of .*, got a mapping with name$/),
    ]);
  });

  test("never shows what may be a secret, nor much of anything", () => {
    const key = `${"a1b2c3d4".repeat(4)}`;
    const told = problemsOf(
      `http: { url: '${key}', status: 200 }`,
      "workloadIdentity: { serviceAccount: 'UPPER', clientId: [] }",
      `dns: { name: a, type: '${"long words ".repeat(20)}' }`,
    ).join("\n");
    expect(told).not.toContain(key);
    expect(told).toContain("got a text of 32 characters");
    expect(Math.max(...told.split("\n").map((line) => line.length))).toBeLessThan(250);
  });

  test("of a name that stands twice says where the first is", () => {
    const twice = "{ name: a, dns: { name: a } }";
    expect(problemsOf(twice, `parallel: [ ${twice} ]`)).toEqual([
      '9:27 expected a name of its own for each check of the step, got "a" as in line 8',
    ]);
    expect(
      readProblems(
        `${HEAD}spec:\n  steps:\n  - { name: a, try: [ { dns: { name: a } } ] }\n  - { name: a, try: [ { dns: { name: a } } ] }\n`,
      ),
    ).toEqual(['7:13 expected a name of its own for each step, got "a" as in line 6']);
  });

  test.each([
    ["", ["1:1 expected a mapping, got nothing"]],
    ["# nothing\n", ["1:1 expected a mapping, got nothing"]],
    ["- a\n", ["1:1 expected a mapping, got a list"]],
    [`${HEAD}spec: { steps: [] }\n`, ["4:16 expected a list of steps with at least one element, got an empty list"]],
    [
      `${HEAD}spec: { steps: [ { name: a, try: [] } ] }\n`,
      ["4:34 expected a list of checks with at least one element, got an empty list"],
    ],
    [`${HEAD}---\n${HEAD}`, ["4:1 expected one document, got another: give each spec a file"]],
    [
      `a: ${"[".repeat(5_000)}`,
      expect.arrayContaining([expect.stringMatching(/expected at most 64 levels, got more/)]),
    ],
    [
      `${HEAD}spec:\n  bindings:\n  - { name: release, value: 1 }\n  - { name: a, value: 1 }\n  - { name: a, value: 2 }\n  steps: [ { name: a, try: [ { dns: { name: a } } ] } ]\n`,
      [
        '6:13 expected another name, got "release", which the action gives',
        '8:13 expected a new name, got "a" as in line 7',
      ],
    ],
  ])("of the file %j is told", (text, problems) => {
    expect(readProblems(text as string)).toEqual(problems);
  });
});
