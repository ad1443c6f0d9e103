import { describe, expect, test } from "@jest/globals";
import { HEAD, problemsOf, readProblems } from "./read-body.ts";

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
    [
      "http: { url: 'service://shop/', status: 200 }",
      [
        expect.stringMatching(
          /^8:20 expected https:.*service:.*:port.*, got "service:\/\/shop\/"$/,
        ) as unknown as string,
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

  test.each([
    ["helm: { test: true }", "test"],
    ["helm: { tests: [a] }", "tests"],
    ["nats: { server: 'a:1', publish: { subject: a } }", "publish"],
    ["nats: { server: 'a:1', subscribe: { subject: a, as: b } }", "subscribe"],
    ["nats: { server: 'a:1', stream: { name: A, subjects: [a] } }", "subjects"],
    ["nats: { server: 'a:1', consumer: { stream: A, name: b, ensure: true } }", "ensure"],
  ])("of `error` around what acts is told, since that it fails proves nothing: %s", (entry, key) => {
    expect(problemsOf(entry)).toEqual([]);
    expect(problemsOf(`error: { ${entry} }`)).toEqual([expect.stringMatching(`^8:\\d+ expected .*, got "${key}"$`)]);
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

  test.each([
    ["dns: { name: ${run.id} }"],
    ["exec: { pod: a, command: [${run.id}] }"],
    ["exec: { pod: a, command: [a, ${run.id}], exitCode: 1 }"],
  ])("of a ${…} without the quotes that it needs there is told once, and not in the parser's words: %s", (entry) => {
    expect(problemsOf(entry)).toEqual([
      expect.stringMatching(/^8:\d+ expected quotes around a value with \$\{…\} in \{…\} or \[…\], got none$/),
    ]);
  });

  test.each(["'>=': 0", "'>': -1", "not: { '<': 0 }", "'>=': 0, '!=': 1.5", "exists: true"])(
    "of a count that every number of objects fulfils: %s",
    (count) => {
      const pods = "resources: { apiVersion: v1, kind: Pod";
      expect(problemsOf(`${pods}, count: { ${count} } }`)).toEqual([
        expect.stringMatching(/^8:\d+ expected a count that can be wrong, such as \{'>=': 1\}: .*, got /),
      ]);
    },
  );

  test.each(["0", "3", "{ '>=': 1 }", "{ '!=': 3 }", "{ '<': 9, '>=': 0 }", "{ not: { '<': 2 } }"])(
    "none of a count that some number does not fulfil: %s",
    (count) => {
      expect(problemsOf(`resources: { apiVersion: v1, kind: Pod, count: ${count} }`)).toEqual([]);
    },
  );

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
