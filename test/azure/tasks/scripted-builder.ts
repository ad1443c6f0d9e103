import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BuilderFactory } from "./builder.ts";
import { buildContextImage } from "./context-image.ts";
import { TaskFailure } from "./failure.ts";
import { type Flags, readFlags } from "./flags.ts";
import type { Image } from "./image.ts";
import { requireLegacy } from "./legacy.ts";
import { type Ask, createRegistryPush } from "./registry-push.ts";
import { withTag } from "./task.ts";

/**
 * Builds without docker: no Dockerfile is carried out, but the image is real. Its one layer holds the context, its config the
 * labels and the platform that were asked for, its history the arguments. `RUN exit <n>` and `RUN false` fail as they would.
 */
export function scriptedBuilder(ask: Ask): BuilderFactory {
  return async (job) => {
    const folder = await mkdtemp(join(tmpdir(), "mayfly-built-"));
    const registry = createRegistryPush(ask);
    const images = new Map<string, Image>();
    let built = 0;
    return {
      login: registry.login,
      build: async ({ words, env, folder: at, buildKit, signal }) => {
        signal.throwIfAborted();
        const flags = readFlags(words, env);
        const dockerfile = await readFile(join(at, flags.file ?? join(flags.context, "Dockerfile")), "utf8").catch(
          () => {
            throw failed(
              job.print,
              `unable to prepare context: unable to evaluate symlinks in Dockerfile path: lstat ${flags.file}: no such file or directory`,
            );
          },
        );
        if (!buildKit) refuseNewer(words, dockerfile, job.print);
        carryOut(dockerfile, buildKit, job.print);
        built += 1;
        const [os = job.platform.os.toLowerCase(), architecture = job.platform.architecture, variant] =
          flags.platform?.split("/") ?? [];
        const image = await buildContextImage({
          context: join(at, flags.context),
          file: join(folder, `layer-${built}`),
          platform: { os, architecture, ...(variant === undefined ? {} : { variant }) },
          labels: flags.labels,
          createdBy: createdBy(flags),
          created: job.now(),
          oci: buildKit,
        });
        for (const tag of flags.tags) images.set(withTag(tag), image);
        const id = image.blobs[0]?.digest.slice("sha256:".length, "sha256:".length + 12);
        if (buildKit) job.print(`#4 exporting to image\n#4 writing image ${image.blobs[0]?.digest} done\n`);
        else job.print(`Successfully built ${id}\n`);
        for (const tag of flags.tags)
          job.print(buildKit ? `#4 naming to ${tag} done\n` : `Successfully tagged ${tag}\n`);
      },
      push: async (reference, signal) => {
        const image = images.get(reference);
        const [name = "", tag = "latest"] = reference.split(/:(?=[^:/]*$)/);
        job.print(`The push refers to repository [${name}]\n`);
        if (image === undefined) {
          throw new TaskFailure(`An image does not exist locally with the tag: ${name}`);
        }
        const pushed = await registry.push(reference, image, signal);
        job.print(`${tag}: digest: ${pushed.digest} size: ${pushed.size}\n`);
        return pushed;
      },
      run: async ({ words }) => {
        throw failed(job.print, `The scripted builder runs no containers: ${words.join(" ")}`);
      },
      [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
    };
  };
}

function refuseNewer(words: readonly string[], dockerfile: string, print: (text: string) => void): void {
  try {
    requireLegacy(words, dockerfile);
  } catch (failure) {
    if (failure instanceof TaskFailure) throw failed(print, failure.message);
    throw failure;
  }
}

/** @throws TaskFailure at the first step that says it fails */
function carryOut(dockerfile: string, buildKit: boolean, print: (text: string) => void): void {
  const steps = dockerfile.split("\n").filter((line) => /^\s*[A-Za-z]+\s/.test(line));
  for (const [index, step] of steps.entries()) {
    print(
      buildKit
        ? `#${index + 1} [${index + 1}/${steps.length}] ${step}\n`
        : `Step ${index + 1}/${steps.length} : ${step}\n`,
    );
    const [, command = "", code = "1"] = /^\s*RUN\s+((?:exit\s+(\d+))|false)\s*$/i.exec(step) ?? [];
    if (command === "" || code === "0") continue;
    throw failed(print, `The command '/bin/sh -c ${command}' returned a non-zero code: ${code}`);
  }
}

/** What was asked for, so that a test can see that it arrived. */
function createdBy({ buildArgs, target, file }: Flags): string {
  const given = Object.entries(buildArgs).map(([name, value]) => `ARG ${name}=${value}`);
  return [...given, `FILE ${file ?? "Dockerfile"}`, ...(target === undefined ? [] : [`TARGET ${target}`])].join("\n");
}

function failed(print: (text: string) => void, message: string): TaskFailure {
  print(`${message}\n`);
  return new TaskFailure("exit status 1");
}
