import { readFileSync } from "node:fs";
import { join } from "node:path";
import { needTools } from "../image-tools/need-tools.ts";
import { type Attach, attach, type Trust, trust } from "./attach.ts";
import { type Answer, readAnswers } from "./audit.ts";
import { givenKubeconfig, readGivenCluster } from "./given-cluster.ts";
import { machineArchitecture } from "./images/archive.ts";
import { loadImage } from "./images/load-image.ts";
import { kubectl } from "./kubectl.ts";
import { clusterHome, type Layout, readLayout } from "./layout.ts";
import { run } from "./run.ts";
import { ensureNode, type StartOptions, stopNode } from "./start-cluster.ts";

/** A Kubernetes to deploy to, shared by all who ask for one on this machine. Take a namespace of your own. */
export interface TestCluster {
  /** Whether KUBECONFIG names it: then images, emulators and its end are its owner's. */
  readonly given: boolean;
  /** Path of a kubeconfig; of our own cluster, its administrator's. */
  readonly kubeconfig: string;
  readonly server: string;
  /** PEM. */
  readonly ca: string;
  /** In the words of images: `amd64`, `arm64`. */
  readonly nodeArchitecture: string;
  /** Runs kubectl. @returns what it printed @throws Error with what it said when it fails */
  kubectl(...parameters: readonly string[]): Promise<string>;
  /** The same, with a text on its stdin: `kubectlWith(yaml, "apply", "-f", "-")`. */
  kubectlWith(input: string, ...parameters: readonly string[]): Promise<string>;
  /**
   * Loads the images of an archive or an OCI layout into the node. Name them below `mayfly.local/`: for others the kubelet
   * wants to see credentials, and asks their registry.
   */
  loadImage(path: string): Promise<void>;
  /** Lets the node pull through an emulator and trusts its tokens, until the answer is disposed of or this process ends. */
  readonly attach: Attach;
  /** Lets the API server take the tokens of Entra as this process emulates it, in a tenant, until the answer is disposed of or this process ends. */
  readonly trust: Trust;
  /** When the API server had requests of a user at hand; nothing is known of a cluster that was given. */
  answersTo(user: string): Promise<readonly Answer[]>;
  /** Keys and name of the issuer of service accounts' tokens, as it serves them. */
  issuer(): Promise<{ readonly url: string; readonly jwks: { readonly keys: readonly object[] } }>;
  /** Ends it for all who use it, without a trace; one that was given stays. */
  stop(): Promise<void>;
}

/**
 * The cluster that KUBECONFIG names; else the one that runs on this machine, else a new one. It stays when this process
 * ends, for the next: `npm run cluster -- down`, or `stop()`.
 *
 * @throws Error when a tool is missing, or when it does not come up
 */
export async function startCluster(options: StartOptions = {}): Promise<TestCluster> {
  // Who names a home means a cluster of ours.
  const given = options.home === undefined ? givenKubeconfig(readLayout(clusterHome())) : undefined;
  if (given !== undefined) return connectGiven(given);
  const { layout } = await ensureNode(options);
  return connectOwn(layout);
}

function connectOwn(layout: Layout): TestCluster {
  const { ctr, kubectl: program } = needTools("containerd", "kubernetes");
  const runKubectl = (parameters: readonly string[], input = "") => kubectl(layout, program, parameters, input);
  return {
    given: false,
    kubeconfig: layout.kubeconfig,
    server: layout.server,
    ca: readFileSync(join(layout.certificates, "ca.crt"), "utf8"),
    nodeArchitecture: machineArchitecture(),
    kubectl: (...parameters) => runKubectl(parameters),
    kubectlWith: (input, ...parameters) => runKubectl(parameters, input),
    loadImage: (path) => loadImage(layout, ctr, path),
    attach: (emulator) => attach(layout, emulator),
    trust: (tenantId) => trust(layout, tenantId),
    answersTo: (user) => readAnswers(layout, user),
    issuer: () => readIssuer((...parameters) => runKubectl(parameters)),
    stop: async () => {
      await stopNode({ home: layout.home });
    },
  };
}

async function connectGiven(kubeconfig: string): Promise<TestCluster> {
  const { kubectl: program } = needTools("kubernetes");
  const facts = await readGivenCluster(program);
  const runKubectl = (parameters: readonly string[], input = "") =>
    run(program, parameters, { input, env: process.env });
  const refuse = async (what: string): Promise<never> => {
    throw new Error(
      `KUBECONFIG names a cluster that is not ours, and ${what}. Unset it to use a cluster of the tests' own`,
    );
  };
  return {
    given: true,
    kubeconfig,
    ...facts,
    kubectl: (...parameters) => runKubectl(parameters),
    kubectlWith: (input, ...parameters) => runKubectl(parameters, input),
    loadImage: () => refuse("images come to its nodes from registries only"),
    attach: () => refuse("its nodes cannot reach an emulator"),
    trust: () => refuse("it trusts its own identities"),
    answersTo: async () => [],
    issuer: () => readIssuer((...parameters) => runKubectl(parameters)),
    stop: async () => undefined,
  };
}

async function readIssuer(ask: (...parameters: readonly string[]) => Promise<string>) {
  const [discovery, jwks] = await Promise.all([
    ask("get", "--raw", "/.well-known/openid-configuration"),
    ask("get", "--raw", "/openid/v1/jwks"),
  ]);
  return { url: (JSON.parse(discovery) as { readonly issuer: string }).issuer, jwks: JSON.parse(jwks) };
}
