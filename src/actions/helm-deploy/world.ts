import type { FederatedSubjects } from "../../azure/federated-credentials.ts";
import type { ClusterFacts } from "../../azure/managed-clusters.ts";
import type { PullRight } from "../../azure/pull-right.ts";
import type { WorkflowRuns } from "../../github/repository-api.ts";
import type { HelmVersion } from "../../helm/helm-version.ts";
import type { Descriptor } from "../../image/manifest.ts";
import type { Log } from "../../kit/runner.ts";
import type { Cluster } from "../../kubernetes/cluster.ts";
import type { KubeRefusal } from "../../kubernetes/kube-refusal.ts";
import type { Namespaces } from "../../kubernetes/namespaces.ts";
import type { StoredReleases } from "../../kubernetes/read-release-records.ts";
import type { JobFacts } from "../job-facts.ts";
import type { SmokeTools } from "../smoke/smoke-order.ts";
import type { RunRecord } from "./record.ts";

/** A call of helm. */
export interface HelmCall {
  /** Names its log: `template`, `upgrade`. */
  readonly name: string;
  readonly parameters: readonly string[];
  /** Tells helm to stop, as a cancel of the job does. */
  readonly stop?: AbortSignal;
}

export interface HelmOutcome {
  /** Undefined when a signal ended it. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** helm, as it was found. It lives on when this process is killed; post waits for it then. */
export interface Helm {
  readonly version: HelmVersion;
  run(call: HelmCall): Promise<HelmOutcome>;
}

export interface Files {
  /** An absolute path: from the job's workspace where it is relative. */
  resolve(path: string): string;
  /** Undefined when there is no such file. */
  read(path: string): Promise<Buffer | undefined>;
  /** `undefined` for what is not there. */
  kindOf(path: string): Promise<"file" | "folder" | undefined>;
  /** Names in a folder, with `/` for those below; empty when there is none. */
  list(folder: string): Promise<readonly string[]>;
  /** Makes an empty folder that goes with the step. Returns its path. */
  makeFolder(name: string): Promise<string>;
  /** Writes a file that only this user can read and that goes with the step. Returns its path. */
  writeSecret(name: string, content: string): Promise<string>;
  /** Writes a file without any secret that stays as long as the job. Returns its path. */
  writeReport(name: string, content: string): Promise<string>;
}

/** What the action asks of Azure and of registries, where the job has an identity there. */
export interface AzureWorld {
  /** The image behind a reference; undefined when the registry has none; `unknown` where nobody here may ask. */
  findImage(reference: string): Promise<ImageFacts | undefined | "unknown">;
  /** What helm logs in to a registry of Azure with, to pull charts; undefined for any other. */
  findLogin(registryHost: string): Promise<RegistryLogin | undefined>;
  /** The tags that a repository has, newest first; empty where nobody may ask. */
  listTags(reference: string): Promise<readonly string[]>;
  /** The cluster that `aks-set-context` chose; undefined where none was, or nobody here may ask. */
  readCluster(): Promise<ClusterFacts | undefined>;
  /** Whether that cluster's nodes may pull from a registry; undefined where nobody can tell. */
  readPullRight(registryHost: string): Promise<PullRight | undefined>;
  /** Whose tokens the identity with this client id takes. */
  listFederated(clientId: string): Promise<FederatedSubjects>;
}

export interface RegistryLogin {
  readonly username: string;
  readonly password: string;
}

export interface ImageFacts extends Pick<Descriptor, "digest"> {
  /** `linux/amd64`; empty where the image does not say. */
  readonly platforms: readonly string[];
}

/** What the action needs of the world. */
export interface World {
  readonly log: Pick<Log, "info" | "notice" | "warning" | "error" | "group">;
  readonly cancelled: AbortSignal;
  now(): Date;
  /** Milliseconds of a clock that never jumps. */
  monotonic(): number;
  /** Returns early when the job is cancelled, and when `until` aborts. */
  sleep(milliseconds: number, until?: AbortSignal): Promise<void>;
  mask(secret: string): void;
  redact(text: string): string;
  summarize(markdown: string): Promise<void>;
  readJob(): Promise<JobFacts>;
  /** @throws UserError `tool-missing`, `helm-version` */
  openHelm(): Promise<Helm>;
  /** How the cluster's API server is reached. */
  readonly route: "direct" | "run-command";
  readonly cluster: Cluster;
  /** The same cluster by a session that outlives a cancel by some seconds. */
  readonly lastingCluster: Cluster;
  /** What the API server says no with; undefined for any other error. */
  readRefusal(error: unknown): KubeRefusal | undefined;
  /** Namespaces of the same cluster. */
  readonly namespaces: Namespaces;
  /** Newest first. */
  readReleases(namespace: string, release: string): Promise<StoredReleases>;
  readonly files: Files;
  /** What smoke tests are taken with: loaded only where there is one. */
  openSmoke(): Promise<SmokeTools>;
  /** Writes down where the run is, so that post can take over whenever this process is killed. */
  record(record: RunRecord): void;
  /** Logs helm in to a registry for the rest of the step; whoever has a login of the job's own keeps it. */
  logIn(registryHost: string, login: RegistryLogin): Promise<void>;
  /** Undefined where the job has no identity in Azure. */
  readonly azure: AzureWorld | undefined;
  /** Undefined without a token. */
  readonly github: { readonly runs: WorkflowRuns } | undefined;
}
