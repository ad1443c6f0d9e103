import type { DnsType, HttpAnswer, HttpRequest, Network, NetworkFault } from "../../../../src/actions/smoke/world.ts";

type Maybe<T> = T | Promise<T>;

/** What the network answers, and what it was asked. A test puts its own answers in. */
export interface FakeNetwork extends Network {
  readonly answers: {
    http: (request: HttpRequest) => Maybe<Partial<HttpAnswer>>;
    connect: (target: { readonly host: string; readonly port: number }) => Maybe<void>;
    resolve: (name: string, type: DnsType) => Maybe<readonly string[]>;
  };
  readonly asked: {
    readonly http: HttpRequest[];
    readonly connect: { readonly host: string; readonly port: number }[];
    readonly resolve: { readonly name: string; readonly type: DnsType; readonly dialled: boolean }[];
  };
}

/** Every connection is refused, and no name is known, until a test says otherwise. */
export function createNetwork(): FakeNetwork {
  const refuse = (): never => {
    throw networkFault("refused", "connection refused");
  };
  const answers: FakeNetwork["answers"] = { http: refuse, connect: refuse, resolve: () => [] };
  const asked: FakeNetwork["asked"] = { http: [], connect: [], resolve: [] };
  return {
    answers,
    asked,
    http: async (request) => {
      asked.http.push(request);
      const given = await answers.http(request);
      return { status: 200, headers: {}, body: "", latencyMs: 5, url: request.url, certificate: undefined, ...given };
    },
    connect: async (target) => {
      asked.connect.push({ host: target.host, port: target.port });
      await answers.connect(target);
    },
    resolve: async (name, type, { dial }) => {
      asked.resolve.push({ name, type, dialled: dial !== undefined });
      return answers.resolve(name, type);
    },
    readFault: (error) =>
      error instanceof Error && "networkFault" in error ? (error.networkFault as NetworkFault) : undefined,
  };
}

/** What a test throws in an answer's place. */
export function networkFault(kind: NetworkFault["kind"], message: string): Error {
  return Object.assign(new Error(message), { networkFault: { kind, message } });
}
