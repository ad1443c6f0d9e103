import type { Duplex } from "node:stream";
import type { Log } from "../../kit/runner.ts";
import type { Cluster } from "../../kubernetes/cluster.ts";
import type { KubeRefusal } from "../../kubernetes/kube-refusal.ts";
import type { PodAccess } from "../../kubernetes/pod-access.ts";
import type { StoredReleases } from "../../kubernetes/read-release-records.ts";

/** Objects of a cluster, and ways into what runs there. */
export type SmokeCluster = Cluster & PodAccess;

/** What a smoke test asks of the world. */
export interface SmokeWorld {
  readonly log: Pick<Log, "info" | "notice" | "warning" | "error" | "group">;
  readonly cancelled: AbortSignal;
  now(): Date;
  /** Milliseconds of a clock that never jumps. */
  monotonic(): number;
  /** Milliseconds. Returns early when the signal aborts; without one, when the job is cancelled. */
  sleep(milliseconds: number, until?: AbortSignal): Promise<void>;
  mask(secret: string): void;
  redact(text: string): string;
  /** Undefined where the job has no kubeconfig. */
  readonly cluster: SmokeCluster | undefined;
  /** The same by a session that outlives a cancel by some seconds: for `finally`. */
  readonly lastingCluster: SmokeCluster | undefined;
  /** What the API server says no with; undefined for any other error. */
  readRefusal(error: unknown): KubeRefusal | undefined;
  readReleases(namespace: string, release: string): Promise<StoredReleases>;
  readonly network: Network;
  readonly nats: ConnectNats;
  /** `helm test`. @throws UserError `tool-missing` */
  runHelmTests(order: HelmTestOrder): Promise<{ readonly exitCode: number | undefined; readonly output: string }>;
  /** Trades a service account's token for one of Entra. @throws UserError with Entra's code where it says no */
  exchange(order: ExchangeOrder): Promise<void>;
}

/** Opens a connection to where it leads, such as a forwarded port. */
export type Dial = () => Promise<Duplex>;

/** HTTP, TCP, TLS and DNS, from this machine or through what `dial` opens. */
export interface Network {
  /** @throws NetworkFault when no whole answer came, and what the dial throws */
  http(request: HttpRequest): Promise<HttpAnswer>;
  /**
   * Connects and lets go again. Through a dial, somebody who takes it is told only by silence: it waits for a moment for
   * a no. @throws NetworkFault, and what the dial throws
   */
  connect(
    target: { readonly host: string; readonly port: number },
    options: Limits & { readonly dial?: Dial | undefined },
  ): Promise<void>;
  /** What a name resolves to, as texts; empty when there is no such name. @throws NetworkFault */
  resolve(
    name: string,
    type: DnsType,
    options: Limits & { readonly dial?: Dial | undefined },
  ): Promise<readonly string[]>;
  readFault(error: unknown): NetworkFault | undefined;
}

export type DnsType = "A" | "AAAA" | "CNAME" | "TXT" | "SRV";

export interface Limits {
  readonly timeoutMs: number;
  readonly until: AbortSignal;
}

export interface HttpRequest extends Limits {
  /** `http:` or `https:`. */
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly followRedirects: boolean;
  /** Undefined: the direct way, or through the job's proxy. */
  readonly dial?: Dial | undefined;
  /** Takes any certificate of what the dial leads to: then the way itself says who answers. */
  readonly anyCertificate?: boolean;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** At most 1 MiB of it. */
  readonly body: string;
  /** There was more. */
  readonly cut?: boolean;
  /** From the request to the last byte, with the time that a connection takes. */
  readonly latencyMs: number;
  /** The last one asked, after redirects. */
  readonly url: string;
  /** Of TLS; undefined without. */
  readonly certificate: { readonly expiresAt: Date; readonly subject: string; readonly issuer: string } | undefined;
}

/** Why no answer came. */
export interface NetworkFault {
  readonly kind: "refused" | "timeout" | "unknown-host" | "tls" | "reset" | "other";
  /** In a line, without the address. */
  readonly message: string;
}

export interface HelmTestOrder {
  readonly release: string;
  readonly namespace: string;
  /** Names of tests; all where empty. */
  readonly tests: readonly string[];
  readonly timeoutMs: number;
  readonly until: AbortSignal;
}

export interface ExchangeOrder {
  readonly token: string;
  readonly clientId: string;
  /** The job's own where left out. */
  readonly tenantId: string | undefined;
  readonly scope: string;
  readonly until: AbortSignal;
}

export interface NatsServer {
  /** Of a server that is reached directly; the dial leads to it otherwise. */
  readonly host: string;
  readonly port: number;
  readonly dial: Dial | undefined;
  readonly login: { readonly user?: string; readonly password?: string; readonly token?: string };
}

/** @throws NatsFault */
export type ConnectNats = (server: NatsServer, limits: Limits) => Promise<NatsConnection>;

/** A session with NATS. Every method throws a `NatsFault` for what the server refuses. */
export interface NatsConnection {
  /** Undefined when there is no such stream. */
  findStream(name: string): Promise<NatsStream | undefined>;
  createStream(name: string, subjects: readonly string[]): Promise<void>;
  findConsumer(stream: string, name: string): Promise<NatsConsumer | undefined>;
  /** Durable, pull, acknowledged one by one. */
  createConsumer(stream: string, name: string): Promise<void>;
  /** With `stream` it is stored there, or refused. `id` keeps it from being stored twice. */
  publish(message: NatsMessage & { readonly stream?: string | undefined; readonly id?: string }): Promise<void>;
  request(message: NatsMessage, timeoutMs: number): Promise<string>;
  /** Listens from when it resolves. */
  subscribe(subject: string): Promise<NatsSubscription>;
  end(): Promise<void>;
}

export interface NatsMessage {
  readonly subject: string;
  readonly data: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface NatsStream {
  readonly subjects: readonly string[];
  readonly messages: number;
  readonly replicas: number;
}

export interface NatsConsumer {
  readonly pending: number;
  readonly ackPending: number;
}

export interface NatsSubscription {
  /** All that came so far. */
  messages(): readonly { readonly subject: string; readonly data: string; readonly atMs: number }[];
  /** Settles with the next message. */
  next(until: AbortSignal): Promise<void>;
}
