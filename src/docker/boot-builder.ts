import { type ProcessRequest, runProcess } from "../kit/process.ts";
import { UserError } from "../kit/user-error.ts";
import type { BuildxBuilder } from "./buildx-builder.ts";
import { inspectBuilder } from "./find-docker.ts";

/** BuildKit's image is pulled in this time. */
const BOOT_MS = 300_000;

/**
 * Starts a builder that is made but has never run, as buildx itself would at the first build. Apart from a build its
 * failure has a message of its own, and the builder's platforms are known before a long build finds one missing.
 *
 * @throws UserError `builder-not-booted` with buildx's last words, `cancelled` when the job is.
 */
export async function bootBuilder(
  { name, driver }: Pick<BuildxBuilder, "name" | "driver">,
  request: Pick<ProcessRequest, "path" | "environment" | "folder" | "onLine" | "cancelled">,
): Promise<BuildxBuilder> {
  const limit = AbortSignal.timeout(BOOT_MS);
  const { exitCode, tail } = await runProcess({
    ...request,
    tool: "docker",
    parameters: ["buildx", "inspect", "--bootstrap", name],
    cancelled: AbortSignal.any([request.cancelled, limit]),
  });
  if (request.cancelled.aborted) throw new UserError("cancelled", "The job was cancelled while the builder started.");
  if (exitCode === 0) {
    const builder = await inspectBuilder(request, name);
    if ("name" in builder && builder.fault === undefined) return builder;
    throw notBooted(name, driver, builder.fault ?? "");
  }
  throw notBooted(
    name,
    driver,
    limit.aborted ? `it was not there after ${BOOT_MS / 1000} s` : tail.slice(-5).join("\n"),
  );
}

function notBooted(name: string, driver: string | undefined, said: string): UserError {
  return new UserError(
    "builder-not-booted",
    `The builder ${name} (${driver ?? "of an unknown driver"}) did not start:\n${said}\n` +
      "To do: run the job again if this is a registry's limit or a network fault; to be free of Docker Hub give " +
      "docker/setup-buildx-action an image of your own registry (driver-opts: image=…), or build with another " +
      '"builder": docker or acr-tasks.',
  );
}
