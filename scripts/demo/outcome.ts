import type { Scene } from "./act.ts";

/** What an act promises: how its run ends, and what of Azure is gone after it. */
export interface Story {
  readonly conclusion: Scene["run"]["conclusion"];
  /** Exactly these are gone afterwards. */
  readonly gone: readonly string[];
  /** So many groups had their delete asked for. */
  readonly asked: number;
}

/** What did not come out as promised, one sentence each; none when all did. */
export function listFaults(story: Story, scene: Omit<Scene, "faults" | "part">): readonly string[] {
  const { before, after, requests } = scene;
  const faults: string[] = [];
  const left = new Set(after.map(({ name }) => name));
  const gone = before.map(({ name }) => name).filter((name) => !left.has(name));
  for (const name of gone.filter((one) => !story.gone.includes(one))) faults.push(`${name} is gone and should not be`);
  for (const name of story.gone.filter((one) => left.has(one))) faults.push(`${name} should be gone and is not`);
  const known = new Set(before.map(({ name }) => name));
  for (const { name } of after.filter((one) => !known.has(one.name))) faults.push(`${name} was not there before`);
  const asked = requests.filter(({ method }) => method === "DELETE").length;
  if (asked !== story.asked) faults.push(`deletes asked for: ${asked}, and not ${story.asked}`);
  return [...faults, ...listRunFaults(story.conclusion, scene)];
}

/** What is wrong with a run whatever its story is about. */
export function listRunFaults(
  conclusion: Story["conclusion"],
  { run, requests }: Pick<Scene, "run" | "requests">,
): readonly string[] {
  const wrong = `the run should end with ${conclusion}, and ended with ${run.conclusion}`;
  return [
    ...(run.conclusion === conclusion ? [] : [wrong]),
    ...requests.flatMap(({ refused }) => (refused === undefined ? [] : [refused])),
    ...(run.jobs.some(({ result }) => result.summary !== "") ? [] : ["no job wrote a summary"]),
  ];
}
