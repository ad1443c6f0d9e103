import { type FaultRow, placeTemplate } from "./fault-row.ts";

/** What becomes of a release in a cluster, and why there is no talking to one. */
export const CLUSTER_FAULTS: readonly FaultRow[] = [
  {
    code: "helm-locked",
    words: /another operation \(install\/upgrade\/rollback\) is in progress/,
    explain: () => ({
      message: "Another deployment of this release goes on, or was cut off",
      fix: "run it again when that is over; one whose run is over is cleared by itself (on-lock)",
    }),
  },
  {
    code: "helm-raced",
    words:
      /release: already exists|cannot re-use a name that is still in use|secrets "sh\.helm\.release\.v1\.[^"]*" already exists/,
    explain: () => ({
      message: "Two deployments of this release began at the same moment, and the other was first",
      fix: "run it again; a concurrency group in the workflow keeps them apart",
    }),
  },
  {
    code: "no-deployed-release",
    words: /has no deployed releases/,
    explain: () => ({
      message: "No revision of this release was ever deployed, and helm does not upgrade from what there is",
      fix: "helm history shows what there is; helm uninstall --keep-history takes it away, with its objects",
    }),
  },
  {
    code: "release-not-found",
    words: /release: not found|Release not loaded|release has no \d+ version|no revision for release/i,
    explain: () => ({
      message: "There is no such release, or no such revision of it",
      fix: "see what there is: helm list --all",
    }),
  },
  {
    code: "cluster-login-failed",
    words:
      /(the server has asked for the client to provide credentials|You must be logged in to the server[^\n]*|getting credentials: [^\n]*|(?:^|: )Unauthorized\b[^\n]*)/,
    explain: ([why]) => ({
      message: `The cluster does not take the login: ${why}`,
      fix: "run aks-set-context in this job before, with an identity that the cluster knows",
    }),
  },
  {
    code: "cluster-busy",
    words:
      /(etcdserver: (?:leader changed|request timed out)[^\n]*|the server is currently unable to handle the request|the server has received too many requests[^\n]*|an error on the server \([^\n]*|http2: client connection lost|(?:Post|Put|Patch|Get|Delete) "https?:\/\/[^"]*\/apis?\/[^"]*": (?:EOF|unexpected EOF|[^\n]*connection reset[^\n]*))/,
    explain: ([why]) => ({ message: `The cluster failed in passing: ${why}`, fix: "run it again" }),
  },
  {
    code: "cluster-unreachable",
    words:
      /[Kk]ubernetes cluster unreachable: ([^\n]*)|((?:Get|Post|Patch) "https?:\/\/[^"]*\/(?:apis?|openapi|version)\b[^"]*": [^\n]*)/,
    explain: ([why = "", other = ""]) => ({
      message: `The cluster gave no answer: ${why || other}`,
      fix: /localhost:8080|no such file|does not exist|invalid configuration/.test(why)
        ? "run aks-set-context in this job before, or give kubeconfig and a context that is in it"
        : "see that it runs and that this machine reaches it (private cluster, authorised address ranges)",
    }),
  },
  {
    code: "hook-failed",
    words:
      /(?:((?:pre|post)-(?:install|upgrade|rollback|delete)) hooks failed|failed ((?:pre|post)-(?:install|upgrade|rollback|delete))): ([\s\S]*)/,
    explain: ([hooks = "", failed = "", why = ""], { chart }) => {
      const [, kind = "", namespace = "", name = ""] =
        /resource (\w+)\/(?:([^\s/]+)\/)?(\S+) not ready/.exec(why) ?? [];
      const [, oldKind = "", oldName = ""] = /\b(job|pod) (\S+) failed/.exec(why) ?? [];
      const [, template] = /Hook \S+ (\S+) failed/.exec(why) ?? [];
      const object =
        name !== ""
          ? { kind, name, ...(namespace === "" ? {} : { namespace }) }
          : { kind: oldKind === "job" ? "Job" : "Pod", name: oldName };
      const what = object.name === "" ? "" : ` (${object.kind}/${object.name})`;
      const words =
        /BackoffLimitExceeded|DeadlineExceeded|message: [^\n]*|timed out[^\n]*|context deadline exceeded/.exec(why);
      return {
        message: `Hook ${hooks || failed}${what} failed: ${words?.[0].replace(/^message: /, "") ?? why.replace(/\s+/g, " ").trim()}`,
        fix: "see the log of its pod; helm went no further",
        ...(object.name === "" ? {} : { object }),
        ...(template === undefined ? {} : placeTemplate(template, chart)),
      };
    },
  },
  {
    code: "helm-test-failed",
    words: /(?:^|\n\s*\*? ?|Error: )(?:pod|job) (\S+) failed/,
    explain: ([name = ""]) => ({
      message: `Test ${name} of the chart failed`,
      fix: "see the log of its pod",
      object: { kind: "Pod", name },
    }),
  },
  {
    code: "helm-not-ready",
    words: /resource (\w+)\/(?:([^\s/]+)\/)?(\S+) not ready\. status: Failed, message: ([^\n]*)/,
    explain: ([kind = "", namespace = "", name = "", why]) => ({
      message: `${kind}/${name} will not become ready: ${why}`,
      fix: "see the events and logs of its pods",
      object: { kind, name, ...(namespace === "" ? {} : { namespace }) },
    }),
  },
  {
    code: "helm-timeout",
    words: /context deadline exceeded|timed out waiting for the condition|not ready\. status: InProgress/,
    explain: (_, { said }) => {
      if (said.startsWith("uninstallation completed")) {
        return {
          message: "The time was over before all of the release was gone",
          fix: "see who is to take the finalizers off what is still there; where it only needs longer, give a longer timeout",
        };
      }
      const waited = [
        ...said.matchAll(/resource (\w+)\/(?:[^\s/]+\/)?(\S+) not ready\. status: \w+, message: ([^\n]*)/g),
      ];
      const parts = [...new Set(waited.map(([, kind, name, why]) => `${kind}/${name}: ${why}`))];
      return {
        message: `The time was over before all was ready${parts.length === 0 ? "" : ` (${parts.join("; ")})`}`,
        fix: "see the events and logs of the pods; where they only need longer, give a longer timeout",
      };
    },
  },
];
