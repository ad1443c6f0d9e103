import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { MEDIA_TYPES } from "../../src/image/manifest.ts";
import { decidePurge, listUnasked, type RepositoryFacts } from "../../src/image/purge.ts";
import {
  isCarrierTag,
  isContentTag,
  isTagOf,
  type PurgeEnvironment,
  parsePurgeEnvironment,
} from "../../src/image/purge-environment.ts";
import type { AcrManifest, AcrTag } from "../../src/registry/registry.ts";
import { messageOf, readValue } from "./parsed.ts";
import { judgePurge } from "./purge-oracle.ts";

const PR2: PurgeEnvironment = { name: "pr-2", pullRequest: 2 };
const CTX = `ctx-${"c".repeat(40)}`;
const CARRIER = `${CTX}-linux-arm64`;
const free = { writeEnabled: true, deleteEnabled: true };

const tag = (name: string, digest: string, more: Partial<AcrTag> = {}): AcrTag => ({
  name,
  digest,
  createdAt: undefined,
  updatedAt: undefined,
  ...free,
  ...more,
});

const manifest = (
  digest: string,
  references: readonly string[] = [],
  more: Partial<AcrManifest> = {},
): AcrManifest => ({
  digest,
  mediaType: references.length > 0 ? MEDIA_TYPES.ociIndex : MEDIA_TYPES.ociManifest,
  tags: [],
  references,
  size: 1,
  createdAt: undefined,
  ...free,
  ...more,
});

/** A repository in which nothing points at anything, unless told. */
function facts(
  tags: readonly AcrTag[],
  manifests: readonly AcrManifest[],
  referrers: Readonly<Record<string, readonly string[]>> = {},
): RepositoryFacts {
  const told = manifests.map(({ digest }): [string, readonly { digest: string }[]] => [
    digest,
    (referrers[digest] ?? []).map((one) => ({ digest: one })),
  ]);
  return { tags, manifests, referrers: new Map(told) };
}

function decide(repository: RepositoryFacts) {
  const { tags, manifests, stays } = decidePurge(PR2, repository);
  return {
    tags: tags.map(({ name }) => name),
    manifests: manifests.map(({ digest }) => digest),
    stays: stays.map(({ name, because, locked }) => `${name}: ${because}${locked ? " (locked)" : ""}`),
  };
}

describe("an environment to purge", () => {
  test.each([
    ["pr-2", PR2],
    ["2", PR2],
  ])("%s is a pull request's", (text, environment) => {
    expect(readValue(parsePurgeEnvironment(text))).toEqual(environment);
  });

  test.each(["", "main", "pr-", "pr-0", "pr-02", "PR-2", "pr-2 ", "pr-2-abcdef0", "production", "pr-1e3"])(
    '"%s" is none',
    (text) => {
      expect(messageOf(parsePurgeEnvironment(text), "purge-environment-invalid")).toContain("pr-<number>");
    },
  );

  test.each(["pr-2", "pr-2-abcdef0", `pr-2-${"a".repeat(40)}`])("has the tag %s", (name) => {
    expect(isTagOf(name, PR2)).toBe(true);
  });

  test.each([
    "pr-267",
    "pr-26-abcdef0",
    "pr-2-abc",
    "pr-2-ABCDEF0",
    "pr-2-preview",
    "xpr-2",
    "pr-2-",
    "pr-2.1",
    "PR-2",
    `pr-2-${"a".repeat(41)}`,
  ])("has not the tag %s", (name) => {
    expect(isTagOf(name, PR2)).toBe(false);
  });

  test("never has a tag of another pull request", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.stringMatching(/^[0-9a-f]{7}$/), (mine, other, sha) => {
        const environment = { name: `pr-${mine}`, pullRequest: mine };
        expect(isTagOf(`pr-${other}`, environment)).toBe(mine === other);
        expect(isTagOf(`pr-${other}-${sha}`, environment)).toBe(mine === other);
      }),
    );
  });

  test("knows a tag that only names content", () => {
    expect(isContentTag(CTX)).toBe(true);
    for (const name of ["ctx-", "ctx-abc", "ctx-main", `${CTX}-x`]) expect(isContentTag(name)).toBe(false);
  });

  test("knows a tag that carried one platform to an index", () => {
    for (const name of [CARRIER, `${CTX}-linux-arm-v7`]) expect(isCarrierTag(name)).toBe(true);
    for (const name of [CTX, `${CTX}-x`, "ctx-main-linux-arm64"]) expect(isCarrierTag(name)).toBe(false);
  });
});

describe("a purge", () => {
  test("takes the environment's tags, and the image that nothing else needs, from the index down", () => {
    const repository = facts(
      [tag("pr-2", "index"), tag("pr-2-abcdef0", "index"), tag("pr-267", "other"), tag("main", "base")],
      [
        manifest("amd64"),
        manifest("arm64"),
        manifest("index", ["amd64", "arm64"]),
        manifest("other"),
        manifest("base"),
      ],
    );
    expect(decide(repository)).toEqual({
      tags: ["pr-2", "pr-2-abcdef0"],
      manifests: ["index", "amd64", "arm64"],
      stays: [],
    });
  });

  test("leaves an image that another tag names", () => {
    const repository = facts([tag("pr-2", "image"), tag("1.0.0", "image")], [manifest("image")]);
    expect(decide(repository)).toEqual({ tags: ["pr-2"], manifests: [], stays: ["image: the tag 1.0.0 stays on it"] });
  });

  test("leaves an image of which another index is made, tagged or not", () => {
    const repository = facts([tag("pr-2", "part")], [manifest("part"), manifest("whole", ["part", "x"])]);
    expect(decide(repository)).toMatchObject({ manifests: [], stays: ["part: the index whole is made of it"] });
  });

  test("takes an index and leaves the part that another one shares", () => {
    const repository = facts(
      [tag("pr-2", "mine"), tag("main", "theirs")],
      [manifest("shared"), manifest("own"), manifest("mine", ["shared", "own"]), manifest("theirs", ["shared"])],
    );
    expect(decide(repository)).toMatchObject({
      manifests: ["mine", "own"],
      stays: ["shared: the index theirs is made of it"],
    });
  });

  test("takes the content's tag along with its image, and only then", () => {
    expect(decide(facts([tag("pr-2", "image"), tag(CTX, "image")], [manifest("image")]))).toMatchObject({
      tags: ["pr-2", CTX],
      manifests: ["image"],
    });
    const held = facts([tag("pr-2", "image"), tag(CTX, "image"), tag("main", "image")], [manifest("image")]);
    expect(decide(held)).toMatchObject({ tags: ["pr-2"], manifests: [] });
    const part = facts([tag("pr-2", "part"), tag(CTX, "part")], [manifest("part"), manifest("whole", ["part"])]);
    expect(decide(part)).toMatchObject({ tags: ["pr-2"], manifests: [] });
    const carried = facts(
      [tag("pr-2", "index"), tag(CARRIER, "arm64")],
      [manifest("arm64"), manifest("index", ["arm64"])],
    );
    expect(decide(carried)).toMatchObject({ tags: ["pr-2", CARRIER], manifests: ["index", "arm64"] });
    // Without a tag of the environment it is none of our business.
    expect(decide(facts([tag(CTX, "image")], [manifest("image")]))).toEqual({ tags: [], manifests: [], stays: [] });
  });

  test.each([{ writeEnabled: false }, { deleteEnabled: false }])("leaves what is locked, and says so: %j", (lock) => {
    const byTag = facts([tag("pr-2", "image", lock), tag("pr-2-abcdef0", "image")], [manifest("image")]);
    expect(decide(byTag)).toEqual({
      tags: ["pr-2-abcdef0"],
      manifests: [],
      stays: ["pr-2: it is locked (locked)", "image: the tag pr-2 stays on it"],
    });
    const byManifest = facts([tag("pr-2", "image")], [manifest("image", [], lock)]);
    expect(decide(byManifest)).toEqual({
      tags: [],
      manifests: [],
      stays: ["pr-2: its manifest image is locked (locked)"],
    });
    const byPart = facts([tag("pr-2", "index")], [manifest("part", [], lock), manifest("index", ["part"])]);
    expect(decide(byPart)).toMatchObject({ manifests: ["index"], stays: ["part: it is locked (locked)"] });
    const byContent = facts([tag("pr-2", "image"), tag(CTX, "image", lock)], [manifest("image")]);
    expect(decide(byContent)).toMatchObject({ tags: ["pr-2"], manifests: [] });
  });

  test("takes signatures with their image, unless one of them is kept", () => {
    const manifests = [manifest("image"), manifest("signature"), manifest("of-signature")];
    const pointing = { image: ["signature"], signature: ["of-signature"] };
    expect(decide(facts([tag("pr-2", "image")], manifests, pointing)).manifests).toEqual([
      "image",
      "signature",
      "of-signature",
    ]);
    const kept = decide(facts([tag("pr-2", "image"), tag("keep", "of-signature")], manifests, pointing));
    expect(kept).toMatchObject({ tags: ["pr-2"], manifests: [] });
    expect(kept.stays).toContain("of-signature: the tag keep stays on it");
  });

  test("keeps what was not told of enough", () => {
    const unasked = { ...facts([tag("pr-2", "image")], [manifest("image")]), referrers: new Map() };
    expect(decide(unasked)).toMatchObject({ manifests: [], stays: ["image: what points at it was not told"] });
    expect(listUnasked(PR2, unasked)).toEqual(["image"]);
    expect(listUnasked(PR2, facts([tag("pr-2", "image")], [manifest("image")]))).toEqual([]);

    const unlisted = facts([tag("pr-2", "image")], [manifest("image")], { image: ["ghost"] });
    expect(decide(unlisted).stays).toContain("image: ghost points at it and stays");

    const silent = manifest("silent", [], { mediaType: MEDIA_TYPES.dockerList });
    expect(decide(facts([tag("pr-2", "image")], [manifest("image"), silent]))).toMatchObject({
      manifests: [],
      stays: ["image: the index silent does not tell what it is made of"],
    });
  });

  test("believes the list that knows of a tag more", () => {
    const more = facts([tag("pr-2", "image")], [manifest("image", [], { tags: ["pr-2", "new"] })]);
    expect(decide(more)).toMatchObject({ tags: ["pr-2"], manifests: [], stays: ["image: the tag new stays on it"] });
    // It moved between the two lists, and may stand on either.
    const moved = facts([tag("pr-2", "a")], [manifest("a"), manifest("b", ["a"], { tags: ["pr-2"] })]);
    expect(decide(moved).manifests).toEqual([]);
  });
});

describe("whatever a repository holds", () => {
  const other = `ctx-${"d".repeat(40)}`;
  const names = fc.constantFrom("pr-2", "pr-2-abcdef0", "pr-267", "main", "1.0.0", CTX, other, CARRIER);
  const lock = fc.constantFrom(free, free, free, free, { writeEnabled: false, deleteEnabled: true });
  const spot = fc.nat(7);
  const plans = fc.record({
    // A tag stands on one digest only.
    tags: fc.uniqueArray(fc.record({ name: names, at: spot, lock }), { selector: ({ name }) => name, maxLength: 7 }),
    extra: fc.array(fc.record({ name: names, at: spot }), { maxLength: 2 }),
    parts: fc.array(fc.tuple(spot, spot), { maxLength: 8 }),
    pointing: fc.array(fc.tuple(spot, spot), { maxLength: 5 }),
    locks: fc.array(lock, { minLength: 8, maxLength: 8 }),
    unlisted: fc.array(spot, { maxLength: 1 }),
    unasked: fc.array(spot, { maxLength: 1 }),
  });
  type Plan = typeof plans extends fc.Arbitrary<infer P> ? P : never;

  function build(plan: Plan): RepositoryFacts {
    const digests = plan.locks.map((_, index) => `sha256:${index}`);
    const digestAt = (at: number): string => digests[at] ?? "";
    // A digest is made of older ones only, and points at older ones: content has no circles.
    const parts = plan.parts.filter(([whole, part]) => part < whole);
    const pointing = plan.pointing.filter(([subject, referrer]) => subject < referrer);
    const manifests = digests.map((digest, index) =>
      manifest(
        digest,
        parts.filter(([whole]) => whole === index).map(([, part]) => digestAt(part)),
        {
          ...plan.locks[index],
          tags: [...plan.tags, ...plan.extra].filter(({ at }) => at === index).map(({ name }) => name),
        },
      ),
    );
    const referrers = digests.map((digest, index): [string, readonly { digest: string }[]] => [
      digest,
      pointing.filter(([subject]) => subject === index).map(([, referrer]) => ({ digest: digestAt(referrer) })),
    ]);
    return {
      tags: plan.tags.map(({ name, at, lock: own }) => tag(name, digestAt(at), own)),
      manifests: manifests.filter((_, index) => !plan.unlisted.includes(index)),
      referrers: new Map(referrers.filter((_, index) => !plan.unasked.includes(index))),
    };
  }

  test("a purge breaks nothing that stays, and leaves nothing that only the environment needed", () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const repository = build(plan);
        expect(judgePurge(decidePurge(PR2, repository), repository, /^pr-2(?:-[0-9a-f]{7,40})?$/)).toEqual([]);
      }),
      { numRuns: 3000 },
    );
  });
});
