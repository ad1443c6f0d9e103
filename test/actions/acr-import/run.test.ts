import { describe, expect, test } from "@jest/globals";
import { run } from "../../../src/actions/acr-import/run.ts";
import { MEDIA_TYPES } from "../../../src/image/manifest.ts";
import { UserError } from "../../../src/kit/user-error.ts";
import { inputs } from "./inputs.ts";
import { type Simulation, simulate } from "./simulation.ts";

const TARGET = "mayfly.azurecr.io";
const RUNTIME = "mcr.microsoft.com/dotnet/runtime:8.0";

/** A registry of ours, and Microsoft's with one image. */
function scene(): Simulation {
  const simulation = simulate();
  simulation.add(TARGET);
  simulation.push("mcr.microsoft.com", "dotnet/runtime:8.0", "runtime 8");
  return simulation;
}

const starts = ({ requests }: Simulation) => requests.filter(({ call }) => call === "start");

describe("an image", () => {
  test("is imported by its digest, under the source's name and tag, and looked at afterwards", async () => {
    const simulation = scene();
    const { outputs, failure } = await run(inputs({ images: RUNTIME }), simulation.world);
    const digest = simulation.standing("mcr.microsoft.com", "dotnet/runtime:8.0");
    expect(failure).toBeUndefined();
    expect(outputs).toMatchObject({ imported: 1, skipped: 0, failed: 0, unfinished: 0, report: "report.json" });
    expect(simulation.orders.map(({ order }) => order)).toMatchObject([
      { name: "dotnet/runtime", digest, to: { name: "dotnet/runtime", tag: "8.0" }, force: false },
    ]);
    expect(simulation.standing(TARGET, "dotnet/runtime:8.0")).toBe(digest);
    const done = simulation.requests.findLastIndex(({ call }) => call === "poll");
    const proof = simulation.requests.slice(done).filter(({ call, host }) => call === "head" && host === TARGET);
    expect(proof.length).toBe(1);
  });

  test("gets the name of its line, and is told to a deploy with it", async () => {
    const simulation = scene();
    const { outputs } = await run(inputs({ images: `${RUNTIME} => base/dotnet:8` }), simulation.world);
    const digest = simulation.standing("mcr.microsoft.com", "dotnet/runtime:8.0");
    expect(JSON.parse(String(outputs.images))).toEqual({
      dotnet: { repository: `${TARGET}/base/dotnet`, tag: "8", digest },
    });
  });

  test("named by its digest is imported without asking the source, also without a tag", async () => {
    const simulation = scene();
    const digest = simulation.standing("mcr.microsoft.com", "dotnet/runtime:8.0");
    const images = `mcr.microsoft.com/dotnet/runtime@${digest} => base/dotnet`;
    const { outputs } = await run(inputs({ images, referrers: "ignore" }), simulation.world);
    expect(outputs).toMatchObject({ imported: 1 });
    expect(simulation.orders[0]?.order.to).toEqual({ name: "base/dotnet", tag: undefined });
    expect(simulation.requests.filter(({ host }) => host === "mcr.microsoft.com")).toEqual([]);
    expect(JSON.parse(String(outputs.images))).toMatchObject({ dotnet: { tag: "", digest } });
  });

  test("that is there already needs no import, however often it is asked for", async () => {
    const simulation = scene();
    await run(inputs({ images: RUNTIME }), simulation.world);
    const before = starts(simulation).length;
    const { outputs, failure } = await run(inputs({ images: RUNTIME }), simulation.world);
    expect(failure).toBeUndefined();
    expect(outputs).toMatchObject({ imported: 0, skipped: 1 });
    expect(starts(simulation).length).toBe(before);
    expect(JSON.parse(String(outputs.images))).toHaveProperty("runtime");
  });

  test("is only planned in a dry run", async () => {
    const simulation = scene();
    const { outputs, failure } = await run(inputs({ images: RUNTIME, "dry-run": "true" }), simulation.world);
    expect(failure).toBeUndefined();
    expect(starts(simulation)).toEqual([]);
    expect(outputs).toMatchObject({ imported: 0, skipped: 0, failed: 0, images: "{}" });
    expect(simulation.summaries.join()).toContain("1 image would be imported");
  });

  test("from a registry of our tenant is asked for by its resource id", async () => {
    const simulation = scene();
    const { facts } = simulation.add("other.azurecr.io");
    simulation.push("other.azurecr.io", "team/app:1");
    await run(inputs({ images: "other.azurecr.io/team/app:1" }), simulation.world);
    expect(simulation.orders[0]?.order.source).toEqual({ kind: "acr", host: "other.azurecr.io", facts });
  });

  test("from a registry with a login takes the credential along, which no other host gets", async () => {
    const simulation = scene();
    simulation.push("ghcr.io", "org/app:1");
    const given = { images: "ghcr.io/org/app:1", "source-username": "octo", "source-token": "s3cret" };
    await run(inputs(given), simulation.world);
    const access = { kind: "credentials", host: "ghcr.io", username: "octo", token: "s3cret" };
    expect(simulation.opened).toEqual([access]);
    expect(simulation.orders[0]?.order.source).toEqual(access);
    const two = { ...given, images: `ghcr.io/org/app:1\n${RUNTIME}` };
    await expect(run(inputs(two), simulate().world)).rejects.toMatchObject({
      code: "bad-input",
      message: "source-token: expected images of one registry that wants it, got ghcr.io, mcr.microsoft.com",
    });
  });
});

describe("a tag that stands on another digest", () => {
  const moved = (options = {}): Simulation => {
    const simulation = scene();
    simulation.push(TARGET, "dotnet/runtime:8.0", "something older", options);
    return simulation;
  };

  test("fails by default, with both digests, and is not touched", async () => {
    const simulation = moved();
    const old = simulation.standing(TARGET, "dotnet/runtime:8.0");
    const { outputs, failure } = await run(inputs({ images: RUNTIME }), simulation.world);
    expect(failure).toMatchObject({ code: "import-tag-taken" });
    expect(failure?.message).toContain(old);
    expect(failure?.message).toContain(simulation.standing("mcr.microsoft.com", "dotnet/runtime:8.0"));
    expect(outputs).toMatchObject({ failed: 1, images: "{}" });
    expect(starts(simulation)).toEqual([]);
  });

  test("is left alone with mode: skip, and not told to a deploy", async () => {
    const simulation = moved();
    const { outputs, failure } = await run(inputs({ images: RUNTIME, mode: "skip" }), simulation.world);
    expect(failure).toBeUndefined();
    expect(outputs).toMatchObject({ skipped: 1, images: "{}" });
    expect(starts(simulation)).toEqual([]);
  });

  test("is moved with mode: force", async () => {
    const simulation = moved();
    const { outputs } = await run(inputs({ images: RUNTIME, mode: "force" }), simulation.world);
    expect(outputs).toMatchObject({ imported: 1 });
    expect(simulation.orders[0]?.order.force).toBe(true);
    expect(simulation.standing(TARGET, "dotnet/runtime:8.0")).toBe(
      simulation.standing("mcr.microsoft.com", "dotnet/runtime:8.0"),
    );
    expect(simulation.summaries.join()).toContain("in place of");
  });

  test.each([{ lockedTag: true }, { lockedManifest: true }])("is never moved when %j", async (lock) => {
    const simulation = moved(lock);
    const { failure } = await run(inputs({ images: RUNTIME, mode: "force" }), simulation.world);
    expect(failure).toMatchObject({ code: "import-tag-locked" });
    expect(starts(simulation)).toEqual([]);
  });

  test("is never moved in a repository that is locked", async () => {
    const simulation = moved();
    simulation.lockedRepositories.add("dotnet/runtime");
    const { failure } = await run(inputs({ images: RUNTIME, mode: "force" }), simulation.world);
    expect(failure).toMatchObject({ code: "import-tag-locked" });
    expect(starts(simulation)).toEqual([]);
  });

  test("is not moved while its lock cannot be read", async () => {
    const simulation = moved();
    simulation.before = ({ call }) =>
      call === "tags" ? { kind: "throw", error: new UserError("registry-denied", "no metadata for you") } : undefined;
    const { failure } = await run(inputs({ images: RUNTIME, mode: "force" }), simulation.world);
    expect(failure).toMatchObject({ code: "registry-denied" });
    expect(starts(simulation)).toEqual([]);
  });

  test("is not moved while the registry contradicts itself about it", async () => {
    const simulation = moved();
    let turn = 0;
    simulation.before = ({ call }) => {
      if (call === "tags") simulation.push(TARGET, "dotnet/runtime:8.0", `pushed in between ${turn++}`);
      return undefined;
    };
    const { failure } = await run(inputs({ images: RUNTIME, mode: "force" }), simulation.world);
    expect(failure).toMatchObject({ code: "import-failed", message: expect.stringContaining("the tag moved from") });
    expect(starts(simulation)).toEqual([]);
  });
});

describe("several registries", () => {
  const three = (): Simulation => {
    const simulation = scene();
    simulation.add("eu.azurecr.io");
    simulation.add("us.azurecr.io");
    return simulation;
  };

  test("get the same digests; the source is asked once", async () => {
    const simulation = three();
    const images = `${RUNTIME}\n${RUNTIME} => base/dotnet:8`;
    const { outputs } = await run(inputs({ images, targets: "eu\nus.azurecr.io\nmayfly" }), simulation.world);
    expect(outputs).toMatchObject({ imported: 6 });
    const digest = simulation.standing("mcr.microsoft.com", "dotnet/runtime:8.0");
    for (const host of [TARGET, "eu.azurecr.io", "us.azurecr.io"])
      expect(simulation.standing(host, "base/dotnet:8")).toBe(digest);
    const asked = simulation.requests.filter(
      ({ call, host, what }) => call === "head" && host === "mcr.microsoft.com" && what.endsWith(" 8.0"),
    );
    expect(asked.length).toBe(1);
  });

  test("do not wait for one that is not there", async () => {
    const simulation = three();
    const { outputs, failure } = await run(inputs({ images: RUNTIME, targets: "gone\nus" }), simulation.world);
    expect(outputs).toMatchObject({ imported: 2, failed: 1 });
    expect(failure).toMatchObject({ code: "registry-not-found", message: expect.stringContaining('"gone"') });
    expect(JSON.parse(String(outputs.images))).toHaveProperty("runtime");
  });

  test("do not wait for one that fails", async () => {
    const simulation = three();
    simulation.before = ({ call, host }) =>
      call === "start" && host === "eu.azurecr.io"
        ? { kind: "fail", status: 403, fault: { code: "AuthorizationFailed", message: "no right to import" } }
        : undefined;
    const { outputs, failure } = await run(inputs({ images: RUNTIME, targets: "eu\nus" }), simulation.world);
    expect(outputs).toMatchObject({ imported: 2, failed: 1 });
    expect(failure?.code).toBe("import-denied");
    expect(failure?.message).toContain(
      "az role assignment create --assignee 00000000-0000-0000-0000-00000000000c --role 'Container Registry Data Importer and Data Reader' --scope /subscriptions/",
    );
    expect(failure?.message).toContain("registries/eu");
    expect(JSON.parse(simulation.reports[0] ?? "{}").images.length).toBe(3);
  });
});

test("every mistake in the inputs is told at once, before anybody is asked", async () => {
  const simulation = scene();
  const given = {
    registry: "",
    "source-username": "octo",
    images:
      "nginx:1.27\nmcr.microsoft.com/dotnet/runtime\nghcr.io/Org/App:1\nghcr.io/a/b:1 => ghcr.io/c:1\na.io/b:1=>c:1=>d",
  };
  await expect(run(inputs(given), simulation.world)).rejects.toMatchObject({
    code: "bad-input",
    message: [
      'images: expected a source with its registry, got "nginx:1.27": for Docker Hub\'s write docker.io/library/nginx:1.27',
      'images: expected a tag or a digest at the source, got "mcr.microsoft.com/dotnet/runtime": write mcr.microsoft.com/dotnet/runtime:latest if that is meant',
      expect.stringContaining("upper-case"),
      'images: expected a target without its registry, which `registry` and `targets` name: write c, not "ghcr.io/c:1"',
      'images: expected one "=>" on a line, got "a.io/b:1=>c:1=>d"',
      "registry, targets: expected at least one registry that gets the images",
      "source-token: expected the password that goes with source-username, got nothing",
    ].reduce((whole: unknown, line) => (typeof line === "string" ? expect.stringContaining(line) : whole), ""),
  });
  expect(simulation.requests).toEqual([]);
});

test("two images do not get the same tag", async () => {
  const images = `${RUNTIME} => base/x:1\nghcr.io/org/app:2 => base/x:1`;
  await expect(run(inputs({ images }), scene().world)).rejects.toMatchObject({
    code: "bad-input",
    message: expect.stringContaining("both go to base/x:1"),
  });
});

describe("a source", () => {
  test("that does not have the image is told, and ARM is not asked", async () => {
    const simulation = scene();
    const { failure } = await run(inputs({ images: "mcr.microsoft.com/dotnet/runtime:9.9" }), simulation.world);
    expect(failure).toMatchObject({ code: "import-source-missing" });
    expect(starts(simulation)).toEqual([]);
  });

  test("that cannot be read is never imported by its tag", async () => {
    const simulation = scene();
    simulation.before = ({ call, host }) =>
      call === "head" && host === "mcr.microsoft.com"
        ? { kind: "throw", error: new Error("answered 403 DENIED") }
        : undefined;
    const { failure } = await run(inputs({ images: RUNTIME }), simulation.world);
    expect(failure).toMatchObject({ code: "import-source-unreadable" });
    expect(failure?.message).toContain("mcr.microsoft.com/dotnet/runtime@sha256:…");
    expect(failure?.message).toContain("answered 403 DENIED");
    expect(starts(simulation)).toEqual([]);
  });

  test.each([
    [50, undefined],
    [51, "import-too-large"],
  ])("with %d manifests ends in %p", async (count, code) => {
    const simulation = scene();
    const entry = (n: number) => ({
      mediaType: MEDIA_TYPES.ociManifest,
      digest: `sha256:${String(n).padStart(64, "0")}`,
      size: 500,
    });
    const text = JSON.stringify({ manifests: Array.from({ length: count }, (_, n) => entry(n)) });
    simulation.push("mcr.microsoft.com", "many:1", "", { mediaType: MEDIA_TYPES.ociIndex, text });
    const { failure } = await run(inputs({ images: "mcr.microsoft.com/many:1" }), simulation.world);
    expect(failure?.code).toBe(code);
    expect(starts(simulation).length).toBe(code === undefined ? 1 : 0);
  });
});
