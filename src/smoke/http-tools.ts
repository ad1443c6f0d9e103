/** What a tool in a container asks. */
export interface ToolOrder {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly followRedirects: boolean;
  readonly timeoutMs: number;
  readonly anyCertificate: boolean;
}

export interface ToolAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly cut?: boolean;
}

interface ToolOutcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly cut?: boolean;
}

/** A program that asks over HTTP. */
export interface HttpTool {
  readonly name: string;
  /** Whether it can ask this at all. */
  can(order: ToolOrder): boolean;
  /** Program and arguments; no shell is between. */
  command(order: ToolOrder): readonly string[];
  read(outcome: ToolOutcome, order: ToolOrder): ToolRead;
}

/** What a tool printed, as an answer; or why there is none, in its own words; or that it does not know its options. */
type ToolRead = ToolAnswer | { readonly fault: string } | { readonly unfit: true };

const MOST_REDIRECTS = "5";
const seconds = (milliseconds: number): string => String(Math.max(1, Math.ceil(milliseconds / 1000)));
const listHeaders = (order: ToolOrder): readonly string[] =>
  Object.entries(order.headers).map(([name, value]) => `${name}: ${value}`);

export const CURL: HttpTool = {
  name: "curl",
  can: () => true,
  command: (order) => [
    "curl",
    ...["--silent", "--show-error", "--include", "--max-time", seconds(order.timeoutMs)],
    ...(order.anyCertificate ? ["--insecure"] : []),
    ...(order.followRedirects ? ["--location", "--max-redirs", MOST_REDIRECTS] : []),
    ...(order.method === "HEAD" ? ["--head"] : order.method === "GET" ? [] : ["--request", order.method]),
    ...listHeaders(order).flatMap((header) => ["--header", header]),
    ...(order.body === undefined ? [] : ["--data-raw", order.body]),
    ...["--url", order.url],
  ],
  read: ({ exitCode, stdout, stderr, cut = false }, order) => {
    if (exitCode !== 0) return { fault: stderr.trim() || `curl ended with exit code ${exitCode}` };
    const answer = readHead(stdout, order.followRedirects);
    return answer === undefined ? { fault: "curl printed no answer" } : { ...answer, cut };
  },
};

/** Busybox's follows redirects whether it is told to or not, and no wget shows the body of an error. */
export const WGET = describeWget((order) => [
  ...["-T", seconds(order.timeoutMs)],
  ...(order.anyCertificate ? ["--no-check-certificate"] : []),
]);

/** As some busyboxes are built: without a limit, and without a word for certificates, at which none of them looks. */
export const PLAIN_WGET = describeWget(() => []);

function describeWget(listMore: (order: ToolOrder) => readonly string[]): HttpTool {
  return {
    name: "wget",
    can: ({ method, followRedirects, body }) =>
      !followRedirects && (method === "POST" ? body !== undefined : method === "GET" && body === undefined),
    command: (order) => [
      ...["wget", "-S", "-O", "-"],
      ...listMore(order),
      ...listHeaders(order).flatMap((header) => ["--header", header]),
      ...(order.body === undefined ? [] : ["--post-data", order.body]),
      order.url,
    ],
    read: readWget,
  };
}

/** Headers are on stderr, indented. The first answer counts: those after it are of redirects. */
function readWget({ exitCode, stdout, stderr, cut = false }: ToolOutcome): ToolRead {
  if (/(?:invalid|unrecognized) option/.test(stderr)) return { unfit: true };
  const [, head] = /^ *(HTTP\/[\d.]+ \d{3}[^\n]*(?:\n +[^\n:]+:[^\n]*)*)/m.exec(stderr) ?? [];
  const answer = head === undefined ? undefined : readHead(`${head.replaceAll(/^ +/gm, "")}\n\n`, false);
  if (answer === undefined) return { fault: lastLine(stderr) || `wget ended with exit code ${exitCode}` };
  if (exitCode !== 0 && answer.status < 300) return { fault: lastLine(stderr) };
  return { ...answer, body: answer.status >= 300 ? "" : stdout, cut };
}

/** Status, headers and body as they came over the wire; of the last answer where redirects were followed. */
function readHead(text: string, followed: boolean): ToolAnswer | undefined {
  const found = /^HTTP\/[\d.]+ (\d{3})[^\n]*\n((?:[^\r\n]+\r?\n)*)\r?\n/.exec(text);
  if (found === null) return undefined;
  const [head, code = "", lines = ""] = found;
  const status = Number(code);
  const rest = text.slice(head.length);
  const more = status < 200 || (followed && status >= 300 && status < 400);
  const last = more ? readHead(rest, followed) : undefined;
  if (last !== undefined) return last;
  const headers = lines.split(/\r?\n/).flatMap((line) => {
    const [, name = "", value = ""] = /^([^:\s]+):\s*(.*?)\s*$/.exec(line) ?? [];
    return name === "" ? [] : [[name.toLowerCase(), value] as const];
  });
  return { status, headers: Object.fromEntries(headers), body: rest };
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)?.trim() ?? "";
}
