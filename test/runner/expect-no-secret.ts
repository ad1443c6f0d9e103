import type { JobResult } from "./job.ts";

/** Parts of a result that may hold the secret, such as `state` for what only post may know. */
export interface SecretExceptions {
  readonly except?: ReadonlyArray<"state" | "env" | "outputs">;
}

/**
 * Throws when anything a job shows or hands on holds a secret: its log, annotations, summary, outputs of job and
 * steps, variables, PATH, saved state, names and left-over processes. Looks for the secret as it is, in JSON, in a
 * URI, and in base64 at any alignment, plain or URL-safe. The message names the places, never the secret.
 */
export function expectNoSecret(result: JobResult, secret: string, { except = [] }: SecretExceptions = {}): void {
  if (secret.length < 6) throw new Error("A secret of fewer than 6 characters would be found everywhere");
  const forms = formsOf(secret);
  const places = Object.entries(placesOf(result, new Set(except)))
    .map(([place, texts]) => {
      const found = texts.flatMap((text) => forms.filter((form) => text.includes(form.text)).map((form) => form.name));
      return { place, found: [...new Set(found)] };
    })
    .filter(({ found }) => found.length > 0);
  if (places.length === 0) return;
  const list = places.map(({ place, found }) => `${place} (${found.join(", ")})`).join(", ");
  throw new Error(`A secret of ${secret.length} characters shows in: ${list}`);
}

interface Form {
  readonly name: string;
  readonly text: string;
}

function formsOf(secret: string): readonly Form[] {
  const forms = [
    { name: "raw", text: secret },
    { name: "JSON", text: JSON.stringify(secret).slice(1, -1) },
    { name: "URI", text: encodeURIComponent(secret) },
  ];
  const bytes = Buffer.from(secret);
  for (const shift of [0, 1, 2]) {
    // Only the digits that depend on the secret alone, whatever stands before and after it.
    const digits = Buffer.concat([Buffer.alloc(shift), bytes]).toString("base64url");
    const end = Math.floor(((shift + bytes.length) * 8) / 6);
    const text = digits.slice(Math.ceil((shift * 8) / 6), end);
    forms.push({ name: "base64url", text });
    forms.push({ name: "base64", text: text.replaceAll("-", "+").replaceAll("_", "/") });
  }
  return forms;
}

function placesOf(result: JobResult, except: ReadonlySet<string>): Readonly<Record<string, readonly string[]>> {
  const values = (map: Readonly<Record<string, string>>): string[] => Object.entries(map).flat();
  const unless = (part: string, texts: readonly string[]): readonly string[] => (except.has(part) ? [] : texts);
  return {
    log: result.log.map((line) => line.text),
    annotations: result.annotations.flatMap((annotation) => Object.values(annotation)),
    summary: [result.summary],
    "job outputs": values(result.outputs),
    "step outputs": unless(
      "outputs",
      result.steps.flatMap((step) => values(step.outputs)),
    ),
    "step names": result.steps.map((step) => step.name),
    state: unless(
      "state",
      result.steps.flatMap((step) => values(step.state)),
    ),
    env: unless("env", values(result.env)),
    path: result.path,
    "left-over processes": result.orphans,
  };
}
