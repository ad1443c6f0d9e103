import { gunzipSync } from "node:zlib";

/** What an order came to. */
export interface CommandAnswer {
  readonly out: Buffer;
  readonly err: string;
  /** Of the program that was run: curl, bash or kubectl. */
  readonly exitCode: number;
}

/** All that a batch printed. An order that is in neither map has no answer: it was cut off. */
export interface CommandAnswers {
  readonly answers: ReadonlyMap<string, CommandAnswer>;
  /** Bytes of answers that did not fit beside the others. */
  readonly left: ReadonlyMap<string, number>;
  /** Why nothing was asked at all. */
  readonly fault: string | undefined;
}

const MOST_BYTES = 128 * 1024 * 1024;

/** Reads what `COMMAND_SCRIPT` prints. A section counts only when it is whole. */
export function parseAnswers(output: string): CommandAnswers {
  const answers = new Map<string, CommandAnswer>();
  const left = new Map<string, number>();
  let fault: string | undefined;
  const lines = output.split(/\r?\n/);
  for (const [at, line] of lines.entries()) {
    const [, word, name = "", rest = ""] = /^::(out|left|missing|broken) (\S+)(?: (\d+))?$/.exec(line) ?? [];
    if (word === "left") left.set(name, Number(rest));
    if (word === "missing") fault = `Azure's pod for commands has no ${name}`;
    if (word === "broken") fault = `kubectl proxy did not start in Azure's pod: ${unpack(name)?.toString().trim()}`;
    if (word !== "out") continue;
    const [packed = "", told = "", toldPacked = "", end = ""] = lines.slice(at + 1, at + 5);
    const [, exitCode] = told === `::err ${name}` ? (/^::rc=(\d+) (\S+)$/.exec(end) ?? []) : [];
    const out = unpack(packed);
    const err = unpack(toldPacked);
    if (exitCode === undefined || !end.endsWith(` ${name}`) || out === undefined || err === undefined) continue;
    answers.set(name, { out, err: err.toString(), exitCode: Number(exitCode) });
  }
  return { answers, left, fault };
}

/** Undefined for what is no whole gzip: its own checksum says so. */
function unpack(text: string): Buffer | undefined {
  try {
    return gunzipSync(Buffer.from(text, "base64"), { maxOutputLength: MOST_BYTES });
  } catch {
    return undefined;
  }
}

/** An answer of HTTP/1.0 as it came over the wire. */
export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Reads an answer of HTTP/1.0, past those that only announce it; undefined for what is none. */
export function parseHttp(bytes: Buffer): HttpAnswer | undefined {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const [first = "", ...lines] = bytes.toString("latin1", 0, end).split("\r\n");
  const status = Number(/^HTTP\/\d(?:\.\d)? (\d{3})(?: |$)/.exec(first)?.[1]);
  const body = bytes.subarray(end + 4);
  if (Number.isNaN(status)) return undefined;
  // A word on the way: the answer comes after it.
  if (status < 200) return parseHttp(body);
  // Without what every object has: a header may be called `constructor`.
  const headers: Record<string, string> = Object.create(null);
  for (const line of lines) {
    const [, name = "", value = ""] = /^([^:\s]+):[ \t]*(.*)$/.exec(line) ?? [];
    const key = name.toLowerCase();
    if (key !== "") headers[key] = headers[key] === undefined ? value : `${headers[key]}, ${value}`;
  }
  return { status, headers, body };
}
