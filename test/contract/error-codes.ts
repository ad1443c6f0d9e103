import { posix } from "node:path";
import { readTokens, type Token } from "./tokens.ts";

/** A source by its path from the root. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** Every stable code that sources give as `error-code`. */
export interface ErrorCodes {
  /** Each code, and where it stands: `src/kit/start.ts:12`. */
  readonly given: ReadonlyMap<string, readonly string[]>;
  /** Places where a code is given that cannot be read, as `path:line: …`: with any of these the list is not whole. */
  readonly unread: readonly string[];
}

const CODE = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const TABLE = /^(?:[A-Z]+_)*CODES$/;
/** A function that tells of codes: every code in it counts. */
const TELLER = /^(?:codes?Of|[a-z]+Codes?)$/;
/** What carries a code from elsewhere: `error.code`, `codeOf(cause)`, `CODES[kind]`, `error["code"]`, and types of them. */
const CARRIER = /^(?:\w*[cC]odes?|codes?Of|(?:[A-Z]+_)*CODES)$/;
const FAULT = /^(?:Registry|Nats)Fault$/;
const NO_CODE = /^(?:undefined|string|unknown|number)$/;

/**
 * Reads the codes out of sources. A code stands
 *
 * - first in a call of what takes one first: `new UserError("…"`, and every function or class whose first parameter is
 *   called `code`, with all alternatives (`? "a" : "b"`, `?? "a"`);
 * - behind `code`, a property or a variable;
 * - in a table that is called `CODES`, and in a function that is called for codes (`codeOf`).
 *
 * A `RegistryFault` or a `NatsFault` has codes of its own, which never become an `error-code`: those are left out.
 */
export function listErrorCodes(sources: readonly Source[]): ErrorCodes {
  const files = sources.map(({ path, text }) => readFile(path, text));
  const takersOf = new Map(files.map(({ path, takers }) => [path, takers]));
  const given = new Map<string, string[]>();
  const unread: string[] = [];
  for (const file of files) {
    const takers = new Set([...file.takers, ...listImported(file, takersOf)]);
    const scan = { ...file, takers, given, unread, seen: new Set<number>() };
    for (const index of file.tokens.keys()) readAt(index, scan);
  }
  return { given, unread };
}

interface File {
  readonly path: string;
  readonly tokens: readonly Token[];
  /** Functions and classes that take a code first. */
  readonly takers: ReadonlySet<string>;
  /** From where to where everything is about a `RegistryFault` or `NatsFault`. */
  readonly faults: readonly (readonly [number, number])[];
}

interface Scan extends File {
  readonly given: Map<string, string[]>;
  readonly unread: string[];
  /** What has been read once. */
  readonly seen: Set<number>;
}

function readFile(path: string, text: string): File {
  const tokens = readTokens(text);
  const is = (index: number, ...values: readonly string[]): boolean =>
    values.every((value, at) => tokens[index + at]?.value === value);
  const takers = new Set<string>();
  const faults: (readonly [number, number])[] = [];
  const addTaker = (name: string, open: number): void => {
    const end = tokens[open]?.end ?? open;
    if (is(open, "(", "code") && ![name, tokens[end + 2]?.value ?? ""].some((one) => FAULT.test(one))) takers.add(name);
  };
  for (const [index, { value, end = index }] of tokens.entries()) {
    const [before, name] = [tokens[index - 1]?.value ?? "", tokens[index + 1]?.value ?? ""];
    if (value === "function") addTaker(name, index + 2);
    if (value === "const" && is(index + 2, "=")) addTaker(name, index + (is(index + 3, "async") ? 4 : 3));
    if (value === "(" && is(index - 2, "new") && FAULT.test(before)) faults.push([index, end]);
    if (value === "class" && FAULT.test(name)) faults.push([0, tokens.length]);
    if (value === "constructor") addTaker(classAround(index, tokens), index + 1);
  }
  return { path, tokens, takers, faults };
}

/** The name of the class that a constructor stands in. */
function classAround(index: number, tokens: readonly Token[]): string {
  const at = tokens.findLastIndex(({ value }, before) => before < index && value === "class");
  return tokens[at + 1]?.value ?? "";
}

/** The takers that a file imports by name. */
function listImported({ path, tokens }: File, takersOf: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] {
  return tokens.flatMap(({ value, end = 0 }, index) => {
    if (value !== "{" || tokens[index - 1]?.value !== "import" || tokens[end + 1]?.value !== "from") return [];
    const theirs = takersOf.get(posix.join(posix.dirname(path), tokens[end + 2]?.value ?? ""));
    return tokens.slice(index, end).flatMap((token) => (theirs?.has(token.value) ? [token.value] : []));
  });
}

function readAt(index: number, scan: Scan): void {
  const { tokens, faults } = scan;
  const [before, token, next] = [tokens[index - 1]?.value, tokens[index], tokens[index + 1]?.value];
  if (token?.kind !== "word" || faults.some(([from, to]) => from <= index && index <= to)) return;
  const { value } = token;
  const declared = before === "function" || before === "class";
  if (next === "(" && !declared && takesCode(index, scan)) readArgument(index + 2, scan);
  if (value === "code" && (next === ":" || next === "=") && before !== "readonly") readExpression(index + 2, scan);
  // const [what, code] = …
  if (value === "code" && (before === "[" || before === ",")) readElement(index, scan);
  if (before === "const" && TABLE.test(value)) readAll(findOpen(index, "{", tokens), /^:$/, scan);
  if (before === "function" && TELLER.test(value))
    readAll(findOpen(findOpen(index, "(", tokens)[1], "{", tokens), /(?!)/, scan);
}

/** Where only our own codes may stand: a word of somebody else's is a mistake. */
function readArgument(index: number, scan: Scan): void {
  const { kind, value = "", line } = scan.tokens[index] ?? {};
  if (kind === "text" && !CODE.test(value)) scan.unread.push(`${scan.path}:${line}: ${sayBad(value)}`);
  else readExpression(index, scan);
}

/** Whether a call takes a code first. Whoever extends an error that has a code hands one on to it. */
function takesCode(index: number, { tokens, takers }: Scan): boolean {
  const name = tokens[index]?.value ?? "";
  if (name !== "super") return takers.has(name);
  const at = tokens.findLastIndex(({ value }, before) => before < index && value === "class");
  return tokens[at + 2]?.value === "extends" && takers.has(tokens[at + 3]?.value ?? "");
}

/** The next bracket of a kind, from its place to its partner's. */
function findOpen(from: number, sign: string, tokens: readonly Token[]): readonly [number, number] {
  const open = tokens.findIndex(({ value, end }, at) => at > from && value === sign && end !== undefined);
  return [open, tokens[open]?.end ?? open];
}

/** The index of the `,`, `;` or closing bracket that ends what begins at `from`. */
function endOf(from: number, tokens: readonly Token[]): number {
  let at = from;
  while (at < tokens.length && !/^[,;)\]}]$/.test(signOf(tokens[at]))) at = (tokens[at]?.end ?? at) + 1;
  return at;
}

function signOf(token: Token | undefined): string {
  return token?.kind === "sign" ? token.value : "";
}

function readExpression(from: number, scan: Scan): void {
  readRange(from, endOf(from, scan.tokens), scan);
}

/** The alternatives of an expression, each by itself; what decides between them is none. */
function readRange(from: number, to: number, scan: Scan): void {
  const { tokens } = scan;
  const outer: number[] = [];
  for (let at = from; at < to; at = (tokens[at]?.end ?? at) + 1) outer.push(at);
  const find = (sign: string): number | undefined => outer.find((at) => signOf(tokens[at]) === sign);
  const question = find("?");
  const either = find("??") ?? find("||");
  if (question !== undefined) {
    let open = 0;
    const colon = outer.find((at) => {
      open += signOf(tokens[at]) === "?" ? 1 : signOf(tokens[at]) === ":" ? -1 : 0;
      return at > question && open === 0;
    });
    readRange(question + 1, colon ?? to, scan);
    readRange((colon ?? to) + 1, to, scan);
  } else if (either !== undefined) {
    readRange(from, either, scan);
    readRange(either + 1, to, scan);
  } else if (from < to && !scan.seen.has(from)) {
    scan.seen.add(from);
    readLeaf(from, to, scan);
  }
}

function readLeaf(from: number, to: number, scan: Scan): void {
  const { tokens, path, unread } = scan;
  const [first, second] = [tokens[from], tokens[from + 1]?.value];
  const whole = to === from + 1;
  const leaf = tokens.slice(from, to);
  const made = leaf.some(({ kind, value }) => kind === "template" || (kind === "sign" && value === "+"));
  const carried = !made && leaf.some(({ value }) => CARRIER.test(value));
  if (first?.kind === "text" && (whole || second === "satisfies" || second === "as")) note(from, scan);
  else if (first?.value === "(" && first.end === to - 1) readRange(from + 1, to - 1, scan);
  else if (!carried && !(whole && (NO_CODE.test(first?.value ?? "") || readVariable(first?.value ?? "", scan))))
    unread.push(`${path}:${first?.line}: nobody can read which code this is`);
}

/** `[first = "a-code"] = codes`: what a variable of another name stands for. False when that is no code. */
function readVariable(name: string, scan: Scan): boolean {
  const { tokens } = scan;
  const places = [...tokens.keys()].filter((index) => {
    const { value, end = 0 } = tokens[index - 1] ?? {};
    const from = tokens[end + 1]?.value === "=" ? (tokens[end + 2]?.value ?? "") : "";
    return value === "[" && tokens[index]?.value === name && CARRIER.test(from);
  });
  for (const index of places) if (tokens[index + 1]?.value === "=") readExpression(index + 2, scan);
  return places.length > 0;
}

/** What `code` takes from lists: `const [what, code] = a ? ["…", "x"] : ["…", "y"]`. */
function readElement(index: number, scan: Scan): void {
  const { tokens } = scan;
  const open = tokens.findLastIndex(({ value, end = -1 }, at) => at < index && value === "[" && end > index);
  const end = tokens[open]?.end ?? -1;
  if (tokens[open - 1]?.value !== "const" || tokens[end + 1]?.value !== "=") return;
  const place = tokens.slice(open, index).filter(({ value }) => value === ",").length;
  for (let at = end + 2, stop = endOf(at, tokens); at < stop; at = (tokens[at]?.end ?? at) + 1) {
    if (signOf(tokens[at]) !== "[") continue;
    let element = at + 1;
    for (let count = 0; count < place; count += 1) element = endOf(element, tokens) + 1;
    readExpression(element, scan);
  }
}

/** Every text between two tokens, but for those that something is compared with, or that something left out follows. */
function readAll([from, to]: readonly [number, number], leftOut: RegExp, scan: Scan): void {
  const compares = (at: number): boolean => /^(?:[!=]==?|in)$/.test(scan.tokens[at]?.value ?? "");
  for (let at = from; at < to; at += 1) {
    if (scan.tokens[at]?.kind !== "text" || compares(at - 1) || compares(at + 1)) continue;
    if (!leftOut.test(signOf(scan.tokens[at + 1]))) note(at, scan);
  }
}

function note(index: number, { tokens, path, given, unread }: Scan): void {
  const { value = "", line = 0 } = tokens[index] ?? {};
  // Words of ARM's and of registries begin with a capital letter; a sentence, or nothing, is no code either.
  if (/^[A-Z]|\s|^$/.test(value)) return;
  if (CODE.test(value)) given.set(value, [...(given.get(value) ?? []), `${path}:${line}`]);
  else unread.push(`${path}:${line}: ${sayBad(value)}`);
}

function sayBad(value: string): string {
  return `${JSON.stringify(value)} is no code: lower-case words with - between`;
}
