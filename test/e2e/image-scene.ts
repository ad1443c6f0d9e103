import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { AcrRegistry, AddRegistryOptions } from "../azure/acr/acr.ts";
import type { Team } from "../azure/team.ts";
import { type Buildkitd, startBuildkitd } from "../image-tools/buildkitd.ts";
import { createDockerConfig } from "../image-tools/docker-config.ts";
import { type Dockerd, startDockerd } from "../image-tools/dockerd.ts";
import { needTools } from "../image-tools/need-tools.ts";
import { startRegistry } from "../image-tools/registry.ts";
import type { Annotation, Step, StepResult } from "../runner/job.ts";
import { openScene, type Played, type Scene, type SceneJob, type SceneOptions } from "./scene.ts";

/** What builds in an image scene: a buildkitd behind buildx, a docker engine without buildx, or nothing at all. */
export type SceneBuilder = "buildx" | "docker" | "none";

export interface ImageSceneOptions extends SceneOptions {
  readonly builder: SceneBuilder;
  readonly registry?: Partial<AddRegistryOptions>;
  /** The roles of the team's identity on the registry; `AcrPush` when left out. */
  readonly roles?: readonly string[];
  /** Of a disk that only buildkitd has; the machine's own where left out. */
  readonly diskMegabytes?: number;
}

/** A job of one build that is over. */
export interface Published extends Played {
  /** The main stage of the step `build`. */
  readonly main: StepResult;
  readonly outputs: Readonly<Record<string, string>>;
  readonly errors: readonly Annotation[];
}

/** A scene with a registry, behind which the real one of the distribution project stands, and real tools that build. */
export interface ImageScene extends Scene {
  readonly registry: AcrRegistry;
  /** A folder of this scene's. */
  readonly scratch: string;
  /** What a job on this machine needs to build. */
  readonly machineEnv: Readonly<Record<string, string>>;
  /** Builds or pushes as the scene's team, in a job of one step where the job names no others. */
  publish(inputs: Step["with"], job?: Partial<SceneJob>): Promise<Published>;
  /** Digests by tag in a repository of the registry; none where there is no such repository. */
  tags(repository: string): Promise<Readonly<Record<string, string>>>;
  /** Runs skopeo, a tool that had no part in the build, as an identity of its own that may only pull. */
  skopeo(command: string, ...words: readonly string[]): Promise<string>;
  /** What skopeo reads of an image. */
  inspect(reference: string, ...parameters: readonly string[]): Promise<Readonly<Record<string, unknown>>>;
}

const LOGIN_SERVER = "mayfly.azurecr.io";

/** Opens a scene whose registry is called `mayfly`. */
export async function openImageScene(options: ImageSceneOptions): Promise<ImageScene> {
  const { skopeo } = needTools("skopeo");
  const scratch = await mkdtemp(join(tmpdir(), "mayfly-images-"));
  const scene = await openScene(options);
  const { azure, team, proxy } = scene;
  const jwksFile = join(scratch, "jwks.json");
  await writeFile(jwksFile, JSON.stringify(azure.acr.jwks));
  const real = await startRegistry({
    scratch,
    token: {
      realm: `https://${LOGIN_SERVER}/oauth2/token`,
      service: LOGIN_SERVER,
      issuer: "Azure Container Registry",
      jwksFile,
    },
  });
  const registry = azure.acr.addRegistry({
    name: "mayfly",
    subscriptionId: team.subscriptionId,
    backend: { url: real.url },
    ...options.registry,
  });
  team.assign("Reader", `/subscriptions/${team.subscriptionId}`);
  for (const role of options.roles ?? ["AcrPush"]) team.assign(role, registry);
  const reader = randomUUID();
  azure.arm.assignRole(reader, "AcrPull", registry.id);
  const tools = await startTools(options, scratch, proxy.env);
  const machineEnv = { ...scene.base.machineEnv, HOME: scratch, ...tools.env };
  const run = async (command: string, ...words: readonly string[]) => {
    const { username, password } = registry.credentials(reader);
    const creds = command === "copy" ? "--src-creds" : "--creds";
    const { stdout } = await promisify(execFile)(
      skopeo,
      ["--insecure-policy", command, `${creds}=${username}:${password}`, ...words],
      { env: { PATH: "/usr/bin:/bin", ...proxy.env } },
    );
    return stdout;
  };
  return {
    ...scene,
    registry,
    scratch,
    machineEnv,
    publish: async (inputs, job) =>
      readPublished(
        await scene.play({
          machineEnv,
          steps: [build({ ...asPusher(team), ...inputs })],
          ...job,
          github: { ...scene.base.github, ...PUSH, ...job?.github },
        }),
      ),
    tags: async (repository) => (await registry.contents())[repository]?.tags ?? {},
    skopeo: run,
    inspect: async (reference, ...parameters) =>
      JSON.parse(await run("inspect", ...parameters, `docker://${reference}`)),
    [Symbol.asyncDispose]: async () => {
      await tools.daemon?.[Symbol.asyncDispose]();
      await real[Symbol.asyncDispose]();
      await scene[Symbol.asyncDispose]();
      await rm(scratch, { recursive: true, force: true });
    },
  };
}

interface Tools {
  readonly env: Readonly<Record<string, string>>;
  readonly daemon: Buildkitd | Dockerd | undefined;
}

async function startTools(
  { builder, diskMegabytes }: ImageSceneOptions,
  scratch: string,
  proxyEnv: Readonly<Record<string, string>>,
): Promise<Tools> {
  // Nothing of this machine's own docker takes part.
  const alone = { DOCKER_HOST: `unix://${scratch}/no-engine`, DOCKER_CONFIG: join(scratch, "no-docker") };
  if (builder === "none") return { env: alone, daemon: undefined };
  if (builder === "docker") {
    const daemon = await startDockerd({ scratch, proxyEnv });
    return { env: { ...daemon.env, DOCKER_CONFIG: join(scratch, "no-docker") }, daemon };
  }
  const disk = diskMegabytes === undefined ? {} : { diskMegabytes };
  const daemon = await startBuildkitd({ scratch, proxyEnv, ...disk });
  return { env: { ...alone, ...daemon.env, DOCKER_CONFIG: await createDockerConfig(scratch) }, daemon };
}

/** A push to the default branch. */
export const PUSH = {
  event_name: "push",
  ref: "refs/heads/main",
  sha: "0123456789abcdef0123456789abcdef01234567",
} as const;

/** The step `build`, of the workspace as its context unless the inputs say otherwise. */
export function build(inputs: Step["with"] = {}, env: Step["env"] = {}): Step {
  return {
    id: "build",
    uses: "$/actions/acr-build-push",
    with: { registry: "mayfly", images: "team/app", ...inputs },
    env,
  };
}

/** Who pushes, as inputs: no login is needed before it. */
export function asPusher({ clientId, tenantId, subscriptionId }: Team): Readonly<Record<string, string>> {
  return { "client-id": clientId, "tenant-id": tenantId, "subscription-id": subscriptionId };
}

/** A job with the step `build`, with what became of that at hand. */
export function readPublished(played: Played): Published {
  const main = played.steps.find(({ id, stage }) => id === "build" && stage === "main");
  // Only a job that could not be set up has no row of it.
  if (main === undefined) throw new Error(`The step did not run: ${played.annotations[0]?.message}`);
  return { ...played, main, outputs: main.outputs, errors: main.annotations.filter(({ level }) => level === "error") };
}
