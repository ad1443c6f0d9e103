import { TaskFailure } from "./failure.ts";

/** What the words behind `docker build` ask for. */
export interface Flags {
  readonly file: string | undefined;
  readonly context: string;
  readonly tags: readonly string[];
  readonly target: string | undefined;
  readonly platform: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  /** Without those that the environment does not hold. */
  readonly buildArgs: Readonly<Record<string, string>>;
}

/** Flags of docker build that stand alone; every other one has a value. */
const SWITCHES = new Set(["--no-cache", "--pull", "--rm", "--force-rm", "--squash", "-q", "--quiet", "--load"]);

const SHORT: Readonly<Record<string, string>> = { "-f": "--file", "-t": "--tag" };

/**
 * Reads words as docker's own command line does: `--name value`, `--name=value`, and one context.
 * @throws TaskFailure
 */
export function readFlags(words: readonly string[], env: readonly string[]): Flags {
  const given = new Map<string, string[]>();
  const contexts: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    if (!word.startsWith("-") || word === "-") contexts.push(word);
    else if (!SWITCHES.has(word)) {
      const [, flag = word, inline] = /^(--[^=]+)=(.*)$/s.exec(word) ?? [];
      if (inline === undefined) at += 1;
      const value = inline ?? words[at];
      if (value === undefined) throw new TaskFailure(`flag needs an argument: ${word}`);
      const name = SHORT[flag] ?? flag;
      given.set(name, [...(given.get(name) ?? []), value]);
    }
  }
  const [context] = contexts;
  if (context === undefined || contexts.length > 1) {
    throw new TaskFailure(`"docker build" requires exactly 1 argument. It was given ${JSON.stringify(contexts)}`);
  }
  const last = (name: string) => given.get(name)?.at(-1);
  return {
    context,
    file: last("--file"),
    tags: given.get("--tag") ?? [],
    target: last("--target"),
    platform: last("--platform"),
    labels: pairs(given.get("--label") ?? []),
    buildArgs: pairs(given.get("--build-arg") ?? [], env),
  };
}

/** A name without a value takes it from the environment, or is left out. */
function pairs(list: readonly string[], env: readonly string[] = []): Readonly<Record<string, string>> {
  const entries = list.flatMap((text) => {
    const at = text.indexOf("=");
    if (at >= 0) return [[text.slice(0, at), text.slice(at + 1)] as const];
    const held = env.findLast((each) => each.startsWith(`${text}=`));
    return held === undefined ? [] : [[text, held.slice(text.length + 1)] as const];
  });
  return Object.fromEntries(entries);
}
