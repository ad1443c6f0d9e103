import { describe, expect, test } from "@jest/globals";
import { computeLabels, type LabelFacts } from "../../src/image/labels.ts";
import { makeFacts, makeRelease } from "./facts.ts";

const GIVEN: LabelFacts = { version: "main", labels: {}, annotations: {} };
const own = (name: string): string => `org.opencontainers.image.${name}`;

describe("the computed labels", () => {
  const facts = makeFacts({
    committedAt: new Date("2026-11-20T17:00:00.500Z"),
    project: {
      name: "app",
      description: "An app\n for  all",
      url: "https://app.example.com",
      license: "MIT",
    },
  });

  test("are the OCI set, of the commit that somebody wrote", () => {
    const base = { name: "docker.io/library/alpine:3.20", digest: `sha256:${"1".repeat(64)}` };
    const { labels, annotations } = computeLabels(facts, { ...GIVEN, base });
    expect(labels).toEqual({
      [own("title")]: "app",
      [own("description")]: "An app for all",
      [own("url")]: "https://app.example.com",
      [own("source")]: "https://github.com/octo/app",
      [own("version")]: "main",
      [own("created")]: "2026-11-20T17:00:00Z",
      [own("revision")]: facts.headSha,
      [own("licenses")]: "MIT",
      [own("ref.name")]: "main",
      [own("base.name")]: base.name,
      [own("base.digest")]: base.digest,
    });
    expect(annotations).toEqual(labels);
  });

  test("have the version of a release from its git tag, not from the first tag", () => {
    const { labels } = computeLabels(makeRelease("api/v1.2.3+b"), { ...GIVEN, version: "1" });
    expect(labels).toMatchObject({ [own("version")]: "1.2.3+b", [own("ref.name")]: "1" });
  });

  test("leave out what is not known", () => {
    const unknown = makeFacts({
      serverUrl: undefined,
      headSha: undefined,
      project: { name: undefined, description: undefined, url: undefined, license: undefined },
    });
    expect(computeLabels(unknown, { ...GIVEN, version: undefined })).toEqual({ labels: {}, annotations: {} });
  });

  test("yield to the user's, and what is changed of the set is changed in both", () => {
    const given = {
      ...GIVEN,
      labels: { [own("title")]: "Mine", [own("licenses")]: "", team: "blue" },
      annotations: { [own("url")]: "https://other.example.com" },
    };
    const { labels, annotations } = computeLabels(facts, given);
    expect(labels).toMatchObject({ [own("title")]: "Mine", [own("licenses")]: "", team: "blue" });
    expect(labels[own("url")]).toBe("https://app.example.com");
    expect(annotations).toMatchObject({ [own("title")]: "Mine", [own("url")]: "https://other.example.com" });
    expect(annotations).not.toHaveProperty("team");
  });
});
