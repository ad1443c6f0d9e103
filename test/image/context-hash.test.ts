import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type BuildContent, nameContext } from "../../src/image/context-hash.ts";

const NOTHING: BuildContent = {
  entries: [],
  dockerfile: "FROM scratch\n",
  target: undefined,
  buildArgs: {},
  buildContexts: {},
  secretIds: [],
  ssh: [],
  platforms: [],
  provenance: undefined,
  sbom: false,
  labels: {},
  annotations: {},
  bases: {},
};
const FILE = { path: "a", kind: "file", mode: 0o644, content: "00" } as const;

const pairs = fc.dictionary(fc.string({ maxLength: 4 }), fc.string({ maxLength: 4 }), { maxKeys: 3 });
const words = fc.uniqueArray(fc.string({ maxLength: 4 }), { maxLength: 3 });
const entries = fc.uniqueArray(
  fc.record({
    path: fc.string({ minLength: 1, maxLength: 4 }),
    kind: fc.constantFrom("file" as const, "folder" as const, "link" as const),
    mode: fc.constantFrom(0o600, 0o644, 0o755),
    content: fc.option(fc.string({ maxLength: 4 }), { nil: undefined }),
  }),
  { maxLength: 4, selector: ({ path }) => path },
);
const contents: fc.Arbitrary<BuildContent> = fc.record({
  entries,
  dockerfile: fc.string(),
  target: fc.option(fc.string({ maxLength: 3 }), { nil: undefined }),
  buildArgs: pairs,
  buildContexts: pairs,
  secretIds: words,
  ssh: words,
  platforms: words,
  provenance: fc.option(fc.string({ maxLength: 3 }), { nil: undefined }),
  sbom: fc.boolean(),
  labels: pairs,
  annotations: pairs,
  bases: pairs,
});

/** The content as a value in which order does not count. */
const canonical = (content: BuildContent): unknown => ({
  ...content,
  entries: content.entries.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
  secretIds: content.secretIds.toSorted(),
  ssh: content.ssh.toSorted(),
  platforms: content.platforms.toSorted(),
  pairs: [content.buildArgs, content.buildContexts, content.labels, content.annotations, content.bases].map((one) =>
    Object.entries(one).sort(),
  ),
  buildArgs: {},
  buildContexts: {},
  labels: {},
  annotations: {},
  bases: {},
});

describe("the name of a content", () => {
  test("is a tag that purges know", () => {
    expect(nameContext(NOTHING)).toMatch(/^ctx-[0-9a-f]{32}$/);
  });

  test("is the same for the same content in another order", () => {
    fc.assert(
      fc.property(contents, (content) => {
        const turned = {
          ...content,
          entries: content.entries.toReversed(),
          platforms: content.platforms.toReversed(),
          buildArgs: Object.fromEntries(Object.entries(content.buildArgs).toReversed()),
        };
        expect(nameContext(turned)).toBe(nameContext(content));
      }),
    );
  });

  test("is never the same for two contents", () => {
    fc.assert(
      fc.property(contents, contents, (one, other) => {
        const same = JSON.stringify(canonical(one)) === JSON.stringify(canonical(other));
        fc.pre(!same);
        expect(nameContext(one)).not.toBe(nameContext(other));
      }),
    );
  });

  test.each<readonly [string, Partial<BuildContent>]>([
    ["a file's content", { entries: [{ ...FILE, content: "01" }] }],
    ["whether it may be run", { entries: [{ ...FILE, mode: 0o755 }] }],
    ["who may read it", { entries: [{ ...FILE, mode: 0o600 }] }],
    ["its path", { entries: [{ ...FILE, path: "b" }] }],
    ["a file more", { entries: [FILE, { ...FILE, path: "b" }] }],
    ["the Dockerfile", { dockerfile: "FROM scratch AS a\n" }],
    ["the stage", { target: "a" }],
    ["a build argument", { buildArgs: { A: "1" } }],
    ["what a named context is", { buildContexts: { a: "docker-image://b" } }],
    ["a base image that moved", { bases: { alpine: "sha256:2" } }],
    ["a platform", { platforms: ["linux/arm64"] }],
    ["an attestation", { provenance: "mode=max" }],
    ["a label of the user's", { labels: { a: "b" } }],
    ["an annotation of the user's", { annotations: { a: "b" } }],
    ["a secret", { secretIds: ["npm"] }],
  ])("changes with %s", (_, change) => {
    const base = { ...NOTHING, entries: [FILE], bases: { alpine: "sha256:1" } };
    expect(nameContext({ ...base, ...change })).not.toBe(nameContext(base));
  });
});
