import { beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { Effect, Fault } from "../azure/faults.ts";
import type { Step } from "../runner/job.ts";
import { expectTruth, readReport } from "./evidence.ts";
import { inLanes } from "./lanes.ts";
import { hasten, setVariable } from "./preload.ts";
import { asTeam, login, openScene, type Played, reap, type Scene, type SceneJob } from "./scene.ts";

jest.setTimeout(300_000);

/**
 * How much faster the action's clock runs than ours where minutes pass. So much faster it also sees a busy machine's
 * delays: at ten times it once took ARM for gone that only was slow.
 */
const TIMES = 5;
/** What a process may take to start and to end on a machine where others want all cores, on our clock. Five seconds were not enough. */
const START_MS = 20_000;

interface Starved {
  readonly name: string;
  readonly arrange?: (scene: Scene) => void;
  readonly inputs?: Step["with"];
  readonly job?: (scene: Scene) => Partial<SceneJob>;
  readonly code: string;
  /** What the one error says. */
  readonly says: string | RegExp;
  /** Whether ARM may have been asked to delete. */
  readonly deletes?: true;
}

const fault = (when: Fault["when"], effect: Effect) => (scene: Scene) =>
  scene.azure.faults.add({ name: "starve", when }, effect);

const LIST = { method: "GET", path: /\/resourcegroups$/i };
const DELETE = { method: "DELETE" };

const REAPS: readonly Starved[] = [
  {
    name: "ARM never answers the list",
    arrange: (scene) => void scene.tap.hold(/\/resourcegroups\?/i),
    code: "arm-unreachable",
    says: /^Cannot list the resource groups of subscription .*no answer from ARM/,
  },
  {
    name: "ARM never answers a DELETE, and never hears it",
    arrange: (scene) =>
      scene.tap.listen(({ method }) => (method === "DELETE" ? new Promise(() => undefined) : undefined)),
    inputs: { deadline: "2m" },
    code: "delete-failed",
    says: /pr-1: failed: DELETE was sent and not answered .* ARM may be deleting it; then the deadline of 2m was reached/,
  },
  {
    name: "ARM never answers what it carries out",
    arrange: (scene) => {
      scene.tap.mute("DELETE");
      scene.azure.faults.add({ name: "old", when: { path: /\/pr-\d$/ }, after: 4 }, { kind: "reset" });
    },
    inputs: { deadline: "2m" },
    code: "delete-failed",
    says: /pr-1: failed: DELETE was sent and not answered .* ARM may be deleting it; then (?:Cannot read resource group pr-1|the deadline of 2m was reached)/,
    deletes: true,
  },
  {
    name: "ARM says 429 to every list",
    arrange: fault(LIST, { kind: "throttle", seconds: 20 }),
    code: "arm-throttled",
    says: "429 TooManyRequests",
  },
  {
    name: "ARM says 429 for longer than there is time",
    arrange: fault(LIST, { kind: "throttle", seconds: 372 }),
    code: "arm-throttled",
    says: "429 TooManyRequests",
  },
  {
    name: "ARM says 429 without a time to every DELETE",
    arrange: fault(DELETE, { kind: "throttle", seconds: 1, retryAfter: "none" }),
    code: "delete-failed",
    says: "ARM throttled the delete",
    deletes: true,
  },
  {
    name: "ARM is out of order",
    arrange: fault(LIST, { kind: "respond", status: 503, body: { error: { code: "ServerBusy", message: "busy" } } }),
    code: "arm-unavailable",
    says: "503 ServerBusy",
  },
  {
    name: "ARM cuts every connection",
    arrange: fault({ host: "management.azure.com" }, { kind: "reset" }),
    code: "arm-unreachable",
    says: "no answer from ARM",
  },
  {
    name: "ARM takes the token for expired",
    arrange: fault(LIST, {
      kind: "respond",
      status: 401,
      body: { error: { code: "ExpiredAuthenticationToken", message: "The access token expiry UTC time is earlier." } },
    }),
    code: "arm-unauthorized",
    says: "401 ExpiredAuthenticationToken",
  },
  {
    name: "a proxy answers in ARM's place",
    arrange: fault(LIST, { kind: "respond", status: 403, body: "<html>Blocked by policy</html>" }),
    code: "arm-denied",
    says: "Blocked by policy",
  },
  {
    name: "the proxy is gone",
    job: (scene) => ({
      machineEnv: { ...scene.base.machineEnv, HTTPS_PROXY: "http://127.0.0.1:9", https_proxy: "http://127.0.0.1:9" },
    }),
    code: "id-token-unreachable",
    says: "ECONNREFUSED",
  },
  {
    name: "the job has no ID token",
    job: () => ({ permissions: {} }),
    code: "id-token-permission",
    says: "id-token: write",
  },
  {
    name: "the federated credential is gone",
    arrange: (scene) => scene.azure.entra.refuse(scene.team.clientId, 700213),
    code: "subject-mismatch",
    says: "AADSTS700213",
  },
  {
    name: "the identity may see nothing",
    arrange: (scene) => {
      for (const id of scene.azure.arm.store.below("/").filter(({ type }) => /roleAssignments$/i.test(type))) {
        scene.azure.arm.remove(id.id);
      }
    },
    code: "arm-denied",
    says: /403 AuthorizationFailed|SubscriptionNotFound/,
  },
  {
    name: "the runner's clock is behind",
    arrange: (scene) => {
      scene.azure.arm.settings.dateSkewSeconds = 600;
    },
    code: "clock-skew",
    says: /600 s behind ARM's|59\d s behind|60\d s behind/,
  },
  {
    name: "the runner's clock is ahead",
    arrange: (scene) => {
      scene.azure.arm.settings.dateSkewSeconds = -3_600;
    },
    code: "clock-skew",
    says: /s ahead of ARM's/,
  },
  {
    name: "RUNNER_TEMP cannot be written",
    job: () => ({ nodeArguments: setVariable("RUNNER_TEMP", "/proc/nowhere") }),
    code: "runner-files",
    says: /RUNNER_TEMP \(\/proc\/nowhere\) cannot be written/,
  },
];

const mainOf = (played: Played) => played.steps.find(({ id, stage }) => id === "reap" && stage === "main");

async function starve({ arrange, inputs, job }: Pick<Starved, "arrange" | "inputs" | "job">) {
  const scene = await openScene();
  for (const name of ["pr-1", "pr-2"]) scene.add(name);
  arrange?.(scene);
  const played = await scene.play({
    steps: [reap({ ...asTeam(scene.team), deadline: "1m", ...inputs })],
    nodeArguments: hasten(TIMES),
    ...job?.(scene),
  });
  await scene[Symbol.asyncDispose]();
  return { scene, played };
}

describe("a reap", () => {
  let runs: ReadonlyMap<string, Awaited<ReturnType<typeof starve>>>;
  beforeAll(async () => {
    const done = await inLanes(REAPS, 4, async (starved) => [starved.name, await starve(starved)] as const);
    runs = new Map(done);
  });

  test.each(REAPS)(
    "when $name fails in time, with one clear error, and $code",
    ({ name, code, says, inputs, deletes }) => {
      const run = runs.get(name);
      if (run === undefined) throw new Error("it was not run");
      const { scene, played } = run;
      const main = mainOf(played);
      expect(main).toMatchObject({ exitCode: 1, conclusion: "failure", outputs: { "error-code": code } });
      const deadlineMs = inputs === undefined ? 60_000 : 120_000;
      expect(main?.durationMs).toBeLessThan(deadlineMs / TIMES + START_MS);
      expect(played.annotations).toHaveLength(1);
      expect(played.annotations[0]).toMatchObject({ level: "error", message: expect.stringMatching(says) });
      expect(played.annotations[0]?.message).not.toContain("fault in Mayfly");
      expect(scene.deletes().length > 0).toBe(deletes === true);
      if (code === "runner-files") return;
      expectTruth(scene, played);
      expect(readReport(played)).toMatchObject({ complete: true, counts: { deleted: 0 } });
    },
  );

  test("counts on no summary: it deletes, says so in its outputs, and warns", async () => {
    const job = () => ({ nodeArguments: [...hasten(3), ...setVariable("GITHUB_STEP_SUMMARY", "/proc/nowhere")] });
    const { scene, played } = await starve({ job });
    expect(mainOf(played)).toMatchObject({ exitCode: 0, outputs: { deleted: "2", "error-code": "" } });
    expect(played.annotations).toMatchObject([{ level: "warning", message: expect.stringContaining("step summary") }]);
    expect(scene.names()).toEqual([]);
  });

  test("waits out a storm that ends, and deletes everything all the same", async () => {
    const { scene, played } = await starve({
      arrange: ({ azure }) => {
        const storm = { kind: "throttle", seconds: 5 } as const;
        azure.faults.add({ name: "list", when: LIST, times: 2 }, storm);
        azure.faults.add({ name: "delete", when: DELETE, times: 3 }, { ...storm, retryAfter: "none" });
        azure.faults.add({ name: "look", when: { method: "GET", path: /\/pr-1$/ }, times: 2 }, storm);
        azure.faults.add({ name: "cut", when: DELETE, times: 1, after: 3 }, { kind: "reset", carriedOut: true });
        azure.arm.settings.deletionSeconds = 0.1;
      },
      inputs: { deadline: "10m" },
    });
    expect(played).toMatchObject({ conclusion: "success", annotations: [] });
    expect(scene.names()).toEqual([]);
    expectTruth(scene, played);
  });
});

describe("a login", () => {
  test.each([
    [
      "Entra is out of order",
      "entra-busy",
      (scene: Scene) =>
        scene.azure.faults.add(
          { name: "busy", when: { path: /\/token$/ } },
          { kind: "respond", status: 503, body: "busy" },
        ),
    ],
    [
      "Entra cuts every connection",
      "entra-unreachable",
      (scene: Scene) => scene.azure.faults.add({ name: "cut", when: { path: /\/token$/ } }, { kind: "reset" }),
    ],
    [
      "GitHub gives no token",
      "id-token-refused",
      (scene: Scene) =>
        scene.azure.faults.add(
          { name: "no", when: { path: /\/idtoken\// } },
          { kind: "respond", status: 500, body: "no" },
        ),
    ],
    [
      "ARM is out of order",
      "arm-unavailable",
      (scene: Scene) =>
        scene.azure.faults.add(
          { name: "no", when: { host: "management.azure.com" } },
          { kind: "respond", status: 500, body: "no" },
        ),
    ],
  ])("when %s gives up with %s, and exports nothing", async (_, code, arrange) => {
    await using scene = await openScene();
    arrange(scene);
    const played = await scene.play({ steps: [login(scene.team)], nodeArguments: hasten(TIMES) });
    const main = played.steps.find(({ id }) => id === "login");
    expect(main).toMatchObject({ exitCode: 1, outputs: { "error-code": code } });
    expect(played.annotations).toHaveLength(1);
    expect(played.env).toEqual({});
  });
});
