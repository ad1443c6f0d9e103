import { describe, expect, test } from "@jest/globals";
import { run } from "../../../src/actions/acr-build-push/run.ts";
import { createFakeWorld, PUSH } from "./fake-world.ts";
import { inputs } from "./inputs.ts";

describe("bad input", () => {
  test("is told all at once, before anything is asked", async () => {
    const world = createFakeWorld();
    const bad = inputs({
      images: "Team/App\nghcr.io/octo/app",
      file: "docker/Dockerfile",
      secrets: "id=npm,env=MISSING\ns3cr3t-value",
      platforms: "linux/amd64,arm",
      registry: "",
    });
    const error = await run(bad, world).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "bad-input" });
    const text = String(error);
    for (const part of [
      "write team/app",
      "file: expected a Dockerfile, there is none at /repo/docker/Dockerfile",
      "the variable MISSING is not set",
      "secrets: line 2: expected id=<name>,env=<VARIABLE>",
      'platforms: expected os/architecture such as linux/amd64, got "arm"',
      "registry: expected the registry's name or login server",
      "ghcr-token: expected the job's token",
    ]) {
      expect(text).toContain(part);
    }
    expect(text).not.toContain("s3cr3t-value");
    expect([...world.registries.keys()]).toEqual([]);
  });

  test("a stage that the Dockerfile does not have is told at its place, before a build", async () => {
    const world = createFakeWorld();
    await expect(run(inputs({ target: "prod" }), world)).rejects.toMatchObject({
      code: "dockerfile-target-not-found",
      file: "Dockerfile",
      line: 1,
      message: expect.stringContaining("its stages are app"),
    });
    expect(world.builds).toEqual([]);
  });

  test("a context that was not checked out says what is missing", async () => {
    await expect(run(inputs({ context: "app" }), createFakeWorld())).rejects.toMatchObject({
      code: "bad-input",
      message: expect.stringContaining("actions/checkout"),
    });
  });

  test("a pull request's image is not made of the base branch's code", async () => {
    const base = "b".repeat(40);
    const environment = { ...PUSH, GITHUB_EVENT_NAME: "pull_request_target", GITHUB_SHA: base };
    const pull = { number: 7, head: { sha: "a".repeat(40), ref: "x", repo: { full_name: "octo/shop" } } };
    const world = createFakeWorld(environment, {
      pull_request: { ...pull, base: { repo: { full_name: "octo/shop" } } },
    });
    world.checkout = { head: base, triggering: base };
    await expect(run(inputs(), world)).rejects.toMatchObject({ code: "checkout-mismatch" });
    expect(world.builds).toEqual([]);
  });

  test.each(["linux/arm46", "linux/amd46", "Linux/amd64", "linux/arm/7", "amd64"])(
    "a platform that no machine has is none: %s",
    async (platforms) => {
      const world = createFakeWorld();
      await expect(run(inputs({ platforms }), world)).rejects.toMatchObject({ code: "bad-input" });
      expect(world.builds).toEqual([]);
    },
  );

  test.each(["linux/arm64/v8", "linux/arm/v7", "windows/amd64", "linux/386"])("a platform: %s", async (platforms) => {
    const world = createFakeWorld();
    expect((await run(inputs({ platforms }), world)).failure).toBeUndefined();
    expect(world.builds[0]?.request.platforms).toEqual([platforms]);
  });

  test.each(["https://mayfly.azurecr.io", "mayfly.azurecr.io/", "https://mayfly.azurecr.io/team/app", "may fly"])(
    "an address is no registry: %s",
    (registry) => {
      expect(() => inputs({ registry })).toThrow("its login server without https:// (mayfly.azurecr.io)");
    },
  );

  test.each([
    ["mayfly.azurecr.io/team/app:latest", "write the tag only, and the repository under images"],
    ["type=ref,event=branch", "is one of docker/metadata-action: write {branch}"],
    ["type=semver,pattern={{version}}", "{version} for type=semver"],
  ])("what other actions call a tag is told apart: %s", async (tags, words) => {
    await expect(run(inputs({ tags }), createFakeWorld())).rejects.toThrow(words);
  });
});
