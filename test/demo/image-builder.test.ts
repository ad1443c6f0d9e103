import { describe, expect, test } from "@jest/globals";
import {
  chooseBuilderKind,
  describeNamespaces,
  type Lacking,
  listBuilderNeeds,
} from "../../scripts/demo/image-builder.ts";

/** A machine that lacks these tools and no others. */
const without =
  (...missing: readonly string[]): Lacking =>
  (names) =>
    names.filter((name) => missing.includes(name));

describe("the builder of a machine", () => {
  test.each([
    ["everything", without(), "buildx"],
    ["Debian's docker alone", without("buildx", "buildkit", "registry"), "docker"],
    ["BuildKit without what a docker engine needs besides", without("iptables", "iproute2"), "buildx"],
    ["no docker at all", without("docker.io"), undefined],
    ["nothing to put into an image", without("busybox-static"), undefined],
  ])("that has %s", (_, lacking, kind) => {
    expect(chooseBuilderKind(lacking)).toBe(kind);
    const need = listBuilderNeeds(lacking).find(({ name }) => name.startsWith("an image builder"));
    expect(need?.isThere()).toBe(kind !== undefined);
  });

  test("is brought by the command that gets what is missing the quickest", () => {
    const needs = listBuilderNeeds(without("buildx", "buildkit", "docker.io", "busybox-static"));
    expect(needs.map(({ name, bring }) => [name, bring])).toContainEqual([
      "an image builder (docker.io, busybox-static)",
      "npm run tools docker.io busybox-static",
    ]);
  });

  test.each([
    ["darwin", 501, "root on Linux"],
    ["linux", 1000, "root on Linux"],
    ["linux", 0, "the right to mount, which this container lacks"],
  ])("needs namespaces of its own: on %s as user %d", (platform, user, name) => {
    const need = describeNamespaces(platform, user);
    expect(need.name).toBe(name);
    expect(need.bring).toMatch(user === 0 ? /^docker run --privileged / : /^sudo env "PATH=\$PATH" npm run demo/);
    if (user !== 0) expect(need.isThere()).toBe(false);
  });
});
