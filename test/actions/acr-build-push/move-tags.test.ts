import { beforeEach, describe, expect, test } from "@jest/globals";
import { moveTags } from "../../../src/actions/acr-build-push/move-tags.ts";
import { RegistryFault } from "../../../src/registry/registry-fault.ts";
import { createFakeRegistry, type FakeRegistry, makeManifest } from "./fake-registry.ts";

const APP = { host: "acr.example", name: "team/app" };
const MIRROR = { host: "ghcr.example", name: "org/app" };
const OLD = makeManifest("old");
const NEW = makeManifest("new");

let acr: FakeRegistry;
let mirror: FakeRegistry;
beforeEach(() => {
  acr = createFakeRegistry(APP.host);
  mirror = createFakeRegistry(MIRROR.host);
  acr.add(APP.name, OLD, "v1", "main");
  acr.add(APP.name, NEW);
  mirror.add(MIRROR.name, NEW);
});

const registry = (host: string): FakeRegistry => (host === APP.host ? acr : mirror);
const world = { registry, restoringRegistry: registry };

async function move(tags: readonly string[], writeOnce: readonly string[] = []) {
  return moveTags({ manifest: NEW, repositories: [APP, MIRROR], tags, writeOnce }, world);
}

describe("the tags of a new digest", () => {
  test("all stand on it in every repository, and say where they stood before", async () => {
    const moves = await move(["main", "sha-1"]);
    expect(moves.map(({ repository, tag, before, outcome }) => [repository.host, tag, before, outcome])).toEqual([
      [APP.host, "main", OLD.digest, "moved"],
      [APP.host, "sha-1", undefined, "moved"],
      [MIRROR.host, "main", undefined, "moved"],
      [MIRROR.host, "sha-1", undefined, "moved"],
    ]);
    expect(acr.tags.get("team/app:main")).toBe(NEW.digest);
    expect(mirror.tags.get("org/app:sha-1")).toBe(NEW.digest);
  });

  test("are not put again where they stand already", async () => {
    acr.add(APP.name, NEW, "main");
    const [first] = await move(["main"]);
    expect(first?.outcome).toBe("already");
    expect(acr.asked).not.toContain("PUT team/app:main");
  });

  test("stay, every one, when a write-once tag stands on another digest", async () => {
    await expect(move(["main", "v1"], ["v*"])).rejects.toMatchObject({
      code: "tag-is-write-once",
      message: expect.stringContaining(`acr.example/team/app:v1 stands on ${OLD.digest}`),
    });
    expect([...acr.asked, ...mirror.asked].filter((asked) => asked.startsWith("PUT"))).toEqual([]);
  });

  test("may be written once more with the same digest", async () => {
    acr.add(APP.name, NEW, "v1");
    expect((await move(["v1"], ["v*"])).map(({ outcome }) => outcome)).toEqual(["already", "moved"]);
  });

  test("go back to where they stood when one of them cannot be put", async () => {
    mirror.spoil = (asked) => (asked.startsWith("PUT") ? new Error("405 locked") : undefined);
    const moves = await move(["main", "sha-1"]);
    expect(moves.map(({ outcome }) => outcome)).toEqual(["rolled-back", "left", "failed", "failed"]);
    expect(moves[2]?.because).toBe("405 locked");
    expect(acr.tags.get("team/app:main")).toBe(OLD.digest);
    expect(acr.tags.get("team/app:sha-1")).toBe(NEW.digest);
  });

  test("stay where another run has put them meanwhile", async () => {
    const newer = makeManifest("newer");
    mirror.spoil = (asked) => {
      if (!asked.startsWith("PUT")) return undefined;
      acr.add(APP.name, newer, "main");
      return new Error("405 locked");
    };
    const [main] = await move(["main"]);
    expect(main).toMatchObject({ outcome: "left", because: expect.stringContaining(newer.digest) });
    expect(acr.tags.get("team/app:main")).toBe(newer.digest);
  });

  test("say so when one could not go back either", async () => {
    let puts = 0;
    acr.spoil = (asked) => {
      if (!asked.startsWith("PUT")) return undefined;
      puts += 1;
      return puts > 1 ? new Error("503") : undefined;
    };
    mirror.spoil = (asked) => (asked.startsWith("PUT") ? new Error("405") : undefined);
    const [main] = await move(["main"]);
    expect(main).toMatchObject({ outcome: "left", because: "503" });
  });

  test("go back also where nobody knows whether they moved, but not where the registry refused", async () => {
    acr.add(APP.name, OLD, "silent", "refused");
    const facts = { request: "PUT", host: APP.host, code: "x", said: "no", passing: false };
    const faults: Readonly<Record<string, Error>> = {
      "PUT team/app:silent": new RegistryFault({ ...facts, status: undefined }),
      "PUT team/app:refused": new RegistryFault({ ...facts, status: 405 }),
    };
    const spoilt = new Set<string>();
    acr.spoil = (asked) => {
      if (spoilt.has(asked)) return undefined;
      spoilt.add(asked);
      return faults[asked];
    };
    const moves = await move(["silent", "refused"]);
    expect(moves.slice(0, 2).map(({ outcome }) => outcome)).toEqual(["failed", "failed"]);
    expect(acr.asked.filter((asked) => asked === "PUT team/app:silent")).toHaveLength(2);
    expect(acr.asked.filter((asked) => asked === "PUT team/app:refused")).toHaveLength(1);
    expect(acr.tags.get("team/app:silent")).toBe(OLD.digest);
  });
});
