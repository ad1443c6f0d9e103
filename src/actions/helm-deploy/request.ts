import { type Chart, parseChart } from "../../helm/chart-reference.ts";
import { applyImageValues } from "../../helm/image-values.ts";
import { type Parsed, refuse } from "../../helm/problem.ts";
import { isTree, listLeaves, mergeTrees, putIn, type Tree } from "../../helm/value-tree.ts";
import type { InputsOf } from "../../kit/define-action.ts";
import { UserError } from "../../kit/user-error.ts";
import { yamlBlock } from "../../kit/yaml-block.ts";
import { listVariableFaults } from "../smoke/variable-names.ts";
import { type NamespaceWish, readNamespaceWish } from "./namespace-wish.ts";
import { listVersionFaults, type PreRelease, readPreReleases } from "./pre-release.ts";
import { readUrl } from "./read-url.ts";
import type { ReleaseOrder } from "./release-order.ts";
import { CHECKS, type spec } from "./spec.ts";

export type Inputs = InputsOf<typeof spec>;
export type Check = (typeof CHECKS)[number];

/** What is asked for, once it is known to make sense. */
export interface Request extends Inputs {
  readonly order: ReleaseOrder;
  readonly beforehand: readonly PreRelease[];
  /** Secret's name to keys and values. */
  readonly wantedSecrets: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** All that must be masked. */
  readonly secretLeaves: readonly string[];
  readonly checks: ReadonlySet<Check>;
  /** Client ids that the chart's service accounts are to have. */
  readonly clientIds: readonly string[];
  /** How the release's own namespace is to be. */
  readonly wish: NamespaceWish;
}

const SECRET_NAME = /^(?=.{1,253}$)[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
const SECRET_KEY = /^[-._A-Za-z0-9]{1,253}$/;
const CLIENT_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** What Azure's webhook looks for on a service account. */
const ANNOTATION = "azure.workload.identity/client-id";

/**
 * @param namespace of the context, for who names none
 * @throws UserError `bad-input` that names every problem at once, before helm or the cluster is asked
 */
export function readRequest(inputs: Inputs, namespace: string): Request {
  const problems: string[] = [];
  const chart = readChart(inputs);
  if ("problems" in chart) problems.push(...chart.problems.map((one) => `chart: ${one.message}`));
  else problems.push(...listVersionFaults(inputs.version, chart.value).map((fault) => `version: ${fault}`));
  const secretValues = readSecret("secret-values", inputs.secretValues, problems);
  const secrets = readSecret("secret-objects", inputs.secretObjects, problems);
  const wantedSecrets = readSecretObjects(secrets, problems);
  const images = readImages(inputs, problems);
  const identity = readIdentity(inputs.workloadIdentity, problems);
  const beforehand = readPreReleases(inputs, problems);
  const checks = readChecks(inputs.preflight, problems);
  const wish = readNamespaceWish(inputs, problems);
  const url = readUrl(inputs.url, problems);
  if (inputs.wait === "none" && inputs.helmTest) {
    problems.push("helm-test: expected it only where somebody waits for the release, got wait: none");
  }
  if (inputs.wait === "none" && inputs.smoke.length > 0) {
    problems.push("smoke: expected it only where somebody waits for the release, got wait: none");
  }
  if (inputs.wait === "none" && inputs.checkUrl) {
    problems.push("check-url: expected it only where somebody waits for the release, got wait: none");
  }
  if (inputs.deleteNamespace) problems.push("delete-namespace: expected it only with command: uninstall");
  problems.push(...listVariableFaults(inputs.smokeVariables, "smoke-variables"));
  if ("problems" in chart || problems.length > 0) throw new UserError("bad-input", problems.join("\n"));
  return {
    ...inputs,
    url,
    wish,
    beforehand,
    wantedSecrets,
    secretLeaves: [...listLeaves(secretValues), ...listLeaves(secrets)],
    checks,
    clientIds: [...new Set(Object.values(inputs.workloadIdentity).filter((id) => typeof id === "string"))],
    order: {
      name: inputs.release,
      namespace: inputs.namespace ?? namespace,
      chart: chart.value,
      version: inputs.version,
      valueFiles: inputs.values,
      values: mergeTrees(mergeTrees(inputs.valuesYaml, images), identity),
      secretValues,
      set: inputs.set,
      setString: inputs.setString,
      setFile: inputs.setFile,
      setJson: inputs.setJson,
      timeoutMs: inputs.timeout,
      wait: inputs.wait,
      force: inputs.conflicts === "force",
      takeOwnership: inputs.takeOwnership,
      crds: inputs.crds,
      test: inputs.helmTest,
      smoke:
        inputs.smoke.length === 0
          ? undefined
          : { spec: inputs.smoke, variables: inputs.smokeVariables, timeoutMs: inputs.smokeTimeout },
    },
  };
}

/** To take a release away needs none. */
function readChart({ chart, chartRepository }: Inputs): Parsed<Chart> {
  if (chart !== undefined) return parseChart(chart, chartRepository);
  return refuse("chart-reference-invalid", "expected a folder, a .tgz, oci://…, or a name in chart-repository");
}

/** What is wrong with it is told without quoting it. */
function readSecret(name: string, text: string | undefined, problems: string[]): Tree {
  if (text === undefined) return {};
  try {
    return yamlBlock({ description: "" }).read(text);
  } catch {
    problems.push(`${name}: expected a YAML mapping (name: value) without aliases`);
    return {};
  }
}

function readImages({ images, imageValues }: Inputs, problems: string[]): Tree {
  if (images === undefined) {
    const count = Object.keys(imageValues).length;
    if (count > 0) problems.push("images: expected the output images of a build beside image-values, got nothing");
    return {};
  }
  const applied = applyImageValues(images, imageValues);
  if ("value" in applied) return applied.value;
  problems.push(...applied.problems.map(({ message }) => message));
  return {};
}

function readIdentity(wanted: Tree, problems: string[]): Tree {
  let values: Tree = {};
  for (const [path, clientId] of Object.entries(wanted)) {
    if (typeof clientId !== "string" || !CLIENT_ID.test(clientId)) {
      problems.push(
        `workload-identity: expected a client id (a GUID) at ${path}, as terraform's output workload_identity_client_id gives it`,
      );
      continue;
    }
    values = mergeTrees(values, putIn({}, path.split("."), { [ANNOTATION]: clientId }));
  }
  return values;
}

function readChecks(names: readonly string[], problems: string[]): ReadonlySet<Check> {
  if (names.length === 1 && names[0] === "none") return new Set();
  const odd = names.filter((name) => !CHECKS.some((check) => check === name));
  for (const name of odd) problems.push(`preflight: expected ${CHECKS.join(", ")} or none, got ${name}`);
  return new Set(CHECKS.filter((check) => names.includes(check)));
}

/** A Secret's values are texts; a number or a truth in YAML is written as it stands there. Nothing of them is quoted. */
function readSecretObjects(secrets: Tree, problems: string[]): Request["wantedSecrets"] {
  const isValue = (value: unknown): boolean => ["string", "number", "boolean"].includes(typeof value);
  return Object.fromEntries(
    Object.entries(secrets).map(([name, data], index) => {
      const which = SECRET_NAME.test(name) ? name : `entry ${index + 1}`;
      if (which !== name) problems.push(`secret-objects: ${which}: expected a Secret's name as its key`);
      const entries = isTree(data) ? Object.entries(data) : [];
      if (entries.length === 0) problems.push(`secret-objects: ${which}: expected a mapping of keys and values`);
      const odd = entries.filter(([key, value]) => !SECRET_KEY.test(key) || !isValue(value));
      if (odd.length > 0)
        problems.push(`secret-objects: ${which}: expected a text as each value, and keys of A-Z, a-z, 0-9, -, _ and .`);
      const texts = entries.filter(([, value]) => isValue(value));
      return [name, Object.fromEntries(texts.map(([key, value]) => [key, String(value)]))];
    }),
  );
}
