import type { Scene } from "./act.ts";
import { listRunFaults } from "./outcome.ts";
import type { Running } from "./pods.ts";

/** What an act about a deployment promises. */
export interface DeployStory {
  readonly conclusion: Scene["run"]["conclusion"];
  /** Outputs of the step that deploys, among others. */
  readonly outputs: Readonly<Record<string, string>>;
  /** What became of each revision afterwards. */
  readonly revisions: readonly string[];
  /** Ready pods of each app, and the image that all of them run. */
  readonly apps: Readonly<Record<string, { readonly count: number; readonly image: string }>>;
  /** Whether they are the very pods of before. */
  readonly samePods: boolean;
  /** What the first error says. */
  readonly says?: RegExp;
  /** The file of evidence that has the reason, with the kubelet's own words. */
  readonly shows?: { readonly file: string; readonly words: RegExp };
}

/** What a run that deploys left. */
export interface DeployScene extends Pick<Scene, "run" | "requests"> {
  readonly before: Running;
  readonly after: Running;
}

/** What did not come out as promised, one sentence each; none when all did. */
export function listDeployFaults(story: DeployStory, scene: DeployScene): readonly string[] {
  return [
    ...listOutputFaults(story, scene),
    ...listPodFaults(story, scene),
    ...listReasonFaults(story, scene),
    ...listRunFaults(story.conclusion, scene),
  ];
}

function listOutputFaults({ outputs }: DeployStory, { run }: DeployScene): readonly string[] {
  const steps = run.jobs.flatMap(({ result }) => result.steps);
  const step = steps.find(({ id, stage }) => id === "deploy" && stage === "main");
  return Object.entries(outputs).flatMap(([name, told]) => {
    const found = step?.outputs[name] ?? "";
    return found === told ? [] : [`the output ${name} should be "${told}", and is "${found}"`];
  });
}

function listPodFaults({ revisions, apps, samePods }: DeployStory, { before, after }: DeployScene): readonly string[] {
  const found = after.revisions.map(({ number, status }) => `${number} ${status}`);
  const names = (running: Running): string =>
    running.pods
      .map(({ name }) => name)
      .toSorted()
      .join(", ");
  const strangers = after.pods.filter(({ app }) => apps[app] === undefined);
  return [
    ...(found.join() === revisions.join()
      ? []
      : [`the revisions should be ${revisions.join(", ")}, and are ${found.join(", ") || "none"}`]),
    ...Object.entries(apps).flatMap(([app, { count, image }]) => {
      const good = after.pods.filter((pod) => pod.app === app && pod.ready && pod.image === image);
      const all = after.pods.filter((pod) => pod.app === app);
      return good.length === count && all.length === count
        ? []
        : [`${count} pods of ${app} should be ready with ${image}, and ${good.length} of ${all.length} are`];
    }),
    ...strangers.map(({ name }) => `nobody told of the pod ${name}`),
    ...(!samePods || names(before) === names(after)
      ? []
      : [`the pods of before should have stayed (${names(before)}), and there are ${names(after)}`]),
    ...(after.heading === undefined ? ["nobody answers behind the Service shop-web"] : []),
  ];
}

function listReasonFaults({ says, shows }: DeployStory, { run }: DeployScene): readonly string[] {
  const errors = run.jobs.flatMap(({ result }) => result.annotations).filter(({ level }) => level === "error");
  const first = errors[0]?.message ?? "";
  const summaries = run.jobs.map(({ result }) => result.summary).join("\n");
  const evidence = shows === undefined ? "" : (summaries.split(`<summary>${shows.file}</summary>`)[1] ?? "");
  return [
    ...(says === undefined || says.test(first) ? [] : [`the error should say ${says.source}, and says "${first}"`]),
    ...(says !== undefined || first === "" ? [] : [`there should be no error, and one says "${first}"`]),
    ...(shows === undefined || shows.words.test(evidence.split("</details>")[0] ?? "")
      ? []
      : [`${shows.file} of the evidence should show ${shows.words.source}`]),
    ...(shows === undefined || run.artifacts.some(({ name, bytes }) => name === "evidence" && bytes > 0)
      ? []
      : ["the evidence was not kept"]),
  ];
}
