import type { BuildRequest } from "../../image/build-request.ts";
import type { Checkout } from "../../image/find-checkout-fault.ts";
import type { GitFacts } from "../../image/git-facts.ts";
import type { Repository } from "../../image/repository.ts";
import type { Runner } from "../../kit/runner.ts";
import type { Registry } from "../../registry/registry.ts";
import type { FindBuilder } from "./choose-builder.ts";
import type { BuildFiles } from "./plan-build.ts";

/** What a build and push needs of the world around it. */
export interface World
  extends Pick<Runner, "log" | "cancelled" | "now" | "monotonic" | "sleep" | "redact" | "summarize"> {
  random(): number;
  /** Of the machine: `x64`, `arm64`. */
  readonly architecture: string;
  /** Begins what takes time and needs nothing else: looking for docker, signing in. */
  prepare(): void;
  readonly files: BuildFiles;
  /** What GitHub and git say of this run. */
  readFacts(): Promise<GitFacts>;
  readCheckout(): Promise<Checkout>;
  /**
   * The login server of the registry that was named, which is asked of ARM unless it is one already.
   *
   * @throws UserError
   */
  findLoginServer(registry: string): Promise<string>;
  registry(host: string): Registry;
  /** A session that outlives a cancel by some seconds: for tags that have begun to move. */
  lastingRegistry(host: string): Registry;
  /** One that outlives even that: for tags that have to go back. */
  restoringRegistry(host: string): Registry;
  readonly findBuilder: FindBuilder;
  /**
   * What names the build's content, from all that goes into it but for the computed labels, which change with each
   * commit.
   *
   * @throws UserError where the Dockerfile is no good
   */
  nameContent(request: BuildRequest, facts: ContentFacts): Promise<ContentName>;
  /** Makes a digest of one repository known in another, with all that it is made of. */
  copy(from: Repository, to: Repository, digest: string): Promise<void>;
  /** Pushes an image that exists and tells its digest. @throws UserError */
  pushExisting(from: string, to: Repository): Promise<string>;
  /** Runs a command of the workflow's author with bash; its exit code. */
  scan(command: string, variables: Readonly<Record<string, string>>): Promise<number | undefined>;
  /** What a refusal means and how to mend it. Anything that it does not know comes back as it is. */
  explain(error: unknown, repository: Repository): Promise<unknown>;
  /** Writes a file into the step's folder; its path. */
  writeFile(name: string, text: string): Promise<string>;
  /** Takes away what no later step may find: credentials above all. */
  close(): Promise<void>;
}

/** What besides the request decides what is built. */
export interface ContentFacts {
  /** Of the user's. */
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** What tells apart the builders that build a platform of their own where none is named. */
  readonly builderPlatform: string;
}

/** The tag that stands for a build's content. */
export interface ContentName {
  /** `ctx-<hash>`. */
  readonly tag: string;
  /** Why an image under this tag must not stand in for a build; undefined when it may. */
  readonly doubt: string | undefined;
}
