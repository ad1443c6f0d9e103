import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { type FetchedImage, fetchImage } from "./fetched-image.ts";
import { writeContext } from "./image-contexts.ts";
import { type ImageScene, openImageScene, type Published } from "./image-scene.ts";

jest.setTimeout(60_000);

let scene: ImageScene;
beforeAll(async () => {
  scene = await openImageScene({ builder: "buildx" });
});
afterAll(async () => scene[Symbol.asyncDispose]());

const COMMITTED_AT = "2026-03-04T05:06:07Z";

/** Makes the workspace a checkout of one commit; returns that. */
function commitAll(folder: string): string {
  const git = (...words: readonly string[]) =>
    execFileSync("git", ["-C", folder, "-c", "user.name=Octo", "-c", "user.email=octo@example.com", ...words], {
      env: { PATH: process.env["PATH"], GIT_AUTHOR_DATE: COMMITTED_AT, GIT_COMMITTER_DATE: COMMITTED_AT },
      encoding: "utf8",
    });
  git("init", "--quiet");
  git("add", ".");
  git("commit", "--quiet", "--message", "a page");
  return git("rev-parse", "HEAD").trim();
}

describe("an image for two platforms with its provenance, built for a pull request", () => {
  let head: string;
  let published: Published;
  let image: FetchedImage;
  beforeAll(async () => {
    const workspace = await writeContext(scene, {
      Dockerfile: "FROM scratch\nARG TARGETARCH\nCOPY page-$TARGETARCH /page\n",
      "page-amd64": "hello amd64",
      "page-arm64": "hello arm64",
    });
    head = commitAll(workspace);
    published = await scene.publish(
      { platforms: "linux/amd64,linux/arm64", provenance: "mode=max" },
      {
        workspace,
        github: {
          event_name: "pull_request",
          ref: "refs/pull/7/merge",
          head_ref: "feature",
          // The merge commit, which nobody wrote.
          sha: "ffffffffffffffffffffffffffffffffffffffff",
          event: {
            pull_request: {
              number: 7,
              head: { sha: head, ref: "feature", repo: { full_name: "octo/shop" } },
              base: { repo: { full_name: "octo/shop" } },
            },
            repository: { full_name: "octo/shop", name: "shop", default_branch: "main", license: { spdx_id: "MIT" } },
          },
        },
      },
    );
    expect(published.errors).toEqual([]);
    image = await fetchImage(scene, published.outputs["image"] ?? "");
  });

  test("stands under the tags of the pull request, and the outputs say so", async () => {
    const { digest = "", ...outputs } = published.outputs;
    const tags = ["pr-7", `pr-7-${head.slice(0, 7)}`];
    expect(await scene.tags("team/app")).toEqual(Object.fromEntries(tags.map((tag) => [tag, digest])));
    expect(outputs).toMatchObject({
      image: `mayfly.azurecr.io/team/app@${digest}`,
      refs: `mayfly.azurecr.io/team/app@${digest}`,
      tags: tags.map((tag) => `mayfly.azurecr.io/team/app:${tag}`).join("\n"),
      outcome: "built",
      builder: "buildx",
      "login-server": "mayfly.azurecr.io",
      "error-code": "",
    });
    const [, record = ""] = [...published.left].find(([path]) => path.endsWith("/image-app.json")) ?? [];
    expect(JSON.parse(record)).toEqual({ app: { repository: "mayfly.azurecr.io/team/app", tag: "pr-7", digest } });
  });

  test("is brought by another tool by its digest, each platform with its own file", async () => {
    const { digests = "" } = published.outputs;
    const found = Object.entries(image.platforms);
    expect(JSON.parse(digests)).toEqual(Object.fromEntries(found.map(([name, { digest }]) => [name, digest])));
    for (const [name, { read }] of found) expect(await read("page")).toBe(`hello ${name.split("/")[1]}`);
    expect(found.map(([name]) => name).sort()).toEqual(["linux/amd64", "linux/arm64"]);
  });

  test("has a provenance attestation for each platform, which says how it was built", () => {
    for (const { digest, statements } of Object.values(image.platforms)) {
      expect(statements).toHaveLength(1);
      const [statement] = statements;
      expect(statement?.predicateType).toMatch(/^https:\/\/slsa\.dev\/provenance\//);
      expect(statement?.subject.map((one) => `sha256:${one.digest["sha256"]}`)).toContain(digest);
      // Only `mode=max` tells the Dockerfile itself.
      expect(JSON.stringify(statement?.predicate)).toContain(
        Buffer.from("FROM scratch").toString("base64").slice(0, -4),
      );
    }
  });

  test("is labelled with the commit that somebody wrote, and its time", () => {
    const expected = {
      "org.opencontainers.image.revision": head,
      "org.opencontainers.image.created": COMMITTED_AT,
      "org.opencontainers.image.source": "https://github.com/octo/shop",
      "org.opencontainers.image.title": "shop",
      "org.opencontainers.image.version": "pr-7",
      "org.opencontainers.image.licenses": "MIT",
    };
    expect(image.annotations).toMatchObject(expected);
    for (const { labels, annotations, config } of Object.values(image.platforms)) {
      expect(labels).toMatchObject(expected);
      expect(annotations).toMatchObject(expected);
      expect(JSON.parse(config)).toMatchObject({ created: COMMITTED_AT });
    }
  });
});
