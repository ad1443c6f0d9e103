import type { KubeObject } from "../kubernetes/kube-object.ts";
import { listPodTemplates } from "./images.ts";
import { isTree } from "./value-tree.ts";

/** Something that would go wrong, or may. */
export interface HelmFinding {
  readonly severity: "error" | "warning";
  readonly code: string;
  /** What, where, and what mends it. */
  readonly message: string;
}

export interface IdentityFacts {
  readonly objects: readonly KubeObject[];
  readonly namespace: string;
  /** Client ids that service accounts of the release are to have. */
  readonly clientIds: readonly string[];
  /** Whose tokens each identity takes; undefined where nobody may ask. */
  readonly federated: ReadonlyMap<string, readonly Federated[] | undefined>;
  /** Of the cluster; undefined when unknown. */
  readonly issuer: string | undefined;
}

export interface Federated {
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly string[];
}

const ANNOTATION = "azure.workload.identity/client-id";
const LABEL = "azure.workload.identity/use";
/** Without quotes it is a truth, which the API server refuses by itself. */
const TRUTHS: ReadonlySet<unknown> = new Set(["true", true]);
const AUDIENCE = "api://AzureADTokenExchange";

/**
 * Whether pods that log in to Azure are wired up: their service account carries the client id, the pod template carries
 * the label by which Azure's webhook knows them (a label of the namespace or the account does nothing), and the identity
 * takes tokens of exactly this account of this cluster.
 * https://azure.github.io/azure-workload-identity/docs/topics/service-account-labels-and-annotations.html
 */
export function listIdentityFindings(facts: IdentityFacts): readonly HelmFinding[] {
  const accounts = facts.objects.filter(({ kind }) => kind === "ServiceAccount");
  const clients = new Map(accounts.flatMap((account) => clientOf(account, facts.namespace)));
  const templates = facts.objects.flatMap((object) =>
    listPodTemplates(object).map((template) => {
      const { account, labelled } = readTemplate(template);
      return { object, account: keyOf(account, object.metadata.namespace ?? facts.namespace), labelled };
    }),
  );
  const unlabelled = templates.filter(({ account, labelled }) => clients.has(account) && !labelled);
  const accountless = templates.filter(
    ({ account, labelled }) => labelled && !clients.has(account) && isOurs(account, accounts, facts.namespace),
  );
  const unused = facts.clientIds.filter((id) => ![...clients.values()].includes(id));
  return [
    ...unlabelled.map(({ object, account }) =>
      error(
        "identity-label-missing",
        `${nameOf(object)} runs as service account ${nameIn(account)}, which has an identity of Azure, and its pods get no token: the pod template lacks the label ${LABEL}: "true"${object.metadata.labels?.[LABEL] === undefined ? "" : `, which ${nameOf(object)} itself has`}.\nTo do: set it on spec.template.metadata.labels in the chart; anywhere else it does nothing.`,
      ),
    ),
    ...accountless.map(({ object, account }) =>
      error(
        "identity-annotation-missing",
        `The pods of ${nameOf(object)} ask for an identity of Azure, and their service account ${nameIn(account)} names none.\nTo do: annotate it in the chart with ${ANNOTATION}, or give the input workload-identity the path of its annotations.`,
      ),
    ),
    ...unused.map((id) =>
      error(
        "identity-annotation-missing",
        `No service account of the chart carries the client id ${id}.\nTo do: give workload-identity the path where this chart takes the annotations of its service account, such as serviceAccount.annotations.`,
      ),
    ),
    ...[...clients].flatMap(([account, id]) => checkFederation(account, id, facts)),
  ];
}

/** Entra compares letter by letter. */
function checkFederation(account: string, id: string, facts: IdentityFacts): readonly HelmFinding[] {
  const known = facts.federated.get(id);
  if (known === undefined) return [];
  const name = nameIn(account);
  const subject = `system:serviceaccount:${account.replace("/", ":")}`;
  const sameSubject = known.filter((one) => one.subject === subject);
  if (sameSubject.length === 0) {
    const near = known.map((one) => one.subject).join(", ") || "none";
    return [
      error(
        "identity-not-federated",
        `The identity ${id} takes no token of the service account ${name}: it has no federated credential with subject ${subject} (it has: ${near}).\nTo do: add it (terraform's module workload-identity, or az identity federated-credential create --subject ${subject}).`,
      ),
    ];
  }
  const { issuer } = facts;
  if (issuer !== undefined && !sameSubject.some((one) => one.issuer === issuer)) {
    return [
      error(
        "identity-not-federated",
        `The identity ${id} takes tokens of ${name} from ${sameSubject.map((one) => one.issuer).join(", ")}, and this cluster's issuer is ${issuer}; a slash at the end counts.\nTo do: az identity federated-credential update --issuer ${issuer}`,
      ),
    ];
  }
  if (sameSubject.some(({ audiences }) => audiences.includes(AUDIENCE))) return [];
  return [
    error(
      "identity-not-federated",
      `The federated credential of ${name} has the audience ${sameSubject.flatMap(({ audiences }) => audiences).join(", ")}, and pods ask for ${AUDIENCE}.\nTo do: az identity federated-credential update --audiences ${AUDIENCE}`,
    ),
  ];
}

type Client = readonly [account: string, clientId: string];

function clientOf({ metadata }: KubeObject, namespace: string): readonly Client[] {
  const id: unknown = metadata.annotations?.[ANNOTATION];
  return typeof id !== "string" || id === "" ? [] : [[keyOf(metadata.name, metadata.namespace ?? namespace), id]];
}

/** An account that the chart does not make may be annotated by somebody else. */
function isOurs(account: string, accounts: readonly KubeObject[], namespace: string): boolean {
  return accounts.some(({ metadata }) => keyOf(metadata.name, metadata.namespace ?? namespace) === account);
}

/** Accounts of one name in two namespaces are two. */
function keyOf(account: string, namespace: string): string {
  return `${namespace}/${account}`;
}

function nameIn(account: string): string {
  return account.split("/")[1] ?? account;
}

function readTemplate({ metadata, spec }: ReturnType<typeof listPodTemplates>[number]) {
  const labels = isTree(metadata["labels"]) ? metadata["labels"] : {};
  const account = spec["serviceAccountName"] ?? spec["serviceAccount"];
  return { account: typeof account === "string" ? account : "default", labelled: TRUTHS.has(labels[LABEL]) };
}

function nameOf({ kind, metadata }: KubeObject): string {
  return `${kind}/${metadata.name}`;
}

function error(code: string, message: string): HelmFinding {
  return { severity: "error", code, message };
}
