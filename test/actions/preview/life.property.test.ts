import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Outcome } from "../../../src/actions/preview/run.ts";
import type { PullRequest } from "../../../src/preview/pull-request.ts";
import { anyLife, CLOSED_IN_THE_MIDDLE, type Fate, LATE_WISH, NUMBERS, type Op } from "./any-life.ts";
import { act, addGroup, addPull, commentEvent, createScene, type Event, pullEvent, type Scene } from "./scene.ts";

/**
 * Many lives of three pull requests, in which anything comes in between: gates are the real ones, GitHub and Azure are
 * in memory, and builds, deployments, teardowns and the reaper are played as the workflows and terraform do it.
 */
const MAX_PREVIEWS = 2;
const MINUTE_MS = 60_000;
const TTL_MINUTES = 24 * 60;

/** A run of preview.yml or preview-teardown.yml for one pull request. */
interface Run {
  readonly kind: "preview" | "teardown";
  readonly number: number;
  readonly event: Event;
  given: Readonly<Record<string, string>>;
  stage: "gate" | "turn" | "work" | "after" | "destroy";
  expiresAt: string;
}

type World = ReturnType<typeof createScene>;

interface Life {
  readonly scene: World;
  readonly runs: Run[];
  /** Who waits for, or has, the turn of a pull request. */
  readonly turns: Map<number, Run[]>;
  /** Pull requests whose last wish of a person is that it should go. */
  readonly unwanted: Set<number>;
  /** The same, as far as a run has heard of a later wish. */
  readonly doomed: Set<number>;
  commits: number;
  /** Whether who holds a place could not be told for a while. */
  blurred: boolean;
}

const nameOf = (number: number): string => `pr-${number}`;
const stands = ({ scene }: Life, number: number): boolean => scene.groups.has(`mayfly-${nameOf(number)}`);
const livePull = ({ scene }: Life, number: number): PullRequest => {
  const pull = scene.pulls.get(number);
  if (pull === undefined) throw new Error("there is no such pull request");
  return pull;
};
const change = (life: Life, number: number, how: Partial<PullRequest>): PullRequest => {
  const pull = { ...livePull(life, number), ...how };
  life.scene.pulls.set(number, pull);
  return pull;
};
const pass = (scene: Scene, minutes: number): void => {
  scene.now = new Date(scene.now.getTime() + minutes * MINUTE_MS);
};

function begin(life: Life, kind: Run["kind"], number: number, event: Event, given: Run["given"] = {}): void {
  const runId = 1_000 + life.runs.length;
  const own = kind === "teardown" ? { "only-destroy": "true" } : { "max-previews": String(MAX_PREVIEWS) };
  life.runs.push({
    ...{ kind, number, stage: "gate", expiresAt: "" },
    event: { ...event, runId },
    given: { ...own, ...given },
  });
}

function happen(life: Life, { op, number }: { readonly op: string; readonly number: number }): void {
  const { scene } = life;
  // Each wish has a moment of its own.
  pass(scene, 1);
  const pull = livePull(life, number);
  const told = { updated_at: scene.now.toISOString() };
  const event = (one: PullRequest, action: string): Event => {
    const { payload, name } = pullEvent(one, action);
    const { pull_request, ...rest } = payload as { readonly pull_request: object };
    return { name, payload: { ...rest, pull_request: { ...pull_request, ...told } } };
  };
  const comment = { comment: { id: 77, body: "", user: { login: "octo" }, created_at: scene.now.toISOString() } };
  const open = pull.state === "open";
  // Whoever ends what has just been started gives its place away, and something of it may still come for a moment.
  const started = life.runs.some((run) => run.number === number && ["turn", "work"].includes(run.stage));
  const ends = op === "close" || op === "close-unheard" || op === "destroy";
  if (ends && started && !stands(life, number)) life.blurred = true;
  if (op === "push" && open) {
    life.commits += 1;
    life.blurred = true;
    const headSha = life.commits.toString(16).padStart(40, "d");
    begin(life, "preview", number, event(change(life, number, { headSha }), "synchronize"));
  }
  if (op === "close" && open)
    begin(life, "teardown", number, event(change(life, number, { state: "closed" }), "closed"));
  if (op === "close-unheard" && open) change(life, number, { state: "closed" });
  if (op === "reopen" && !open) {
    life.unwanted.delete(number);
    begin(life, "preview", number, event(change(life, number, { state: "open" }), "reopened"));
  }
  if (op === "destroy" && open) {
    life.unwanted.add(number);
    life.doomed.add(number);
    const given = { asked: "destroy", "pull-request": String(number) };
    begin(life, "teardown", number, commentEvent(number, "", "octo", comment), given);
  }
  if (op === "deploy" && open) {
    life.unwanted.delete(number);
    const given = { asked: "deploy", "pull-request": String(number), "head-sha": pull.headSha };
    begin(life, "preview", number, commentEvent(number, "", "octo", comment), given);
  }
}

const waits = ({ turns }: Life, run: Run): boolean => run.stage !== "gate" && (turns.get(run.number) ?? [])[0] !== run;

function end(life: Life, run: Run): void {
  life.runs.splice(life.runs.indexOf(run), 1);
  life.turns.set(
    run.number,
    (life.turns.get(run.number) ?? []).filter((one) => one !== run),
  );
}

/** Nothing is taken away but what is closed, or what somebody asked to be gone. */
function expectUnwanted(life: Life, { number, given }: Run): void {
  const { state } = livePull(life, number);
  expect(state === "closed" || given["asked"] === "destroy" || life.doomed.has(number)).toBe(true);
}

async function go(life: Life, run: Run, fate: Fate): Promise<void> {
  const { scene } = life;
  const gate = (given: Run["given"] = run.given): Promise<Outcome> => act(scene, run.event, given);
  if (fate === "lost" && run.stage !== "work") return end(life, run);
  switch (run.stage) {
    case "gate": {
      const { outputs } = await gate();
      const wish = run.given["asked"] ?? (run.event.payload as { readonly action?: string }).action;
      const back = (wish === "deploy" || wish === "reopened") && !life.unwanted.has(run.number);
      if (back) life.doomed.delete(run.number);
      // A /destroy whose run GitHub begins late takes down what was asked for in between: that comes back in its turn.
      if (wish === "destroy") life.doomed.add(run.number);
      const decision = String(outputs["decision"]);
      if (run.kind === "teardown" ? decision !== "destroy" : !["create", "update", "destroy"].includes(decision)) {
        return end(life, run);
      }
      // The other jobs are about what the first one saw.
      if (run.kind === "preview") {
        run.given = { ...run.given, "pull-request": String(run.number), "head-sha": String(outputs["head-sha"]) };
      }
      run.stage = "turn";
      life.turns.set(run.number, [...(life.turns.get(run.number) ?? []), run]);
      return;
    }
    case "turn": {
      const { outputs } = await gate();
      if (outputs["decision"] === "destroy") {
        expectUnwanted(life, run);
        run.stage = "destroy";
      } else if (run.kind === "preview" && ["create", "update"].includes(String(outputs["decision"]))) {
        expect(livePull(life, run.number).state).toBe("open");
        run.expiresAt = String(outputs["expires-at"]);
        run.stage = "work";
      } else end(life, run);
      return;
    }
    case "work": {
      // terraform tags the group as it makes it.
      if (fate !== "half") {
        const tags = { "expires-at": run.expiresAt, "mayfly-head-sha": run.given["head-sha"] ?? "" };
        addGroup(scene, nameOf(run.number), tags);
      }
      if (fate === "lost") return end(life, run);
      run.stage = "after";
      return;
    }
    case "after": {
      const { outputs } = await gate({ "only-destroy": "true", "pull-request": String(run.number) });
      if (outputs["decision"] !== "destroy") return end(life, run);
      expectUnwanted(life, run);
      run.stage = "destroy";
      return;
    }
    case "destroy": {
      if (fate === "well") scene.groups.delete(`mayfly-${nameOf(run.number)}`);
      return end(life, run);
    }
  }
}

/** The hourly sweep, whose teardowns are runs as any. */
async function sweep(life: Life): Promise<void> {
  const event: Event = { name: "schedule", payload: {} };
  const { outputs } = await act(life.scene, event, { "only-destroy": "true" });
  const previews = JSON.parse(String(outputs["previews"])) as readonly { readonly "pull-request": number }[];
  for (const { "pull-request": number } of previews) {
    begin(life, "teardown", number, event, { "pull-request": String(number) });
  }
}

/** What is past its end, whoever wants it. */
function reap({ scene }: Life): void {
  for (const [name, { tags }] of scene.groups) {
    if (new Date(tags["expires-at"] ?? "") <= scene.now) scene.groups.delete(name);
  }
}

async function finish(life: Life): Promise<void> {
  for (;;) {
    const run = life.runs.find((one) => !waits(life, one));
    if (run === undefined) return;
    await go(life, run, "well");
  }
}

function expectRoom(life: Life): void {
  // A push hides for a moment that the commit before it has just been started; and a start holds a place for 30 minutes.
  if (!life.blurred) expect(life.scene.groups.size).toBeLessThanOrEqual(MAX_PREVIEWS);
}

async function live(ops: readonly Op[]): Promise<Life> {
  const scene = createScene();
  const life: Life = {
    scene,
    runs: [],
    turns: new Map(),
    unwanted: new Set(),
    doomed: new Set(),
    commits: 0,
    blurred: false,
  };
  for (const number of NUMBERS) {
    const pull = addPull(scene, number, { headSha: String(number).padStart(40, "e") });
    begin(life, "preview", number, pullEvent(pull, "opened"));
  }
  for (const one of ops) {
    if (one.op === "pass") {
      pass(scene, one.minutes);
      if (one.minutes > 1) life.blurred = true;
    } else if (one.op === "sweep") await sweep(life);
    else if (one.op === "reap") reap(life);
    else if (one.op === "go") {
      const able = life.runs.filter((run) => !waits(life, run));
      const run = able[one.run % Math.max(1, able.length)];
      if (run !== undefined) await go(life, run, one.fate);
    } else happen(life, one);
    expectRoom(life);
  }
  return life;
}

describe("whatever happens in whichever order", () => {
  test("nothing stands in the end that nobody wants, and what is wanted is never taken away", async () => {
    const claim = fc.asyncProperty(anyLife, async (ops) => {
      const life = await live(ops);
      await finish(life);
      expectRoom(life);
      await sweep(life);
      await finish(life);
      for (const each of NUMBERS) {
        if (livePull(life, each).state === "closed") expect([each, stands(life, each)]).toEqual([each, false]);
      }
      // What a lost run has left of somebody's /destroy, and all else, ends by itself.
      pass(life.scene, TTL_MINUTES + 1);
      reap(life);
      expect([...life.scene.groups.keys()]).toEqual([]);
    });
    await fc.assert(claim, { numRuns: 100, examples: [[[...LATE_WISH]]] });
  });

  test("where no run is lost, the last wish of a person holds", async () => {
    const claim = fc.asyncProperty(anyLife, async (ops) => {
      const life = await live(ops.map((one) => (one.op === "go" ? { ...one, fate: "well" as const } : one)));
      await finish(life);
      for (const each of life.unwanted) expect([each, stands(life, each)]).toEqual([each, false]);
    });
    await fc.assert(claim, { numRuns: 100, examples: [[[...CLOSED_IN_THE_MIDDLE]]] });
  });
});
