import { describe, expect, test } from "@jest/globals";
import { fill } from "../../src/smoke/fill.ts";
import { readSpec } from "../../src/smoke/read-spec.ts";
import { DEFAULTS, GIVEN, HEAD, problemsOf, readChecks, readProblems, readValue } from "./read-body.ts";

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
