import type { LogLine } from "../../test/runner/job.ts";
import type { Scene } from "./act.ts";
import { listRunFaults } from "./outcome.ts";
import type { StateBlob } from "./states.ts";

/** What an act about an environment promises. */
export interface EnvironmentStory {
  readonly conclusion: Scene["run"]["conclusion"];
  /** By job: outputs of its step, among others. */
  readonly outputs: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Exactly these resources are in the environment's state afterwards; undefined where there is no state any more. */
  readonly holds: readonly string[] | undefined;
  /** What the comment's heading says in the end. */
  readonly says: RegExp;
  /** The job whose action is ended by force, so that its post stage has to take over. */
  readonly killed?: string;
}

/** What a run about an environment left. */
export interface EnvironmentScene extends Pick<Scene, "run" | "requests"> {
  /** Key of the environment's state. */
  readonly key: string;
  readonly before: readonly StateBlob[];
  readonly after: readonly StateBlob[];
  /** What stands on the pull request. */
  readonly comments: readonly string[];
  /** What should show nowhere. */
  readonly secret: string;
}

/** What did not come out as promised, one sentence each; none when all did. */
export function listEnvironmentFaults(story: EnvironmentStory, scene: EnvironmentScene): readonly string[] {
  return [
    ...listStateFaults(story, scene),
    ...listOutputFaults(story, scene),
    ...listCommentFaults(story, scene),
    ...listKillFaults(story, scene),
    ...listLeaks(scene),
    ...listRunFaults(story.conclusion, scene),
  ];
}

function listStateFaults({ holds }: EnvironmentStory, { key, before, after }: EnvironmentScene): readonly string[] {
  const own = after.find(({ name }) => name === key);
  const [told, found] = [holds, own?.resources.map(({ address }) => address)].map((addresses) =>
    addresses === undefined ? "no state" : `a state with ${addresses.toSorted().join(", ")}`,
  );
  const mine = (name: string): boolean => name.startsWith(`${key}.`) || name === key;
  const others = (states: readonly StateBlob[]): string => JSON.stringify(states.filter(({ name }) => !mine(name)));
  const left = after.filter(({ name }) => name === `${key}.run`);
  return [
    ...(told === found ? [] : [`there should be ${told}, and there is ${found}`]),
    ...after.filter(({ leased }) => leased).map(({ name }) => `${name} is still locked`),
    ...left.map(({ name }) => `${name} was left behind`),
    ...(others(before) === others(after) ? [] : ["the state of another environment was changed"]),
  ];
}

function listOutputFaults({ outputs }: EnvironmentStory, { run }: EnvironmentScene): readonly string[] {
  return Object.entries(outputs).flatMap(([name, told]) => {
    const job = run.jobs.find((each) => each.name === name);
    const step = job?.result.steps.find(({ id, stage }) => id === "terraform" && stage === "main");
    return Object.entries(told).flatMap(([output, value]) => {
      const found = step?.outputs[output] ?? "";
      return found === value ? [] : [`${name}: ${output} should be "${value}", and is "${found}"`];
    });
  });
}

function listCommentFaults({ says }: EnvironmentStory, { comments }: EnvironmentScene): readonly string[] {
  const [only = "", ...more] = comments;
  const heading = only.split("\n").find((line) => line.startsWith("#")) ?? "";
  return [
    ...(more.length === 0 ? [] : [`there are ${comments.length} comments, and one is enough`]),
    ...(says.test(heading) ? [] : [`the comment should say ${says.source}, and says "${heading}"`]),
  ];
}

function listKillFaults({ killed }: EnvironmentStory, { run }: EnvironmentScene): readonly string[] {
  const orphans = run.jobs.flatMap(({ result }) => result.orphans);
  const steps = run.jobs.find(({ name }) => name === killed)?.result.steps ?? [];
  const [main, post] = (["main", "post"] as const).map((stage) =>
    steps.find((step) => step.id === "terraform" && step.stage === stage),
  );
  return [
    ...orphans.map((command) => `a process outlived its job: ${command}`),
    ...(killed === undefined || main?.signal === "SIGKILL" ? [] : [`the action of ${killed} was not ended by force`]),
    ...(killed === undefined || post?.summary ? [] : [`the post stage of ${killed} told nothing`]),
  ];
}

function listLeaks({ run, secret }: EnvironmentScene): readonly string[] {
  const holds = (text: string): boolean => text.includes(secret);
  const logs = run.jobs.flatMap(({ name, result }) =>
    result.log.some(({ text }: LogLine) => holds(text)) ? [`the log of ${name}`] : [],
  );
  const summaries = run.jobs.flatMap(({ name, result }) => (holds(result.summary) ? [`the summary of ${name}`] : []));
  const comments = (run.conversation?.comments ?? []).flatMap(({ body }) => (holds(body) ? ["a comment"] : []));
  return [...logs, ...summaries, ...comments].map((place) => `${place} shows the password`);
}
