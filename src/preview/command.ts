/** What a comment asks for. */
export type Order =
  /** `sha` where the comment approves exactly one commit, in lower case. */
  | { readonly kind: "deploy"; readonly sha: string | undefined }
  /** The span as it was written, and in milliseconds. */
  | { readonly kind: "extend"; readonly span: string; readonly spanMs: number }
  | { readonly kind: "destroy" };

export type ParsedCommand =
  /** Nothing for us: talk, or somebody else's command. */
  | { readonly kind: "none" }
  /** One of ours that cannot be obeyed as it stands. */
  | { readonly kind: "unclear"; readonly because: string }
  | { readonly kind: "order"; readonly order: Order };

type Reader = (rest: readonly string[]) => ParsedCommand;

const SHA = /^[0-9a-f]{40}$/i;
const NONE: ParsedCommand = { kind: "none" };
const LEAST_SPAN_MS = 60_000;

const unclear = (because: string): ParsedCommand => ({ kind: "unclear", because });
const deploy = (sha?: string): ParsedCommand => ({
  kind: "order",
  order: { kind: "deploy", sha: sha?.toLowerCase() },
});

const COMMANDS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  [
    "/preview",
    ([sha, ...more]) => {
      if (sha === undefined) return deploy();
      if (SHA.test(sha) && more.length === 0) return deploy(sha);
      return unclear("/preview takes nothing else, or all 40 digits of the commit that it approves");
    },
  ],
  ["/redeploy", (rest) => (rest.length === 0 ? deploy() : unclear("/redeploy takes nothing else"))],
  [
    "/destroy",
    (rest) =>
      rest.length === 0 ? { kind: "order", order: { kind: "destroy" } } : unclear("/destroy takes nothing else"),
  ],
  ["/extend", readExtend],
]);

/**
 * Reads a command from a comment: the whole first line, and nothing else of it, is the command. A quote, a fence, a
 * command in the middle of a sentence and one of somebody else's are none.
 */
export function parseCommand(body: string): ParsedCommand {
  // The rest may be as long as GitHub takes; only so much of the first line can be a command.
  const LONGEST = 200;
  const [line = ""] = body.slice(0, LONGEST + 1).split(/[\r\n]/, 1);
  const [, word, text] = /^(\/[a-z]+)(?:[^\S\r\n]+(.*))?$/i.exec(line) ?? [];
  const read = COMMANDS.get(word?.toLowerCase() ?? "");
  if (read === undefined) return NONE;
  const rest = (text ?? "").split(/\s+/).filter((one) => one !== "");
  return read(rest);
}

function readExtend([span, ...more]: readonly string[]): ParsedCommand {
  const spanMs = span === undefined || more.length > 0 ? undefined : parseSpan(span);
  if (span === undefined || spanMs === undefined) return unclear("/extend takes one span, such as /extend 24h");
  if (spanMs < LEAST_SPAN_MS) return unclear("/extend takes a minute at least, such as /extend 24h");
  return { kind: "order", order: { kind: "extend", span: span.toLowerCase(), spanMs } };
}

const UNIT_MS = { d: 86_400_000, h: 3_600_000, m: 60_000 } as const;
const LONGEST_SPAN_MS = 90 * UNIT_MS.d;

/** `24h`, `2d`, `1d12h`, `90m`; at most 90 days, as everywhere. */
function parseSpan(text: string): number | undefined {
  const [all, days, hours, minutes] = /^(?:(\d{1,4})d)?(?:(\d{1,5})h)?(?:(\d{1,6})m)?$/i.exec(text) ?? [];
  if (!all) return undefined;
  const span = Number(days ?? 0) * UNIT_MS.d + Number(hours ?? 0) * UNIT_MS.h + Number(minutes ?? 0) * UNIT_MS.m;
  return span <= LONGEST_SPAN_MS ? span : undefined;
}
