import { describe, expect, test } from "@jest/globals";
import { BuildFault } from "../../../src/actions/acr-build-push/builder.ts";
import { run } from "../../../src/actions/acr-build-push/run.ts";
import { makeManifest } from "./fake-registry.ts";
import { createFakeWorld, type FakeWorld, IMAGE, PUSH, SHA } from "./fake-world.ts";
import { inputs } from "./inputs.ts";

const OLD = makeManifest("old");

const tagsOf = (world: FakeWorld, host?: string): Readonly<Record<string, string>> =>
  Object.fromEntries(world.reg(host).tags);

describe("a build", () => {
  test("stands under every tag in the end, and is named by its digest", async () => {
    const world = createFakeWorld();
    const { outputs, failure } = await run(inputs(), world);
    expect(failure).toBeUndefined();
    expect(outputs).toMatchObject({
      digest: IMAGE.digest,
      image: `mayfly.azurecr.io/team/app@${IMAGE.digest}`,
      tags: "mayfly.azurecr.io/team/app:main\nmayfly.azurecr.io/team/app:main-0123456",
      outcome: "built",
      builder: "buildx",
      "login-server": "mayfly.azurecr.io",
      "image-file": "/temp/image-app.json",
    });
    expect(tagsOf(world)).toEqual({ "team/app:main": IMAGE.digest, "team/app:main-0123456": IMAGE.digest });
    expect(world.files.written.get("image-app.json")).toEqual({
      app: { repository: "mayfly.azurecr.io/team/app", tag: "main", digest: IMAGE.digest },
    });
    expect(world.summaries[0]).toContain("`app` built");
  });

  test("is labelled with the commit that somebody wrote", async () => {
    const world = createFakeWorld();
    await run(inputs(), world);
    expect(world.builds[0]?.request.labels).toMatchObject({ "org.opencontainers.image.revision": SHA });
  });

  test("is copied to the other registries by its digest before any tag moves", async () => {
    const world = createFakeWorld();
    const { outputs } = await run(inputs({ images: "team/app\nghcr.io/octo/app", "ghcr-token": "t0ken" }), world);
    expect(world.copies).toEqual(["mayfly.azurecr.io/team/app -> ghcr.io/octo/app"]);
    expect(tagsOf(world, "ghcr.io")["octo/app:main"]).toBe(IMAGE.digest);
    expect(outputs.refs).toBe(`mayfly.azurecr.io/team/app@${IMAGE.digest}\nghcr.io/octo/app@${IMAGE.digest}`);
  });

  test("that failed in passing is tried again, and only as often as retries says", async () => {
    const world = createFakeWorld();
    const fault = new BuildFault("transient", "502 from the registry");
    world.outcomes = [fault, fault, IMAGE];
    expect((await run(inputs(), world)).failure).toBeUndefined();
    expect(world.builds).toHaveLength(3);

    const unlucky = createFakeWorld();
    unlucky.outcomes = [fault];
    await expect(run(inputs({ retries: "2" }), unlucky)).rejects.toBe(fault);
    expect(unlucky.builds).toHaveLength(3);
    expect(tagsOf(unlucky)).toEqual({});
  });

  test.each(["denied", "failed", "locked", "disk-full", "invalid", "cancelled"] as const)(
    "that failed for good (%s) is not tried again",
    async (kind) => {
      const world = createFakeWorld();
      world.outcomes = [new BuildFault(kind, "no")];
      await expect(run(inputs(), world)).rejects.toBeInstanceOf(BuildFault);
      expect(world.builds).toHaveLength(1);
    },
  );

  test("without a push asks no registry and needs no login", async () => {
    const world = createFakeWorld();
    const given = { push: "false", registry: "", "client-id": "", "tenant-id": "" };
    const { outputs, failure } = await run(inputs(given), world);
    expect(failure).toBeUndefined();
    expect(outputs).toMatchObject({ outcome: "built", digest: undefined, image: undefined, "image-file": undefined });
    expect(world.builds[0]?.target).toBeUndefined();
    expect([...world.registries.keys()]).toEqual([]);
  });

  test("is not begun where the registry's token has no push in it", async () => {
    const world = createFakeWorld();
    world.reg().grants = ["pull"];
    await expect(run(inputs(), world)).rejects.toThrow("The registry grants only pull here.");
    expect(world.builds).toEqual([]);
  });
});

describe("the builder", () => {
  test("is the first that is there and can do it", async () => {
    const world = createFakeWorld();
    world.missing = { buildx: "docker has no buildx plugin" };
    expect((await run(inputs(), world)).outputs.builder).toBe("docker");
    // Not the content's own name: nothing was scanned yet, nor was a base image asked for.
    expect(world.builds[0]?.target?.carrierTag).toMatch(/^ctx-(?!0123456789abcdef$)[0-9a-f]{32}$/);
    expect(world.builds[0]?.request.pull).toBe(false);
  });

  test("says for each one why none can", async () => {
    const world = createFakeWorld();
    world.missing = { buildx: "no buildx", "acr-tasks": "no registry in ARM" };
    world.unsupported = { docker: ["platforms: one at a time"] };
    const { failure } = await run(inputs(), world);
    expect(failure).toMatchObject({
      code: "builder-cannot",
      message: expect.stringMatching(
        /buildx: no buildx\ndocker: platforms: one at a time\nacr-tasks: no registry in ARM/,
      ),
    });
  });

  test("that was named is not replaced by another", async () => {
    const world = createFakeWorld();
    world.missing = { buildx: "no buildx" };
    const { failure } = await run(inputs({ builder: "buildx" }), world);
    expect(failure).toMatchObject({ code: "builder-missing" });
    expect(world.builds).toEqual([]);
  });
});

describe("skip-if-unchanged", () => {
  const skip = { "skip-if-unchanged": "true" };

  test("moves the tags to the image of the same content, and builds nothing", async () => {
    const world = createFakeWorld();
    world.reg().add("team/app", OLD, "ctx-0123456789abcdef");
    const { outputs } = await run(inputs(skip), world);
    expect(world.builds).toEqual([]);
    expect(outputs).toMatchObject({ outcome: "reused", digest: OLD.digest, builder: undefined });
    expect(tagsOf(world)["team/app:main"]).toBe(OLD.digest);
  });

  test("builds what is new, and leaves its name for the next run", async () => {
    const world = createFakeWorld();
    expect((await run(inputs(skip), world)).outputs.outcome).toBe("built");
    expect(tagsOf(world)["team/app:ctx-0123456789abcdef"]).toBe(IMAGE.digest);
    // Its name tells of the base images of now, so no older ones of the engine's may be in it.
    expect(world.builds[0]?.request.pull).toBe(true);
  });

  test.each([
    ["the content is in doubt", {}, { tag: "ctx-0123456789abcdef", doubt: "the digest of alpine:3 is not known" }],
    ["no-cache asks for a build", { "no-cache": "true" }, undefined],
    ["a build has files to export", { outputs: "type=local,dest=out" }, undefined],
  ])("builds when %s, and says so", async (_, given, content) => {
    const world = createFakeWorld();
    if (content !== undefined) world.content = content;
    world.reg().add("team/app", OLD, "ctx-0123456789abcdef");
    const { outputs } = await run(inputs({ ...skip, ...given }), world);
    expect(outputs.outcome).toBe("built");
    expect(world.summaries[0]).toContain("Built although skip\\-if\\-unchanged is on");
  });

  test("off looks for nothing", async () => {
    const world = createFakeWorld();
    world.reg().add("team/app", OLD, "ctx-0123456789abcdef");
    expect((await run(inputs(), world)).outputs.outcome).toBe("built");
  });
});

describe("tags", () => {
  test("do not move when the scan fails", async () => {
    const world = createFakeWorld();
    world.scanExitCode = 1;
    const { failure, outputs } = await run(inputs({ "scan-command": "grype $IMAGE" }), world);
    expect(failure).toMatchObject({ code: "scan-failed" });
    expect(tagsOf(world)).toEqual({});
    expect(outputs.digest).toBe(IMAGE.digest);
    expect(world.scans).toEqual([
      { IMAGE: `mayfly.azurecr.io/team/app@${IMAGE.digest}`, DIGEST: IMAGE.digest, REGISTRY: "mayfly.azurecr.io" },
    ]);
  });

  test("that are write-once do not move, nor any other beside them", async () => {
    const release = { ...PUSH, GITHUB_REF: "refs/tags/v1.2.3" };
    const world = createFakeWorld(release);
    world.reg().add("team/app", OLD, "1.2.3");
    const { failure } = await run(inputs({ "write-once-tags": "[0-9]*\n?.*.*" }), world);
    expect(failure).toMatchObject({ code: "tag-is-write-once" });
    expect(tagsOf(world)).toEqual({ "team/app:1.2.3": OLD.digest });
  });

  test("do not move after a cancel", async () => {
    const world = createFakeWorld();
    const built = world.findBuilder;
    const cancelling: FakeWorld = {
      ...world,
      findBuilder: async (kind) => {
        world.cancel();
        return built(kind);
      },
    };
    const { failure } = await run(inputs(), cancelling);
    expect(failure).toMatchObject({ code: "cancelled" });
    expect(tagsOf(world)).toEqual({});
  });

  test("that a registry refuses are told, and the others go back", async () => {
    const world = createFakeWorld();
    world.reg().add("team/app", OLD, "main");
    world.reg().spoil = (asked) => (asked === "PUT team/app:main-0123456" ? new Error("405 locked") : undefined);
    const { failure, outputs } = await run(inputs(), world);
    expect(failure).toMatchObject({
      code: "tags-not-moved",
      message: expect.stringContaining("main-0123456: 405 locked"),
    });
    expect(tagsOf(world)["team/app:main"]).toBe(OLD.digest);
    expect(outputs.tags).toBe("");
  });

  test("leave a line latest out where it is never right, and keep it where it was asked for", async () => {
    const development = createFakeWorld({ ...PUSH, GITHUB_REF: "refs/heads/dev-x" });
    await run(inputs({ tags: "latest\n{branch}", latest: "never" }), development);
    expect(Object.keys(tagsOf(development))).toEqual(["team/app:dev-x"]);
    expect(
      (await run(inputs({ tags: "latest" }), createFakeWorld({ ...PUSH, GITHUB_REF: "refs/heads/dev-x" }))).failure,
    ).toMatchObject({ code: "no-tags" });
    const asked = createFakeWorld();
    await run(inputs({ tags: "latest" }), asked);
    expect(Object.keys(tagsOf(asked))).toEqual(["team/app:latest"]);
  });

  test("of a line stay on its highest release when an older one is fixed", async () => {
    const world = createFakeWorld({ ...PUSH, GITHUB_REF: "refs/tags/v1.2.9" });
    world.reg().add("team/app", OLD, "1", "1.3.0", "1.2", "1.2.8", "2.0.0");
    await run(inputs(), world);
    expect(tagsOf(world)).toMatchObject({
      "team/app:1": OLD.digest,
      "team/app:1.2": IMAGE.digest,
      "team/app:1.2.9": IMAGE.digest,
    });
    expect(world.summaries[0]).toContain("1.3.0 is higher than 1.2.9");
  });

  test("get latest for the highest release, and not for a fix of an old line", async () => {
    const newest = createFakeWorld({ ...PUSH, GITHUB_REF: "refs/tags/v2.1.0" });
    newest.reg().add("team/app", OLD, "2.0.9");
    await run(inputs(), newest);
    expect(tagsOf(newest)["team/app:latest"]).toBe(IMAGE.digest);

    const fix = createFakeWorld({ ...PUSH, GITHUB_REF: "refs/tags/v1.9.9" });
    fix.reg().add("team/app", OLD, "2.0.9");
    await run(inputs(), fix);
    expect(Object.keys(tagsOf(fix))).not.toContain("team/app:latest");
    expect(fix.summaries[0]).toContain("2.0.9 is higher");
  });
});

describe("a dry run", () => {
  test("says what would be built and by whom, and changes nothing", async () => {
    const world = createFakeWorld();
    const { outputs, failure } = await run(inputs({ "dry-run": "true" }), world);
    expect(failure).toBeUndefined();
    expect(outputs).toMatchObject({ outcome: "checked", builder: "buildx", digest: undefined });
    expect(world.builds).toEqual([]);
    expect(world.reg().asked.filter((asked) => asked.startsWith("PUT"))).toEqual([]);
    expect(world.summaries[0]).toContain("Tags that would move");
  });
});

test("an argument that looks like a secret is remarked upon where the builder does not do it itself", async () => {
  const warned: string[] = [];
  const world = createFakeWorld();
  world.dockerfile = "FROM scratch\nARG NPM_TOKEN\n";
  world.missing = { buildx: "none" };
  const log = { ...world.log, warning: (message: string) => void warned.push(message) };
  await run(inputs(), { ...world, log });
  expect(warned.join("\n")).toContain("ARG NPM_TOKEN looks like a secret");
});

describe("an image that exists", () => {
  test("is pushed and tagged without a build", async () => {
    const world = createFakeWorld();
    const { outputs } = await run(inputs({ from: "image.tar", context: "nowhere" }), world);
    expect(outputs).toMatchObject({ outcome: "copied", digest: IMAGE.digest });
    expect(tagsOf(world)["team/app:main"]).toBe(IMAGE.digest);
    expect(world.builds).toEqual([]);
  });
});
