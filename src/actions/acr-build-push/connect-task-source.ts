import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { listContext } from "../../docker/context-folder.ts";
import { packContext } from "../../docker/pack-context.ts";
import type { BuildRequest } from "../../image/build-request.ts";
import { addLabels } from "../../image/labelled-dockerfile.ts";
import { startProgress } from "../../kit/progress.ts";
import { readIgnoreRules } from "./connect-content.ts";
import type { TasksSite } from "./connect-tasks.ts";

/** A build's source where ACR Tasks find it. */
export interface TaskSource {
  /** What a run calls it. */
  readonly location: string;
  /** The Dockerfile in it, with the labels that Tasks take in no other way. */
  readonly dockerfile: string;
}

const MEGABYTE = 1_000_000;
const IGNORE = ".dockerignore";

/** Packs the context after `.dockerignore` and streams it up; it is never whole in memory or on disk. */
export async function uploadSource(request: BuildRequest, { runner, tasks, blobs }: TasksSite): Promise<TaskSource> {
  const { context, file } = request;
  const [text, rules, upload] = await Promise.all([
    readFile(file, "utf8"),
    readIgnoreRules(file, context),
    tasks.openUpload(),
  ]);
  const entries = await listContext(context, rules);
  // A name that no file of the context has, and that needs no quotes.
  const dockerfile = `${randomBytes(16).toString("hex")}_Dockerfile`;
  const packed = packContext(context, entries, [
    { path: dockerfile, content: addLabels(text, request.labels, request.target) },
    // The context is filtered already: without rules for this Dockerfile alone the builder would apply the context's
    // `.dockerignore` where another one has been, and `COPY .` would take the added files along.
    { path: `${dockerfile}${IGNORE}`, content: `${dockerfile}\n${dockerfile}${IGNORE}\n` },
  ]);
  const total = entries.reduce((sum, { size }) => sum + size, 0);
  const progress = startProgress({ now: runner.now, info: runner.log.info });
  const render = (bytes: number): string => `${(bytes / MEGABYTE).toFixed(1)} MB`;
  progress.say(`Sending the context: ${entries.length} entries, ${render(total)}`);
  let sent = 0;
  const timer = setInterval(
    () => progress.say(`Sending the context: ${render(packed.packed())} of ${render(total)} packed`),
    PROGRESS_MS,
  );
  try {
    await blobs.upload(upload.url, packed.stream, (bytes) => {
      sent = bytes;
    });
  } finally {
    clearInterval(timer);
  }
  progress.say(`Sent: ${render(sent)} compressed`);
  return { location: upload.relativePath, dockerfile };
}

const PROGRESS_MS = 15_000;
