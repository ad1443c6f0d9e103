import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { createBusyboxContext, INSTALL_BUSYBOX, sayNowAndSleep } from "../image-tools/busybox-context.ts";
import type { CancelPlan } from "../runner/job.ts";
import { type ImageScene, openImageScene, type Published } from "./image-scene.ts";
import { inLanes } from "./lanes.ts";
import { expectGone, isRunning } from "./look-around.ts";

jest.setTimeout(180_000);

let scene: ImageScene;
beforeAll(async () => {
  scene = await openImageScene({ builder: "buildx" });
});
afterAll(async () => scene[Symbol.asyncDispose]());

interface Case {
  readonly name: string;
  /** Names the step that is running, so that it can be looked for. */
  readonly seconds: number;
  readonly signals: NonNullable<CancelPlan["signals"]>;
  readonly sent: readonly NodeJS.Signals[];
}

const CASES: readonly Case[] = [
  { name: "one signal", seconds: 7201, signals: {}, sent: ["SIGINT"] },
  { name: "a second signal", seconds: 7202, signals: { interruptMs: 1 }, sent: ["SIGINT", "SIGTERM"] },
  {
    name: "a kill",
    seconds: 7203,
    signals: { interruptMs: 1, terminateMs: 1, streamsMs: 500 },
    sent: ["SIGINT", "SIGTERM", "SIGKILL"],
  },
];

interface Ended {
  readonly published: Published;
  readonly ran: boolean;
  readonly endedAfterMs: number;
}

/** How docker's command line begins for a build of this scene: other tests of this machine build, too. */
const building = (): string => `buildx build --progress=plain --builder=mayfly --file=${scene.scratch}/`;

/** Cancels in the middle of a step that would take hours. */
async function cancelStep({ name, seconds, signals }: Case): Promise<Ended> {
  const workspace = await createBusyboxContext({
    scratch: scene.scratch,
    lines: [INSTALL_BUSYBOX, sayNowAndSleep(seconds)],
  });
  let ran = false;
  let pressedAt = Number.NaN;
  let endedAfterMs = Number.NaN;
  const published = await scene.publish(
    { images: `cancelled/${name.replaceAll(" ", "-")}`, tags: "v1\nmain" },
    {
      workspace,
      cancel: {
        signals,
        when: ({ last }) => {
          if (!/^#\d+ \S+ now$/.test(last.text)) return false;
          ran = isRunning(`sleep ${seconds}`) && isRunning(building());
          pressedAt = performance.now();
          return true;
        },
      },
      onLine: ({ stage }) => {
        if (stage === "post" && Number.isNaN(endedAfterMs)) endedAfterMs = performance.now() - pressedAt;
      },
    },
  );
  return { published, ran, endedAfterMs };
}

describe("a job that is cancelled in the middle of a step of the build", () => {
  const ended = new Map<string, Ended>();
  const of = (name: string): Ended => {
    const found = ended.get(name);
    if (found === undefined) throw new Error(`${name} did not run`);
    return found;
  };
  beforeAll(async () => {
    await inLanes(CASES, 2, async (one) => ended.set(one.name, await cancelStep(one)));
  });

  test.each(CASES)("by $name leaves no tag, no process and no configuration", async ({ name, seconds, sent }) => {
    const { published, ran } = of(name);
    expect(ran).toBe(true);
    expect(published.main).toMatchObject({ conclusion: "cancelled", signalsSent: sent });
    expect(await scene.tags(`cancelled/${name.replaceAll(" ", "-")}`)).toEqual({});
    await expectGone(`sleep ${seconds}`);
    expect(isRunning(building())).toBe(false);
    expect([...published.left.keys()].filter((path) => path.includes("mayfly-docker-"))).toEqual([]);
    expect(published.steps.find(({ id, stage }) => id === "build" && stage === "post")?.annotations).toEqual([]);
  });

  test.each(CASES.slice(0, 2))("by $name says so, long before the runner would kill it", ({ name }) => {
    const { published, endedAfterMs } = of(name);
    expect(endedAfterMs).toBeLessThan(7_500);
    expect(published.orphans).toEqual([]);
    expect(published.outputs).toMatchObject({ "error-code": "cancelled", digest: "", tags: "", outcome: "" });
    expect(published.summary.match(/^## /gm)).toHaveLength(1);
    expect(published.summary).toContain("The job was cancelled. No tag was moved.");
    expect(published.summary).toContain("did not move");
  });
});

test("a job that is cancelled while the image is pushed leaves no tag", async () => {
  const workspace = await createBusyboxContext({ scratch: scene.scratch, lines: [] });
  const button = new AbortController();
  const upload = /^\/v2\/cancelled\/push\/blobs\/uploads\/[^/]/;
  scene.azure.faults.add(
    { name: "slow upload", when: { method: /PATCH|PUT/, path: upload } },
    { kind: "slow", milliseconds: 1_000 },
  );
  scene.tap.listen((_, url) => {
    if (upload.test(url.pathname)) button.abort();
  });
  const published = await scene.publish(
    { images: "cancelled/push", tags: "v1" },
    { workspace, cancel: { signal: button.signal } },
  );
  expect(published.main).toMatchObject({ conclusion: "cancelled", signalsSent: ["SIGINT"] });
  expect(published.outputs).toMatchObject({ "error-code": "cancelled", digest: "" });
  expect(await scene.registry.contents()).not.toHaveProperty(["cancelled/push", "tags", "v1"]);
});
