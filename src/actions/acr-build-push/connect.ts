import { readFile, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { hasUserLogin } from "../../docker/user-login.ts";
import { readGitFacts } from "../../image/git-facts.ts";
import { connectCommands } from "../../kit/command.ts";
import type { InputsOf } from "../../kit/define-action.ts";
import { once } from "../../kit/once.ts";
import { runProcess } from "../../kit/process.ts";
import type { Runner } from "../../kit/runner.ts";
import { makeScratchFolder } from "../../kit/scratch-folder.ts";
import { UserError } from "../../kit/user-error.ts";
import { copyImage } from "../../registry/copy-image.ts";
import { readFrom } from "../../registry/image-source.ts";
import { readEvent } from "../github-event.ts";
import type { BuilderKind } from "./builder.ts";
import type { FoundBuilder } from "./choose-builder.ts";
import { listBaseHosts } from "./connect-base-hosts.ts";
import { nameContent } from "./connect-content.ts";
import { connectDocker } from "./connect-docker.ts";
import { pushExisting } from "./connect-existing.ts";
import { explain } from "./connect-explain.ts";
import { connectRunRegistries } from "./connect-registries.ts";
import { connectTasks } from "./connect-tasks.ts";
import { readCommitTime, readHead } from "./read-commit.ts";
import type { spec } from "./spec.ts";
import { DOCKER_FOLDER } from "./state.ts";
import type { World } from "./world.ts";

/** The world of a build: registries through the job's federated identity, docker, ACR Tasks, files, git. */
export function connect(runner: Runner, inputs: InputsOf<typeof spec>): World {
  const { environment, cancelled, log } = runner;
  const workspace = environment["GITHUB_WORKSPACE"] || process.cwd();
  const registries = connectRunRegistries(runner, inputs);
  const pushedTo = (): readonly string[] => {
    if (!inputs.push) return [];
    const named = inputs.images.map((text) => text.split("/")[0] ?? "").filter((part) => part.includes("."));
    return registries.listOurs([registries.loginServer() ?? "", ...named]);
  };
  const docker = connectDocker({
    runner,
    workspace,
    hosts: async () => {
      const bases = await listBaseHosts(inputs, workspace);
      // Where somebody has logged in for it, that login counts.
      const without = bases.filter((host) => !hasUserLogin(environment, homedir(), host));
      return registries.listOurs([...pushedTo(), ...without]);
    },
    findCredential: (host) => {
      const credential = registries.findCredential(host);
      // A base image may be there for everybody: then a refusal of ours is none of its.
      return pushedTo().includes(host) ? credential : credential.catch(() => undefined);
    },
    builderName: inputs.buildxBuilder,
    onFolder: (folder) => runner.saveState(DOCKER_FOLDER, folder),
    credentialFault: undefined,
  });
  const tasks = connectTasks({ runner, workspace, registries, inputs });
  const builders: Readonly<Record<BuilderKind, () => Promise<FoundBuilder>>> = {
    buildx: docker.buildx,
    docker: docker.docker,
    "acr-tasks": tasks,
  };
  const scratch = once(() =>
    makeScratchFolder({ prefix: "mayfly-image-", maker: "acr-build-push" }, runner.tempFolder),
  );

  return {
    log,
    cancelled,
    now: runner.now,
    monotonic: runner.monotonic,
    sleep: runner.sleep,
    random: Math.random,
    architecture: process.arch,
    redact: runner.redact,
    summarize: runner.summarize,
    prepare: () => {
      if (inputs.from === undefined && inputs.builder !== "acr-tasks") docker.look();
      if (inputs.push) registries.signIn();
    },
    files: {
      workspace,
      kindOf: async (path) => {
        const found = await stat(path).catch(() => undefined);
        if (found === undefined) return "missing";
        return found.isDirectory() ? "folder" : "file";
      },
      readText: (path) => readFile(path, "utf8"),
      hasVariable: (name) => (environment[name] ?? "") !== "",
    },
    readFacts: async () => {
      const facts = readGitFacts(environment, await readEvent(environment["GITHUB_EVENT_PATH"]));
      const committedAt =
        facts.committedAt ?? (await readCommitTime(connectCommands(environment), workspace, facts.headSha));
      return { ...facts, committedAt };
    },
    readCheckout: async () => ({
      head: await readHead(connectCommands(environment), workspace),
      triggering: environment["GITHUB_SHA"],
    }),
    findLoginServer: registries.findLoginServer,
    registry: registries.registry,
    lastingRegistry: registries.lastingRegistry,
    restoringRegistry: registries.restoringRegistry,
    findBuilder: (kind) => builders[kind](),
    nameContent: (request, own) => nameContent(request, own, registries.registry),
    copy: async (from, to, digest) => {
      const source = readFrom(registries.registry(from.host), from.name);
      await copyImage({ source, target: registries.registry(to.host), name: to.name, digest });
    },
    pushExisting: async (from, to) => pushExisting(from, to, { ...registries, workspace, scratch: await scratch() }),
    scan: async (command, variables) => {
      const bash = await connectCommands(environment).find("bash");
      if (bash === undefined)
        throw new UserError("tool-missing", "scan-command needs bash, and there is none on PATH.");
      const outcome = await runProcess({
        // As docker: told at once, with all that it started.
        tool: "docker",
        path: bash,
        parameters: ["--noprofile", "--norc", "-eo", "pipefail", "-c", command],
        environment: { ...withoutRuntime(await docker.environment()), ...variables },
        folder: workspace,
        onLine: (_, line) => log.info(line),
        cancelled,
      });
      return outcome.exitCode;
    },
    explain: (error, { host, name }) =>
      explain(error, registries.asked(host, name, "push"), (from, base) =>
        registries.listOurs([from]).includes(from) ? registries.asked(from, base, "pull") : undefined,
      ),
    writeFile: async (name, text) => {
      const path = join(await scratch(), name);
      await writeFile(path, runner.redact(text));
      return path;
    },
    close: docker.remove,
  };
}

/**
 * What a step with `run` would have: the runner gives the token of its own services (caches, artifacts) to actions alone,
 * and a scanner is a stranger.
 */
function withoutRuntime(environment: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const kept = Object.entries(environment).filter(([name]) => !/^ACTIONS_(?:RUNTIME|RESULTS|CACHE)_/.test(name));
  return Object.fromEntries(kept);
}
