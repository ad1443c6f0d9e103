import type { Duplex } from "node:stream";

/** Ways into what runs in a cluster. Every method throws what `Cluster` throws. */
export interface PodAccess {
  /** Runs a program in a container, without a shell. @throws KubeRefusal where there is no such pod or container */
  exec(pod: PodRef, order: ExecOrder): Promise<ExecOutcome>;
  /** Opens a connection to a port of a pod. @throws KubeRefusal; the stream ends with an Error when nobody listens */
  forward(pod: PodRef, port: number): Promise<Duplex>;
  /** Asks a Service or a pod by way of the API server, which drops `Authorization`. @throws KubeRefusal of the API server itself */
  proxy(request: ProxyRequest): Promise<ProxyAnswer>;
  /** A token of a service account (TokenRequest), masked. */
  createToken(account: PodRef, audience: string): Promise<string>;
}

/** A namespaced object whose kind is known. */
export interface PodRef {
  readonly namespace: string;
  readonly name: string;
}

export interface ExecOrder {
  readonly container: string;
  readonly command: readonly string[];
  readonly timeoutMs: number;
  readonly until: AbortSignal;
}

export interface ExecOutcome {
  readonly exitCode: number;
  /** At most 1 MiB each. */
  readonly stdout: string;
  readonly stderr: string;
  /** There was more: what is not in there may have been printed all the same. */
  readonly cut?: boolean;
}

export interface ProxyRequest {
  /** `services` or `pods`. */
  readonly resource: "services" | "pods";
  readonly target: PodRef;
  /** By number or, of a Service, by name. */
  readonly port: string;
  readonly scheme: "http" | "https";
  readonly method: string;
  /** With the query; begins with `/`. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly timeoutMs: number;
  readonly until: AbortSignal;
}

export interface ProxyAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** At most 1 MiB of it. */
  readonly body: string;
  /** There was more. */
  readonly cut?: boolean;
}
