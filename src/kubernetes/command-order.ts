import { packZip, type ZipFile } from "../kit/pack-zip.ts";

/** Something that a pod in the cluster is to ask or to do. */
export type CommandOrder = HttpOrder | ExecOrder;

export interface HttpOrder {
  readonly kind: "http";
  readonly method: string;
  /** At the API server, with the query; begins with `/`. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly limitMs: number;
}

/** A call of kubectl. */
export interface ExecOrder {
  readonly kind: "kubectl";
  readonly parameters: readonly string[];
  readonly limitMs: number;
}

/** What is the proxy's own business: another login than the pod's would be refused. */
const DROPPED: ReadonlySet<string> = new Set(["host", "authorization", "connection", "content-length"]);
/** Where xargs begins to take an order for two. */
const MOST_PARAMETER_BYTES = 100_000;

/** Whether it may be done once only: it changes something, or nobody knows. */
export function isOnce(order: CommandOrder): boolean {
  return order.kind === "kubectl" || order.method !== "GET";
}

/** The files of orders, by their place in the list from 1: what `COMMAND_SCRIPT` finds. @throws Error */
export function packOrders(orders: readonly CommandOrder[]): Uint8Array {
  return packZip(
    orders.flatMap((order, index) =>
      listFiles(order, nameOrder(index)).map(({ name, content }) => ({ name: `mayfly/${name}`, content })),
    ),
  );
}

/** What an order's answer stands under. */
export function nameOrder(index: number): string {
  return String(index + 1).padStart(4, "0");
}

function listFiles(order: CommandOrder, name: string): readonly ZipFile[] {
  const limit = { name: `${name}.limit`, content: String(Math.max(1, Math.ceil(order.limitMs / 1000))) };
  if (order.kind === "kubectl") return [limit, { name: `${name}.exec`, content: renderParameters(order.parameters) }];
  const { method, body = "" } = order;
  const path = encodePath(order.path);
  const headers = listHeaders(order);
  const curl = [
    // Told that it is only the head, curl does not wait for a body.
    method === "HEAD" ? "head" : `request = ${quote(method)}`,
    `url = ${quote(`http://localhost${path}`)}`,
    ...headers.map((header) => `header = ${quote(header)}`),
    ...(body === "" ? [] : [`data-binary = ${quote(`@${name}.body`)}`]),
  ];
  const length = body === "" ? [] : [`content-length: ${Buffer.byteLength(body)}`];
  const http = [`${method} ${path} HTTP/1.0`, "host: localhost", "connection: close", ...headers, ...length, "", body];
  return [
    limit,
    { name: `${name}.curl`, content: `${curl.join("\n")}\n` },
    { name: `${name}.http`, content: http.join("\r\n") },
    ...(body === "" ? [] : [{ name: `${name}.body`, content: body }]),
  ];
}

/** Each ended by a NUL, which no argument can hold. */
function renderParameters(parameters: readonly string[]): string {
  const text = parameters.map((parameter) => `${parameter}\0`).join("");
  if (parameters.some((parameter) => parameter.includes("\0"))) throw new Error("an argument holds a NUL");
  if (Buffer.byteLength(text) > MOST_PARAMETER_BYTES) throw new Error("the command is longer than 100 kB");
  return text;
}

function listHeaders({ headers }: HttpOrder): readonly string[] {
  return Object.entries({ "user-agent": "mayfly", ...headers })
    .filter(([name]) => !DROPPED.has(name.toLowerCase()))
    .map(([name, value]) => {
      // As Node has it for requests of its own: a header must not become two.
      if (/[^\w!#$%&'*+.^`|~-]/.test(name) || /[\0\r\n]/.test(value)) throw new Error(`"${name}" is no header of HTTP`);
      return `${name}: ${value}`;
    });
}

/** What would end the path, or the line that it stands in. */
function encodePath(path: string): string {
  return path.toWellFormed().replace(/[^\x21-\x7e]|#/gu, encodeURIComponent);
}

/** A text of curl's configuration: https://curl.se/docs/manpage.html#-K */
function quote(text: string): string {
  const escaped = text.replace(/[\\"]/g, "\\$&").replaceAll("\t", "\\t");
  return `"${escaped}"`;
}
