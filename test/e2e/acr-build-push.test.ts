import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { GHCR } from "../azure/acr/add-registry.ts";
import { type FetchedImage, fetchImage } from "./fetched-image.ts";
import { seedImage, writeContext } from "./image-contexts.ts";
import { asPusher, build, type ImageScene, openImageScene, type Published, readPublished } from "./image-scene.ts";

jest.setTimeout(180_000);

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

test("an image goes to a registry of Azure's and to ghcr.io in one step, under one digest", async () => {
  const token = "ghs_of_this_job_and_no_other";
  const accounts = [{ username: "octocat", password: token, actions: ["pull", "push"] }];
  const ghcr = scene.azure.acr.addForeignRegistry({ ...GHCR, accounts, anonymous: [] });
  const workspace = await writeContext(scene, { Dockerfile: "FROM scratch\nCOPY page /page\n", page: "both" });
  const published = await scene.publish(
    { images: "both/app\nghcr.io/octo/app", tags: "v1\nmain", "ghcr-token": token },
    { workspace, github: { actor: "octocat" } },
  );
  expect(published.errors).toEqual([]);
  const { digest = "" } = published.outputs;
  expect(await scene.tags("both/app")).toEqual({ v1: digest, main: digest });
  const there = (await ghcr.contents())["octo/app"];
  expect(there?.tags).toEqual({ v1: digest, main: digest });
  expect(published.outputs["refs"]).toBe(`mayfly.azurecr.io/both/app@${digest}\nghcr.io/octo/app@${digest}`);
  expect(published.outputs["tags"]?.split("\n")).toHaveLength(4);
});

test("two builds of one repository side by side leave each tag on one whole image", async () => {
  const contexts = await Promise.all(
    ["left", "right"].map((page) => writeContext(scene, { Dockerfile: "FROM scratch\nCOPY page /page\n", page })),
  );
  const tags = ["one", "two", "three"];
  const published = await Promise.all(
    contexts.map((workspace) => scene.publish({ images: "shared/app", tags: tags.join("\n") }, { workspace })),
  );
  expect(published.flatMap(({ errors }) => errors)).toEqual([]);
  const pages = new Map(published.map(({ outputs }, index) => [outputs["digest"] ?? "", ["left", "right"][index]]));
  expect(pages.size).toBe(2);
  const stand = await scene.tags("shared/app");
  expect(Object.keys(stand).sort()).toEqual(tags.toSorted());
  for (const digest of Object.values(stand)) expect([...pages.keys()]).toContain(digest);
  for (const [digest, page] of pages) {
    const { platforms } = await fetchImage(scene, `mayfly.azurecr.io/shared/app@${digest}`);
    expect(await platforms["linux/amd64"]?.read("page")).toBe(page);
  }
});

test("base images come from other registries that the job's identity may read, and from those that anybody may", async () => {
  const { azure, team } = scene;
  const others = ["bases", "openbases"].map((name) =>
    azure.acr.addRegistry({ name, mode: "abac", subscriptionId: team.subscriptionId }),
  );
  const [closed, open] = others;
  if (closed === undefined || open === undefined) throw new Error("two registries were added");
  team.assign("Container Registry Repository Reader", closed);
  open.configure({ anonymousPullEnabled: true });
  for (const each of others) await seedImage(each, "lib/base", "1");
  const workspace = await writeContext(scene, {
    Dockerfile:
      "ARG HOST\nFROM $HOST/lib/base:1\nCOPY --from=openbases.azurecr.io/lib/base:1 /hello /open\nCOPY page /page\n",
    page: "on top",
  });
  const inputs = { images: "based/app", tags: "v1", "build-args": "HOST=bases.azurecr.io" };
  const published = await scene.publish(inputs, { workspace });
  expect(published.errors).toEqual([]);
  const { platforms } = await fetchImage(scene, published.outputs["image"] ?? "");
  const image = platforms["linux/amd64"];
  expect([await image?.read("hello"), await image?.read("open"), await image?.read("page")]).toEqual([
    "amd64",
    "amd64",
    "on top",
  ]);
});

describe("an image that a fork's pull request builds", () => {
  let workspace: string;
  let built: Published;
  let asked: number;
  beforeAll(async () => {
    workspace = await writeContext(scene, { Dockerfile: "FROM scratch\nCOPY page /page\n", page: "of a fork" });
    const before = scene.azure.traffic.requests.length;
    built = readPublished(
      await scene.play({
        machineEnv: scene.machineEnv,
        workspace,
        // No ID token: ids alone, which a repository's variables give to every job, are no login.
        permissions: {},
        github: { event_name: "pull_request", ref: "refs/pull/9/merge", event: { pull_request: { number: 9 } } },
        steps: [
          build({
            ...asPusher(scene.team),
            registry: "",
            images: "mayfly.azurecr.io/team/app",
            push: false,
            outputs: "type=oci,dest=image.tar\ntype=oci,dest=layout,tar=false",
          }),
        ],
      }),
    );
    asked = scene.azure.traffic.requests.length - before;
  });

  test("is built without asking any registry, and lies in the workspace", () => {
    expect(built.errors).toEqual([]);
    expect(built.outputs).toMatchObject({ outcome: "built", builder: "buildx", digest: "", tags: "", image: "" });
    expect(asked).toBe(0);
    expect(built.summary).toContain("not pushed");
  });

  test.each(["image.tar", "layout"])(
    "is pushed from its %s by a job without docker, and keeps its digest",
    async (from) => {
      const index =
        from === "layout"
          ? readFileSync(join(workspace, "layout/index.json"), "utf8")
          : execFileSync("tar", ["-xOf", join(workspace, from), "index.json"], { encoding: "utf8" });
      const bin = join(scene.scratch, `bin-${from}`);
      const witness = join(bin, "called");
      mkdirSync(bin);
      writeFileSync(join(bin, "docker"), `#!/bin/sh\necho "$@" >> '${witness}'\nexit 1\n`, { mode: 0o755 });
      const PATH = `${bin}:${scene.machineEnv["PATH"]}`;
      const images = `handed/${from.replace(".", "-")}`;
      const pushed = await scene.publish(
        { images, tags: "pr-9", from },
        { workspace, machineEnv: { ...scene.machineEnv, PATH } },
      );
      expect(pushed.errors).toEqual([]);
      const { digest = "" } = pushed.outputs;
      expect(pushed.outputs).toMatchObject({ outcome: "copied", builder: "" });
      expect(digest).toBe(JSON.parse(index).manifests[0].digest);
      expect(await scene.tags(images)).toEqual({ "pr-9": digest });
      const { platforms } = await fetchImage(scene, `mayfly.azurecr.io/${images}@${digest}`);
      expect(await platforms["linux/amd64"]?.read("page")).toBe("of a fork");
      expect(() => readFileSync(witness)).toThrow("ENOENT");
    },
  );
});
