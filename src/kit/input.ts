import { parseDuration } from "./duration.ts";

/** Thrown by a reader: what was expected instead. The caller adds the input's name and the value. */
export class Expected extends Error {
  override readonly name = "Expected";
}

export interface InputOptions {
  readonly description: string;
  readonly required?: true;
  /** The text that counts when the input is absent: the one place of the default, action.yml and README repeat it. */
  readonly default?: string;
  /** An environment variable that stands in for an absent input, such as what `azure-login` exported. */
  readonly env?: string;
  readonly deprecated?: string;
  /** Said when a required input is absent: the usual reason, and what to do. */
  readonly whenMissing?: string;
}

/** One declared input: how it is described, and how its text becomes a value. */
export interface Input<T, Given extends boolean = boolean> extends InputOptions {
  /** The word for the kind in README tables. */
  readonly kind: string;
  readonly secret: boolean;
  /** True when `read` gives a value even for an absent input (lists are empty, not absent). */
  readonly emptyIsValue: boolean;
  /** Throws `Expected`. Texts arrive trimmed, and are never empty unless `emptyIsValue`. */
  readonly read: (text: string) => T;
  /** Only in types: whether `run` may count on a value. */
  readonly given?: Given;
}

type Given<O extends InputOptions> = O extends { required: true } | { default: string } ? true : false;

interface TextOptions extends InputOptions {
  readonly pattern?: RegExp;
  /** What the pattern stands for, in words: `a GUID`. */
  readonly expected?: string;
}

/** A text on one line. */
export function text<const O extends TextOptions>(options: O): Input<string, Given<O>> {
  const read = (value: string): string => {
    if (/[\r\n]/.test(value)) throw new Expected("a single line");
    if (options.pattern !== undefined && !options.pattern.test(value)) {
      throw new Expected(options.expected ?? `a text that matches ${options.pattern}`);
    }
    return value;
  };
  return { ...options, kind: "text", secret: false, emptyIsValue: false, read };
}

/** A command of as many lines as it needs. */
export function script<const O extends InputOptions>(options: O): Input<string, Given<O>> {
  // A shell would take the end of a Windows line for a part of its last word.
  const read = (value: string): string => value.replace(/\r\n?/g, "\n");
  return { ...options, kind: "script", secret: false, emptyIsValue: false, read };
}

/** `true` or `false`, as YAML writes them; anything else is a mistake, not a truth. */
export function flag<const O extends InputOptions & { default: "true" | "false" }>(options: O): Input<boolean, true> {
  const read = (value: string): boolean => {
    if (/^true$/i.test(value)) return true;
    if (/^false$/i.test(value)) return false;
    throw new Expected("true or false");
  };
  return { ...options, kind: "flag", secret: false, emptyIsValue: false, read };
}

/** One of a closed list: the value's type is the union of the list. */
export function choice<const C extends readonly string[]>(...choices: C) {
  return <const O extends InputOptions & { default?: C[number] }>(options: O): Input<C[number], Given<O>> => {
    const read = (value: string): C[number] => {
      if (!choices.includes(value)) throw new Expected(`one of ${choices.join(", ")}`);
      return value;
    };
    return { ...options, kind: choices.join(" | "), secret: false, emptyIsValue: false, read };
  };
}

/** One value a line; blank lines and lines that begin with `#` do not count. An absent input is an empty list. */
export function lines<const O extends TextOptions>(options: O): Input<readonly string[], true> {
  const read = (value: string): readonly string[] => {
    const found = splitLines(value);
    const odd = found.find((line) => options.pattern !== undefined && !options.pattern.test(line));
    if (odd !== undefined) throw new Expected(`${options.expected ?? options.pattern} on each line, not "${odd}"`);
    if (options.required && found.length === 0) throw new Expected("at least one line");
    return found;
  };
  return { ...options, kind: "lines", secret: false, emptyIsValue: true, read };
}

/** `key=value` lines; a value may hold more `=` signs. A key given twice is a mistake. */
export function pairs<const O extends InputOptions>(options: O): Input<Readonly<Record<string, string>>, true> {
  const read = (value: string): Readonly<Record<string, string>> => {
    const found = new Map<string, string>();
    for (const line of splitLines(value)) {
      const [, key, content] = /^([^=\s]+)\s*=(.*)$/s.exec(line) ?? [];
      if (key === undefined || content === undefined) throw new Expected(`key=value on each line, not "${line}"`);
      if (found.has(key)) throw new Expected(`each key once, but "${key}" stands twice`);
      found.set(key, content.trim());
    }
    return Object.fromEntries(found);
  };
  return { ...options, kind: "key=value lines", secret: false, emptyIsValue: true, read };
}

interface SpanOptions extends InputOptions {
  readonly min?: string;
  readonly max?: string;
}

/** A span such as `90s`, `30m`, `8h`, `7d`: the value is in milliseconds. */
export function duration<const O extends SpanOptions>(options: O): Input<number, Given<O>> {
  const least = parseDuration(options.min ?? "0s") ?? 0;
  const most = options.max === undefined ? Number.MAX_SAFE_INTEGER : (parseDuration(options.max) ?? 0);
  const read = (value: string): number => {
    const span = parseDuration(value);
    if (span === undefined) throw new Expected("a duration such as 90s, 30m, 8h, 1h30m or 7d");
    if (span < least) throw new Expected(`at least ${options.min}`);
    if (span > most) throw new Expected(`at most ${options.max}`);
    return span;
  };
  return { ...options, kind: "duration", secret: false, emptyIsValue: false, read };
}

interface QuantityOptions extends InputOptions {
  /** What is counted: `groups`, `percent`. */
  readonly unit: string;
  readonly min: number;
  readonly max: number;
}

/** A whole number of a unit, within bounds. */
export function quantity<const O extends QuantityOptions>(options: O): Input<number, Given<O>> {
  const read = (value: string): number => {
    const count = /^[+-]?\d+$/.test(value) ? Number(value) : Number.NaN;
    if (!(count >= options.min && count <= options.max)) {
      throw new Expected(`a whole number of ${options.unit} from ${options.min} to ${options.max}`);
    }
    return count;
  };
  return { ...options, kind: `number (${options.unit})`, secret: false, emptyIsValue: false, read };
}

/** A JSON object, as `${{ toJSON(needs) }}` writes it. `null` is an object without a field. */
export function json<const O extends InputOptions>(options: O): Input<Readonly<Record<string, unknown>>, Given<O>> {
  const read = (value: string): Readonly<Record<string, unknown>> => {
    const parsed = parseJson(value) ?? {};
    if (typeof parsed !== "object" || Array.isArray(parsed)) throw new Expected("a JSON object");
    return { ...parsed };
  };
  return { ...options, kind: "JSON", secret: false, emptyIsValue: false, read };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Expected("a JSON object, such as toJSON(needs) writes");
  }
}

/** A text that is masked before anything can print it, and never quoted in a message. */
export function secret<const O extends InputOptions>(options: O): Input<string, Given<O>> {
  return { ...options, kind: "secret", secret: true, emptyIsValue: false, read: (value) => value };
}

function splitLines(value: string): readonly string[] {
  const trimmed = value.split(/\r?\n/).map((line) => line.trim());
  return trimmed.filter((line) => line !== "" && !line.startsWith("#"));
}
