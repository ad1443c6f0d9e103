import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Builder, BuilderFactory, Job, RegistryLogin } from "./builder.ts";
import { TaskFailure } from "./failure.ts";
import { readFlags } from "./flags.ts";
import { type Image, readLayout } from "./image.ts";
import { requireLegacy } from "./legacy.ts";
import { type Ask, createRegistryPush } from "./registry-push.ts";
import { runProgram } from "./run-program.ts";
import { withTag } from "./task.ts";

export interface RealBuilderOptions {
  /** The docker CLI. */
  readonly docker: string;
  /**
   * What leads it to what builds: DOCKER_HOST of an engine, or DOCKER_CONFIG (for its plugins), BUILDX_CONFIG and BUILDX_BUILDER of a
   * buildkitd. An engine pushes by itself; what buildkitd has built is pushed from a folder, through `ask`.
   */
  readonly env: Readonly<Record<string, string>>;
  readonly ask: Ask;
}

/** Builds with real tools, in the folder and with the words and the environment that acb would give them. */
export function realBuilder(options: RealBuilderOptions): BuilderFactory {
  return async (job) => {
    const folder = await mkdtemp(join(tmpdir(), "mayfly-docker-"));
    await mkdir(join(folder, "config"));
    const plugins = options.env["DOCKER_CONFIG"];
    if (plugins !== undefined) {
      await cp(join(plugins, "cli-plugins"), join(folder, "config", "cli-plugins"), {
        recursive: true,
        verbatimSymlinks: true,
      });
    }
    const env = {
      PATH: `${dirname(options.docker)}:/usr/bin:/bin`,
      HOME: folder,
      ...options.env,
      DOCKER_CONFIG: join(folder, "config"),
    };
    const setUp = { ...options, job, folder, env };
    const builder = options.env["DOCKER_HOST"] === undefined ? buildxBuilder(setUp) : engineBuilder(setUp);
    return { ...builder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
  };
}

interface SetUp extends RealBuilderOptions {
  readonly job: Job;
  /** Goes with the run. */
  readonly folder: string;
}

type Parts = Omit<Builder, typeof Symbol.asyncDispose>;

/** Everything through a docker engine, as on an agent. */
function engineBuilder({ docker, env, job }: SetUp): Parts {
  const call = { program: docker, print: job.print, folder: job.workspace, env, signal: job.signal };
  return {
    login: async ({ host, username, password }) => {
      const words = ["login", "--username", username, "--password-stdin", host];
      await runProgram({ ...call, words, input: password, print: () => undefined }).catch(() => {
        throw new TaskFailure(`failed to login to ${host}, ran out of retries: unauthorized: authentication required`);
      });
    },
    build: async ({ words, env: given, folder, signal }) => {
      await runProgram({ ...call, words: ["build", ...words], folder, env: { ...env, ...pairs(given) }, signal });
    },
    push: async (image, signal) => {
      const output = await runProgram({ ...call, words: ["push", image], signal });
      const [, digest, size] = /digest: (sha256:[0-9a-f]{64}) size: (\d+)/.exec(output) ?? [];
      if (digest === undefined) throw new TaskFailure("docker push named no digest");
      return { digest, size: Number(size) };
    },
    run: async ({ words, env: given, folder, signal }) => {
      const mounts = ["--volume", `${job.workspace}:/workspace`, "--workdir", "/workspace"];
      const environment = given.flatMap((each) => ["--env", each]);
      await runProgram({ ...call, words: ["run", "--rm", ...mounts, ...environment, ...words], folder, signal });
    },
  };
}

/** Builds with a buildkitd into a folder, and pushes from there. */
function buildxBuilder({ docker, env, job, folder, ask }: SetUp): Parts {
  const registry = createRegistryPush(ask);
  const logins: RegistryLogin[] = [];
  const images = new Map<string, Image>();
  let built = 0;
  const call = { program: docker, print: job.print, signal: job.signal };
  return {
    login: async (login) => {
      await registry.login(login);
      logins.push(login);
      await writeFile(join(env["DOCKER_CONFIG"] ?? "", "config.json"), dockerConfig(logins), { mode: 0o600 });
    },
    build: async ({ words, env: given, folder: at, buildKit, signal }) => {
      const flags = readFlags(words, given);
      if (!buildKit) await requireOlder(words, join(at, flags.file ?? join(flags.context, "Dockerfile")), job);
      built += 1;
      const layout = join(folder, `layout-${built}`);
      const output = ["--output", `type=oci,tar=false,dest=${layout}`, "--provenance=false", "--progress=plain"];
      const all = ["buildx", "build", ...output, ...words];
      await runProgram({ ...call, words: all, folder: at, env: { ...env, ...pairs(given) }, signal });
      const image = await readLayout(layout);
      for (const tag of flags.tags) images.set(withTag(tag), image);
    },
    push: async (reference, signal) => {
      const image = images.get(reference);
      if (image === undefined) throw new TaskFailure(`An image does not exist locally with the tag: ${reference}`);
      const pushed = await registry.push(reference, image, signal);
      job.print(`${reference.split(":").at(-1)}: digest: ${pushed.digest} size: ${pushed.size}\n`);
      return pushed;
    },
    run: async ({ words }) => {
      job.print(`Only a docker engine runs containers: ${words.join(" ")}\n`);
      throw new TaskFailure("exit status 125");
    },
  };
}

async function requireOlder(words: readonly string[], dockerfile: string, { print }: Job): Promise<void> {
  try {
    requireLegacy(words, await readFile(dockerfile, "utf8"));
  } catch (failure) {
    if (!(failure instanceof TaskFailure)) throw failure;
    print(`${failure.message}\n`);
    throw new TaskFailure("exit status 1");
  }
}

function dockerConfig(logins: readonly RegistryLogin[]): string {
  const entries = logins.map(({ host, username, password }) => {
    const auth = Buffer.from(`${username}:${password}`).toString("base64");
    return [host, { auth }] as const;
  });
  return JSON.stringify({ auths: Object.fromEntries(entries) });
}

/** `NAME=value` as an environment. */
function pairs(env: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    env.map((each) => [each.slice(0, each.indexOf("=")), each.slice(each.indexOf("=") + 1)] as const),
  );
}
