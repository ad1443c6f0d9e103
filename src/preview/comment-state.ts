/**
 * What the comment keeps for the next run, beside what people read. Whoever may edit comments can change it: a hint that
 * may stop something or say when something began, and never a reason to deploy or to delete.
 */
export interface CommentState {
  /** The phase that was told last. */
  readonly phase: string | undefined;
  /** The commit that it was told of. */
  readonly headSha: string | undefined;
  readonly url: string | undefined;
  readonly expiresAt: Date | undefined;
  /** Since when it waits for a free place. */
  readonly queuedAt: Date | undefined;
  /** When a person asked for its end; undefined once it was asked for again. */
  readonly destroyAskedAt: Date | undefined;
  /** When a person wished for it (again) last. */
  readonly wantedAt: Date | undefined;
  /** The shared cluster in which it has a namespace: its name. Undefined where it has none, or a cluster of its own. */
  readonly cluster: string | undefined;
  /** The namespace in `cluster`. */
  readonly namespace: string | undefined;
}

/** A state of which nothing is known. */
export const NO_STATE: CommentState = {
  phase: undefined,
  headSha: undefined,
  url: undefined,
  expiresAt: undefined,
  queuedAt: undefined,
  destroyAskedAt: undefined,
  wantedAt: undefined,
  cluster: undefined,
  namespace: undefined,
};

const OPENING = "<!-- mayfly:state ";
const CLOSING = " -->";
const LONGEST = 8_192;

/** The state as one HTML comment on one line, that no text in it can end. */
export function renderState(state: CommentState): string {
  const json = JSON.stringify({ v: 1, ...state });
  // All of these stand inside JSON's texts only, where an escape is the same character.
  const inert = json.replaceAll("<", "\\u003c").replaceAll(">", "\\u003e").replaceAll("--", "-\\u002d");
  return `${OPENING}${inert}${CLOSING}`;
}

/** The state in a comment; undefined where there is none that can be read. A field that is not in its form is left out. */
export function parseState(body: string): CommentState | undefined {
  const from = body.indexOf(OPENING);
  const to = body.indexOf(CLOSING, from);
  if (from < 0 || to < 0 || to - from > LONGEST) return undefined;
  const fields = parseFields(body.slice(from + OPENING.length, to));
  if (fields === undefined) return undefined;
  return {
    phase: readText(fields["phase"], /^[a-z-]{1,40}$/),
    headSha: readText(fields["headSha"], /^[0-9a-f]{40,64}$/),
    url: readText(fields["url"], /^https?:\/\/\S{1,2000}$/),
    expiresAt: readDate(fields["expiresAt"]),
    queuedAt: readDate(fields["queuedAt"]),
    destroyAskedAt: readDate(fields["destroyAskedAt"]),
    wantedAt: readDate(fields["wantedAt"]),
    cluster: readText(fields["cluster"], /^[A-Za-z0-9][\w.-]{0,126}$/),
    namespace: readText(fields["namespace"], /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/),
  };
}

function parseFields(json: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function readText(value: unknown, form: RegExp): string | undefined {
  return typeof value === "string" && form.test(value) ? value : undefined;
}

function readDate(value: unknown): Date | undefined {
  const text = readText(value, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z$/);
  const at = new Date(text ?? "");
  return Number.isNaN(at.getTime()) ? undefined : at;
}
