import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Agent } from "./agent.ts";
import { imageAlias } from "./aliases.ts";
import type { PushedImage } from "./builder.ts";
import { TaskFailure } from "./failure.ts";
import { type Dependencies, scanDockerfile } from "./scan.ts";
import { type Step, usesBuildKit } from "./task.ts";
import { type BuildFields, readBuildFields, splitWords } from "./words.ts";

/** What the steps of a run have left behind so far. */
export interface Results {
  /** By name. */
  readonly pushed: Map<string, PushedImage>;
  /** By step. */
  readonly scanned: Map<string, Scanned>;
}

export interface Scanned {
  readonly fields: BuildFields;
  readonly dependencies: Dependencies;
}

/** Runs one step and adds what came of it. @throws TaskFailure */
export async function runStep(agent: Agent, step: Step, fromYaml: boolean, results: Results): Promise<void> {
  const { log } = agent;
  const network = fromYaml ? "acb_default_network" : "";
  log.say(
    `Executing step ID: ${step.id}. Timeout(sec): ${step.timeoutSeconds}, Working directory: '${step.workingDirectory}', Network: '${network}'`,
  );
  const signal = agent.within(step.timeoutSeconds);
  if (step.push !== undefined) {
    for (const image of step.push) results.pushed.set(image, await push(agent, image, signal));
    return;
  }
  const folder = join(agent.workspace, step.workingDirectory);
  if (step.build !== undefined) {
    results.scanned.set(step.id, await scan(agent, step.build, folder));
    const words = splitWords(step.build, agent.settings.splitting);
    const buildKit = usesBuildKit(step);
    const given = environment(agent, step);
    const env = buildKit ? given : [...given, "DOCKER_BUILDKIT=0"];
    const call = { stepId: step.id, words, env, folder, buildKit, signal };
    await launched(agent, step, call, () => agent.builder.build(call));
    return;
  }
  const [image = "", ...parameters] = splitWords(step.cmd ?? "", agent.settings.splitting);
  const words = [fromYaml ? imageAlias(image) : image, ...parameters];
  const call = { stepId: step.id, words, env: environment(agent, step), folder, signal };
  await launched(agent, step, call, () => agent.builder.run(call));
}

/** Older versions write each as it is into the line that the shell runs. */
function environment({ settings }: Agent, { env }: Step): readonly string[] {
  if (settings.splitting === "parser") return env;
  return env.map((each) => {
    const [word, ...more] = splitWords(each, "shell");
    if (word === undefined || more.length > 0)
      throw new TaskFailure("docker: invalid reference format: exit status 125");
    return word;
  });
}

/** `RunRepeatWithRetries` of pkg/procmanager. */
async function launched(
  { log }: Agent,
  { id, retries }: Step,
  call: { readonly signal: AbortSignal },
  run: () => Promise<void>,
): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    log.say(`Launching container with name: ${id}`);
    try {
      await run();
      log.say(`Successfully executed container: ${id}`);
      return;
    } catch (failure) {
      call.signal.throwIfAborted();
      if (!(failure instanceof TaskFailure)) throw failure;
      if (attempt >= retries) {
        log.say(`Container failed during run: ${id}. No retries remaining.`);
        throw failure;
      }
      log.say(`Container failed during run: ${id}, waiting 5 seconds before retrying...`);
    }
  }
}

async function scan({ log, settings }: Agent, line: string, folder: string): Promise<Scanned> {
  log.say("Scanning for dependencies...");
  const fields = readBuildFields(line);
  const { tags, buildArgs, target } = fields;
  try {
    const dockerfile = await readFile(join(folder, fields.dockerfile), "utf8").catch(() => {
      throw new TaskFailure(
        `error opening dockerfile: ${fields.dockerfile}, error: open ${fields.dockerfile}: no such file or directory`,
      );
    });
    const knowsPlatform = settings.scannerKnowsPlatform;
    const dependencies = scanDockerfile({ dockerfile, tags, buildArgs, target, knowsPlatform });
    log.say("Successfully scanned dependencies");
    return { fields, dependencies };
  } catch (failure) {
    if (!(failure instanceof TaskFailure)) throw failure;
    log.say(`Output from dependency scanning: ${failure.message}`);
    throw new TaskFailure("failed to scan dependencies: exit status 1");
  }
}

/** `pushWithRetries` of builder/push.go. */
async function push({ log, builder }: Agent, image: string, signal: AbortSignal): Promise<PushedImage> {
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    log.say(`Pushing image: ${image}, attempt ${attempt}`);
    try {
      const done = await builder.push(image, signal);
      log.say(`Successfully pushed image: ${image}`);
      return done;
    } catch (failure) {
      signal.throwIfAborted();
      if (!(failure instanceof TaskFailure)) throw failure;
      log.print(`${failure.message}\n`);
    }
  }
  throw new TaskFailure("failed to push images successfully");
}
