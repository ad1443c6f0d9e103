import type { Scene } from "./act.ts";
import { listRunFaults } from "./outcome.ts";
import type { Running } from "./pods.ts";

/** What an act about a smoke test promises. */
export interface SmokeStory {
  readonly conclusion: Scene["run"]["conclusion"];
  /** Outputs of the step that tests, among others. */
  readonly outputs: Readonly<Record<string, string>>;
  /** The one check that fails: its name, what its annotation says, and the line that it points to. */
  readonly blames?: { readonly check: string; readonly says: RegExp; readonly file: string; readonly line: string };
}

/** What a run that tests left. */
export interface SmokeScene extends Pick<Scene, "run" | "requests"> {
  readonly before: Running;
  readonly after: Running;
}

/** What did not come out as promised, one sentence each; none when all did. */
export function listSmokeFaults(story: SmokeStory, scene: SmokeScene): readonly string[] {
  return [
    ...listOutputFaults(story, scene),
    ...listBlameFaults(story, scene),
    ...listChanges(scene),
    ...listRunFaults(story.conclusion, scene),
  ];
}

function listOutputFaults({ outputs }: SmokeStory, { run }: SmokeScene): readonly string[] {
  const steps = run.jobs.flatMap(({ result }) => result.steps);
  const step = steps.find(({ id, stage }) => id === "smoke" && stage === "main");
  const found = step?.outputs ?? {};
  const wrong = Object.entries(outputs).filter(([name, told]) => (found[name] ?? "") !== told);
  return [
    ...wrong.map(([name, told]) => `the output ${name} should be "${told}", and is "${found[name] ?? ""}"`),
    ...(run.artifacts.some(({ name, bytes }) => name === "smoke-test" && bytes > 0) ? [] : ["no report was kept"]),
  ];
}

function listBlameFaults({ blames }: SmokeStory, { run }: SmokeScene): readonly string[] {
  const errors = run.jobs.flatMap(({ result }) => result.annotations).filter(({ level }) => level === "error");
  const placed = errors.filter(({ file }) => file !== undefined);
  if (blames === undefined) return errors.map(({ message }) => `there should be no error, and one says "${message}"`);
  const { check, says, file, line } = blames;
  const places = placed.map((each) => `${each.file}:${each.line}`).join(", ");
  const summary = run.jobs.map(({ result }) => result.summary).join("\n");
  return [
    ...(places === `${file}:${line}` ? [] : [`one error should point to ${file}:${line}, and not ${places || "none"}`]),
    ...(placed.some(({ message }) => says.test(message))
      ? []
      : [`it should say ${says.source}, and says "${placed[0]?.message ?? ""}"`]),
    ...(summary.includes(check) ? [] : [`the summary does not name "${check}"`]),
  ];
}

/** A smoke test looks, and changes nothing. */
function listChanges({ before, after }: SmokeScene): readonly string[] {
  const tell = ({ pods, revisions }: Running): string =>
    [...pods.map(({ name }) => name).toSorted(), ...revisions.map((each) => `${each.number} ${each.status}`)].join();
  return tell(before) === tell(after) ? [] : [`pods or revisions have changed: ${tell(before)}, then ${tell(after)}`];
}
