import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { decideLatest, type LatestPolicy } from "../../src/image/latest.ts";
import { makeFacts, makeRelease, pullRequest } from "./facts.ts";

describe("latest", () => {
  test.each([
    ["the first release", "auto", makeRelease("v1.0.0"), [], "move"],
    ["the highest release", "auto", makeRelease("v2.0.0"), ["1.9.9", "1", "main", "3.0.0-rc.1"], "move"],
    ["the same release again", "auto", makeRelease("v2.0.0"), ["2.0.0", "v2.0.0"], "move"],
    ["a fix of an old line", "auto", makeRelease("v1.9.10"), ["2.0.0"], "leave"],
    ["a release below one with a v", "auto", makeRelease("1.0.0"), ["v1.0.1"], "leave"],
    ["a release below a build of a higher one", "auto", makeRelease("1.0.0"), ["1.0.1_b.1"], "leave"],
    ["a pre-release", "auto", makeRelease("v3.0.0-rc.1"), [], "leave"],
    ["a release marked as a pre-release", "auto", makeRelease("v3.0.0", { markedPrerelease: true }), [], "leave"],
    ["a push to main", "auto", makeFacts(), [], "leave"],
    ["a push to main, always", "always", makeFacts(), [], "move"],
    ["a pull request, always", "always", pullRequest, [], "leave"],
    ["a release, never", "never", makeRelease("v1.0.0"), [], "leave"],
  ] as const)("of %s: %s", (_, policy, facts, existing, kind) => {
    const verdict = decideLatest(policy, facts, [], existing);
    expect(verdict.kind).toBe(kind);
    expect(verdict.because).toMatch(/\w{3}/);
  });

  test("says which release is higher", () => {
    expect(decideLatest("auto", makeRelease("v1.2.3"), [], ["1.3.0", "10.0.0", "9.0.0"])).toEqual({
      kind: "leave",
      because: "10.0.0 is higher than 1.2.3",
    });
  });

  test("never is anything called dev-*, wherever it stands and whatever the policy", () => {
    const policies = fc.constantFrom<LatestPolicy>("auto", "always", "never");
    const name = fc.stringMatching(/^[dD]ev-[a-z0-9.]{1,8}$/);
    const places = fc.constantFrom("branch", "tag", "tags");
    fc.assert(
      fc.property(policies, name, places, (policy, dev, place) => {
        const facts = makeRelease("v9.0.0", place === "tags" ? {} : { [place]: dev });
        expect(decideLatest(policy, facts, place === "tags" ? ["9.0.0", dev] : ["9.0.0"], []).kind).toBe("leave");
      }),
    );
  });

  test("moves with a version exactly when no other is higher", () => {
    const part = fc.integer({ min: 0, max: 3 });
    const version = fc.tuple(part, part, part);
    const weigh = ([a, b, c]: readonly number[]) => (a ?? 0) * 100 + (b ?? 0) * 10 + (c ?? 0);
    fc.assert(
      fc.property(version, fc.array(version, { maxLength: 6 }), (mine, others) => {
        const verdict = decideLatest(
          "auto",
          makeRelease(`v${mine.join(".")}`),
          [],
          others.map((one) => one.join(".")),
        );
        expect(verdict.kind === "move").toBe(others.every((one) => weigh(one) <= weigh(mine)));
      }),
    );
  });
});
