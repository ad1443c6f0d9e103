import { describeConflicts } from "./describe-conflicts.ts";
import { explainImmutable } from "./explain-immutable.ts";
import { type FaultRow, withoutGroup } from "./fault-row.ts";
import { sayWhoBrings } from "./known-apis.ts";

/** What the API server does not take. */
export const REFUSED_FAULTS: readonly FaultRow[] = [
  {
    code: "helm-conflict",
    words:
      /(?:(?:applying|for) object (?:([^\s/]*)\/)?(\S+) (?:\S+, Kind=(\w+))?[^\n]*?)?Apply failed with \d+ conflicts?: ([\s\S]*)/,
    explain: ([namespace = "", name = "", kind = "", conflicts = ""]) =>
      describeConflicts({ namespace, name, kind }, conflicts),
  },
  {
    code: "crd-missing",
    words:
      /(?:resource mapping not found for name: "([^"]*)"[\s\S]*?)?no matches for kind "([^"]+)" in (?:version|group) "([^"]+)"/,
    explain: ([name = "", kind = "", api = ""]) => ({
      message: `The cluster does not know ${kind} (${api})${name === "" ? "" : `, and the chart has ${kind}/${name}`}`,
      fix: sayWhoBrings(api, kind),
      ...(name === "" ? {} : { object: { kind, name } }),
    }),
  },
  {
    code: "not-owned",
    words:
      /(?:(\w[\w.]*) "([^"]+)" in namespace "([^"]*)" exists and cannot be imported into the current release: )?invalid ownership metadata; ([\s\S]*)/,
    explain: ([kind = "", name = "", namespace = "", why = ""]) => {
      const [, other] = /"meta\.helm\.sh\/release-name" must equal "[^"]*": current value is "([^"]*)"/.exec(why) ?? [];
      const what = kind === "" ? "An object of the chart" : `${kind}/${name}`;
      return {
        message: `${what} is there already, and belongs to ${other === undefined ? "no release" : `release ${other}`}`,
        fix:
          other === undefined
            ? "take-ownership: true takes it into this release; or delete it, or give the chart's another name"
            : `give one of the two another name; take-ownership: true would take it away from ${other}`,
        ...(kind === "" ? {} : { object: { kind, name, ...(namespace === "" ? {} : { namespace }) } }),
      };
    },
  },
  {
    code: "immutable-field",
    words:
      /([\w.]+) "([^"]+)" is invalid: ((?:[\s\S]*?)(?:field is immutable|is immutable after creation|updates to statefulset spec|primary clusterIP can not be unset|cannot change roleRef|may not change once set|updates to \w+ are forbidden)[\s\S]*)/,
    explain: ([kind = "", name = "", why = ""]) => explainImmutable(withoutGroup(kind), name, why),
  },
  {
    code: "quota-exceeded",
    words:
      /(?:(\S+) "([^"]+)" is forbidden: )?((?:exceeded|failed) quota: [^\n]*|(?:maximum|minimum) (?:cpu|memory|storage)[^\n]* (?:usage )?per \w+ is[^\n]*)/,
    explain: ([kind = "", name = "", why]) => ({
      message: `${name === "" ? "The namespace" : `${withoutGroup(kind)}/${name}`} is refused: ${why}`,
      fix: "ask for less (resources.requests, replicas), or raise the namespace's quota: kubectl describe quota,limitrange",
    }),
  },
  {
    code: "admission-denied",
    words:
      /(?:(\S+) "([^"]+)" is forbidden: )?(admission webhook "[^"]+" denied the request[\s\S]*|ValidatingAdmissionPolicy '[^']+'[^\n]*denied request: [\s\S]*|violates PodSecurity [^\n]*)/,
    explain: ([kind = "", name = "", why = ""]) => ({
      message: `${name === "" ? "An object of the chart" : `${withoutGroup(kind)}/${name}`} is refused by a rule of the cluster: ${firstLines(why)}`,
      fix: "change the chart so that it keeps the rule, or ask who keeps the cluster for an exception",
    }),
  },
  {
    code: "webhook-unreachable",
    words: /failed calling webhook "([^"]+)": (?:failed to call webhook: )?([^\n]*)/,
    explain: ([webhook, why]) => ({
      message: `Webhook ${webhook} must be asked and did not answer: ${why}`,
      fix: `see that what it belongs to runs: kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations; one that was left behind can be deleted`,
    }),
  },
  {
    code: "cluster-forbidden",
    words:
      /(User "[^"]*" cannot (\S+) resource "([^"]+)" in API group "([^"]*)"(?: in the namespace "([^"]+)")?)(?:: ?([^\n]*))?/,
    explain: ([, verb, resource, group, namespace = "", why = ""]) => ({
      message: `The identity may not ${verb} ${resource}${group === "" ? "" : ` (${group})`} ${namespace === "" ? "in the cluster" : `in namespace ${namespace}`}`,
      fix: /in Azure/.test(why)
        ? "give it the role Azure Kubernetes Service RBAC Writer or Admin on the cluster or the namespace; a fresh role takes some minutes"
        : "give it a Role with this verb: the preflight check access prints one",
    }),
  },
  {
    code: "namespace-missing",
    words:
      /namespaces "([^"]+)" not found|unable to create new content in namespace (\S+) because it is being terminated/,
    explain: ([missing = "", ending = ""]) =>
      ending === ""
        ? {
            message: `There is no namespace ${missing}`,
            fix: `create-namespace: true, or kubectl create namespace ${missing}`,
          }
        : { message: `Namespace ${ending} is being deleted`, fix: "wait until it is gone, or take another" },
  },
  {
    code: "release-too-large",
    words:
      /(Too long: (?:must have|may not be more than)[^\n]*|Request entity too large[^\n]*|etcdserver: request is too large)/i,
    explain: () => ({
      message: "The release with its chart, values and manifests does not fit into a Secret (1 MiB, compressed)",
      fix: "keep large files out of the chart (.helmignore), bring CRDs by themselves (crds), or split the chart",
    }),
  },
  {
    code: "object-invalid",
    words:
      /(?:([\w.]+) "([^"]+)" is invalid: |\(([^\s;]*\/)?([^\s;]+); [^)]*Kind=(\w+)\): )([\s\S]*)|(error validating data: [^\n]*|unable to build kubernetes objects from [^\n]*|json: cannot unmarshal[^\n]*|strict decoding error[^\n]*)/,
    explain: ([kind = "", name = "", , typedName = "", typedKind = "", why = "", other = ""]) => {
      const what = `${withoutGroup(kind || typedKind)}/${name || typedName}`;
      return {
        message:
          what === "/" ? `The chart's objects are not valid: ${other}` : `${what} is not valid: ${firstLines(why)}`,
        fix: "correct the template; kubectl explain shows a kind's fields",
      };
    },
  },
];

const LONGEST_WORDS = 400;

/** Without the frame of a list of errors, in one line. */
function firstLines(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= LONGEST_WORDS ? line : `${line.slice(0, LONGEST_WORDS - 1).toWellFormed()}…`;
}
