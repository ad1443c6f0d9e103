import { defineAction } from "../../kit/define-action.ts";
import { choice, duration, flag, lines, pairs, quantity, secret, text } from "../../kit/input.ts";
import { yamlBlock } from "../../kit/yaml-block.ts";
import { optionalAzureInputs } from "../azure-inputs.ts";
import { clusterInputs, releaseForm } from "../cluster-inputs.ts";
import { environmentForm, words } from "../input-words.ts";

export const CHECKS = ["access", "dry-run", "images", "pull", "identity", "static"] as const;

export const spec = defineAction({
  name: "Helm deploy",
  description:
    "Installs or upgrades a chart with helm 3 or 4, says in one line why a rollout fails as soon as the cluster knows, and goes back to the revision that worked.",
  inputs: {
    ...optionalAzureInputs,
    command: choice(
      "deploy",
      "uninstall",
    )({
      description:
        "`deploy`: installs or upgrades. `uninstall`: takes the release away with all its objects, and waits until they are gone; a release that is not there is fine.",
      default: "deploy",
    }),
    chart: text({
      description: "The chart: a folder, a `.tgz`, `oci://…`, or a name in `chart-repository`. Needed to deploy.",
    }),
    "chart-repository": text({
      description: "Address of the repository that `chart` is a name in.",
      pattern: /^https?:\/\/\S+$/,
      expected: "an address such as https://charts.example.com",
    }),
    version: text({ description: "The chart's version. Needed for `oci://` and repositories." }),
    release: text({ ...releaseForm, required: true }),
    namespace: clusterInputs.namespace,
    "create-namespace": flag({ description: "Makes the namespace when it is not there.", default: "true" }),
    "namespace-labels": pairs({ description: "Labels that the namespace gets, `name=value` on each line." }),
    environment: text({
      description: words.environment,
      ...environmentForm,
    }),
    "expires-at": text({
      description:
        "When the namespace ends (RFC 3339, such as `2026-11-22T18:00:00Z`): with it the namespace is the environment `environment`, is made with its marks, and `ttl-reaper` deletes it then. A later deployment moves the end back, never forward.",
    }),
    "namespace-quota": yamlBlock({
      description:
        'What the namespace may use in all, as YAML: the `hard` of a ResourceQuota, such as `{pods: "20", requests.cpu: "2", limits.memory: 4Gi}`.',
    }),
    "namespace-limits": yamlBlock({
      description:
        "What each container of the namespace gets where it asks for nothing, and may ask for, as YAML: items of a LimitRange by their type, such as `Container: {defaultRequest: {cpu: 50m}, default: {memory: 256Mi}}`.",
    }),
    "delete-namespace": flag({
      description:
        "Of `uninstall`: deletes the namespace, too, when its marks say that it is this environment of this repository, and waits until it is gone. Any other is left alone.",
      default: "false",
    }),
    kubeconfig: clusterInputs.kubeconfig,
    "kube-context": clusterInputs["kube-context"],
    values: lines({ description: "Files of values, one on each line; a later one wins." }),
    "values-yaml": yamlBlock({ description: "Values, as YAML. They win over `values`." }),
    set: lines({ description: "Values as `helm --set` takes them, one on each line." }),
    "set-string": lines({ description: "The same, and every value is a text." }),
    "set-file": lines({ description: "The same, `key=path` on each line: the value is the file." }),
    "set-json": lines({ description: "The same, `key=<JSON>` on each line." }),
    "secret-values": secret({
      description: "Values that are secrets, as YAML: masked before anything can print them, and given by a file.",
    }),
    images: text({
      description: "The output `images` of a build: JSON from an image's name to its repository, tag and digest.",
    }),
    "image-values": yamlBlock({
      description:
        "Where the chart wants an image of `images`: `api: proxy.image` sets repository, tag and digest there.",
    }),
    "secret-objects": secret({
      description:
        "Secrets of the namespace to write before the release, as YAML: `name: {key: value}`. They are never gone in between.",
    }),
    "pre-releases": yamlBlock({
      description:
        "Charts that have to be there first, as YAML: `keda: {chart: …, version: …, namespace: …, values: {…}}`. Their CRDs are kept, and waited for.",
    }),
    "workload-identity": yamlBlock({
      description:
        "Where the chart takes the annotations of a service account, as YAML: `serviceAccount.annotations: <client id>`. Its pods then log in to Azure, and the wiring is checked.",
    }),
    timeout: duration({ description: words.timeout, default: "5m", min: "5s", max: "2h" }),
    wait: choice(
      "watch",
      "helm",
      "none",
    )({
      description:
        "`watch`: helm waits, and we watch why not. `helm`: only helm waits. `none`: nobody does, and nothing is rolled back.",
      default: "watch",
    }),
    rollback: choice(
      "on-failure",
      "never",
    )({
      description: "Whether a failed upgrade goes back to the last revision that was deployed.",
      default: "on-failure",
    }),
    "on-lock": choice(
      "clear-stale",
      "wait",
      "fail",
    )({
      description:
        "What to do about a release that another helm has left pending. `clear-stale`: clear it when its run is over, as GitHub says (needs `github-token`), else wait.",
      default: "clear-stale",
    }),
    "lock-wait": duration({
      description: "How long to wait for a release that somebody else works on.",
      default: "5m",
      min: "0s",
      max: "2h",
    }),
    conflicts: choice(
      "fail",
      "force",
    )({
      description: "Fields that somebody else manages, such as replicas of an autoscaler: `force` takes them.",
      default: "fail",
    }),
    "take-ownership": flag({
      description: "Takes objects into the release that are there already without helm.",
      default: "false",
    }),
    crds: choice(
      "apply",
      "install-only",
      "skip",
    )({
      description:
        "The chart's folder `crds`. `apply`: new and changed ones are applied, never deleted. `install-only`: as helm does it.",
      default: "apply",
    }),
    "wait-for-nodes": quantity({
      description: "How many nodes have to be ready before the release, such as of a pool that is just growing.",
      unit: "nodes",
      min: 0,
      max: 5_000,
      default: "0",
    }),
    "node-selector": text({ description: "Labels of the nodes that count, such as `agentpool=workers`." }),
    preflight: lines({
      description: `What is looked at before anything is changed, one on each line: ${CHECKS.map((name) => `\`${name}\``).join(", ")}; \`none\` for nothing.`,
      default: CHECKS.join("\n"),
    }),
    "plan-only": flag({ description: "Only says what would be done.", default: "false" }),
    "skip-if-unchanged": flag({
      description: "Does nothing when the release stands as it would be made, and is ready.",
      default: "false",
    }),
    "helm-test": flag({
      description: "Runs the chart's tests after the release; one that fails is a failure.",
      default: "false",
    }),
    smoke: lines({
      description:
        "Specs of [smoke-test](../smoke-test/README.md), files and globs, one on each line. The release counts as deployed only when they pass; one that fails is a failed rollout.",
    }),
    "smoke-variables": pairs({
      // biome-ignore lint/suspicious/noTemplateCurlyInString: as specs have it
      description: "Values that the specs use as `${name}`, `name=value` on each line.",
    }),
    "smoke-timeout": duration({
      description: "How long the smoke test may take, after the rollout.",
      default: "10m",
      min: "1s",
      max: "2h",
    }),
    url: text({
      description:
        // biome-ignore lint/suspicious/noTemplateCurlyInString: as specs have it
        "Where the release is reached, when it is known, such as `https://pr-12.preview.example.com`. Else it is looked for in its Ingress, HTTPRoute or LoadBalancer. Specs have it as `${url}`.",
      pattern: /^https?:\/\/[^\s/]\S*$/,
      expected: "an address such as https://pr-12.preview.example.com",
    }),
    "check-url": flag({ description: words["check-url"], default: "false" }),
    "url-path": text({
      description: words["url-path"],
      default: "/",
      pattern: /^\/\S*$/,
      expected: "a path that begins with a slash, such as /health",
    }),
    "url-timeout": duration({ description: words["url-timeout"], default: "5m", min: "1s", max: "30m" }),
    evidence: choice(
      "on-failure",
      "always",
      "never",
    )({
      description: "Whether events, logs and states of what was rolled out are kept as files.",
      default: "on-failure",
    }),
    "github-token": secret({
      description:
        "The job's `github.token`, to ask whether the run that left a release pending is over (`actions: read`).",
    }),
  },
  outputs: {
    status: "`deployed`, `unchanged`, `uninstalled`, `planned`, `rolled-back`, `failed` or `cancelled`.",
    release: "The release's name.",
    namespace: "Its namespace.",
    "namespace-deleted": "Whether the namespace is gone: of `uninstall` with `delete-namespace`.",
    "expires-at": "When the namespace ends (RFC 3339, UTC); empty where it has no end.",
    url: "Where the release is reached, without a slash at the end; empty when nothing says so.",
    revision: "Its revision now.",
    "previous-revision": "The revision that was deployed before; empty for a first install.",
    changed: "Whether anything but labels of ours has changed.",
    "rolled-back-to": "The revision that the release went back to; empty when it did not.",
    cause: "Why the rollout failed, in one line.",
    "cause-code": "The same as a stable code, such as `image-pull/not-found`.",
    "app-version": "The application's version, as the chart says it.",
    "chart-version": "The chart's version.",
    "image-digests": "JSON: each image that runs, and its digest.",
    "smoke-junit-path": "Path of the smoke test's report in JUnit's format.",
    "smoke-report-path": "Path of the smoke test's report as JSON.",
    "url-report-path": "Path of the address's report as JSON.",
    "plan-path": "Path of the plan (JSON), as long as the job lasts.",
    "evidence-path": "Folder with events, states and logs, to be uploaded; empty when there are none.",
    "ready-ms": "Milliseconds from helm's start until everything was ready.",
    "duration-ms": "Milliseconds of the whole step.",
  },
  post: true,
});
