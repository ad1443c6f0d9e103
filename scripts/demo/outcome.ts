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
export function listFaults(story: Story, scene: Omit<Scene, "faults">): readonly string[] {
  const faults: string[] = [];
  const { run, before, after, requests } = scene;
  if (run.conclusion !== story.conclusion) {
    faults.push(`the run should end with ${story.conclusion}, and ended with ${run.conclusion}`);
  }
  const left = new Set(after.map(({ name }) => name));
  const gone = before.map(({ name }) => name).filter((name) => !left.has(name));
  for (const name of gone.filter((one) => !story.gone.includes(one))) faults.push(`${name} is gone and should not be`);
  for (const name of story.gone.filter((one) => left.has(one))) faults.push(`${name} should be gone and is not`);
  const known = new Set(before.map(({ name }) => name));
  for (const { name } of after.filter((one) => !known.has(one.name))) faults.push(`${name} was not there before`);
  const asked = requests.filter(({ method }) => method === "DELETE").length;
  if (asked !== story.asked) faults.push(`deletes asked for: ${asked}, and not ${story.asked}`);
  for (const { refused } of requests) if (refused !== undefined) faults.push(refused);
  if (!run.jobs.some(({ result }) => result.summary !== "")) faults.push("no job wrote a summary");
  return faults;
}
