import type { HelmFault } from "../../src/helm/explain-helm.ts";

/** What helm said, word for word, and what is to be read from it. */
export interface Said {
  readonly name: string;
  readonly text: string;
  readonly fault: Partial<Omit<HelmFault, "message" | "fix" | "raw">> & Pick<HelmFault, "code">;
  /** Words that the message has to have. */
  readonly words: RegExp;
  readonly fix?: RegExp;
}

const AT = (line: number, column?: number) => ({
  file: "deploy/shop/templates/x.yaml",
  line,
  // GitHub counts columns from 1, Go from 0.
  ...(column === undefined ? {} : { column: column + 1 }),
});

/** Of charts and values: helm v3.17.2 and v4.1.4. */
export const SAID_OF_CHARTS: readonly Said[] = [
  {
    name: "fail in a template",
    text: "Error: execution error at (demo/templates/x.yaml:1:3): no image given\n\nUse --debug flag to render out invalid YAML\n",
    fault: { code: "chart-render-failed", place: AT(1, 3) },
    words: /^demo\/templates\/x\.yaml:1: no image given$/,
    fix: /give the values/,
  },
  {
    name: "fail in a chart inside the chart",
    text: "Error: execution error at (demo/charts/kid/templates/x.yaml:1:3): kid\n",
    fault: {
      code: "chart-render-failed",
      place: { file: "deploy/shop/charts/kid/templates/x.yaml", line: 1, column: 4 },
    },
    words: /kid$/,
  },
  {
    name: "an upgrade that does not render",
    text: 'level=WARN msg="upgrade failed" name=r1 error="execution error at (demo/templates/x.yaml:5:8): image.tag is needed"\nError: UPGRADE FAILED: execution error at (demo/templates/x.yaml:5:8): image.tag is needed\n',
    fault: { code: "chart-render-failed", place: AT(5, 8) },
    words: /image\.tag is needed$/,
  },
  {
    name: "an unknown function",
    text: 'Error: parse error at (demo/templates/x.yaml:4): function "nope" not defined\n',
    fault: { code: "chart-render-failed", place: AT(4) },
    words: /function "nope" not defined/,
    fix: /mend the template/,
  },
  {
    name: "nil pointer, helm 3",
    text: 'Error: template: demo/templates/x.yaml:4:20: executing "demo/templates/x.yaml" at <.Values.a.b.c>: nil pointer evaluating interface {}.b\n\nUse --debug flag to render out invalid YAML\n',
    fault: { code: "chart-render-failed", place: AT(4, 20) },
    words: /\{\{ \.Values\.a\.b\.c \}\}: nil pointer evaluating interface \{\}\.b$/,
    fix: /default/,
  },
  {
    name: "nil pointer, helm 4",
    text: 'Error: demo/templates/x.yaml:4:20\n  executing "demo/templates/x.yaml" at <.Values.a.b.c>:\n    nil pointer evaluating interface {}.b\n\nUse --debug flag to render out invalid YAML\n',
    fault: { code: "chart-render-failed", place: AT(4, 20) },
    words: /\{\{ \.Values\.a\.b\.c \}\}: nil pointer evaluating interface \{\}\.b$/,
  },
  {
    name: "no such template, helm 4",
    text: 'Error: demo/templates/x.yaml:4:13\n  executing "demo/templates/x.yaml" at <include "demo.nope" .>:\n    error calling include:\ntemplate: no template "demo.nope" associated with template "gotpl"\n',
    fault: { code: "chart-render-failed", place: AT(4, 13) },
    words: /no template "demo\.nope"/,
  },
  {
    name: "a fault in a helper, helm 3",
    text: 'Error: template: demo/templates/x.yaml:4:13: executing "demo/templates/x.yaml" at <include "demo.boom" .>: error calling include: template: demo/templates/_helpers.tpl:2:12: executing "demo.boom" at <.Values.a.b>: nil pointer evaluating interface {}.b\n',
    fault: {
      code: "chart-render-failed",
      place: { file: "deploy/shop/templates/_helpers.tpl", line: 2, column: 13 },
    },
    words: /_helpers\.tpl:2: \{\{ \.Values\.a\.b \}\}/,
  },
  {
    name: "no YAML",
    text: "Error: YAML parse error on demo/templates/x.yaml: error converting YAML to JSON: yaml: line 5: mapping values are not allowed in this context\n\nUse --debug flag to render out invalid YAML\n",
    fault: { code: "chart-render-failed", place: { file: "deploy/shop/templates/x.yaml" } },
    words: /line 5 of what it renders to: mapping values/,
  },
  {
    name: "values against the schema, helm 3",
    text: "Error: values don't meet the specifications of the schema(s) in the following chart(s):\ndemo:\n- (root): tag is required\n- image: String length must be greater than or equal to 3\n\n",
    fault: { code: "values-invalid" },
    words: /schema: \(root\): tag is required; image: String length/,
  },
  {
    name: "values against the schema, helm 4",
    text: "Error: UPGRADE FAILED: values don't meet the specifications of the schema(s) in the following chart(s):\ndemo:\n- at '/replicas': got string, want integer\n- at '/image': minLength: got 2, want 3\n\n",
    fault: { code: "values-invalid" },
    words: /at '\/replicas': got string, want integer; at '\/image': minLength/,
  },
  {
    name: "a chart that is missing inside",
    text: "Error: An error occurred while checking for chart dependencies. You may need to run `helm dependency build` to fetch missing dependencies: found in Chart.yaml, but missing in charts/ directory: redis\n",
    fault: { code: "chart-dependency-missing" },
    words: /redis$/,
    fix: /helm dependency build deploy\/shop/,
  },
  {
    name: "another Kubernetes",
    text: "Error: chart requires kubeVersion: >=1.99.0 which is incompatible with Kubernetes v1.35.0\n",
    fault: { code: "chart-kube-version" },
    words: />=1\.99\.0, and the cluster has v1\.35\.0/,
  },
  {
    name: "a broken Chart.yaml",
    text: "Error: cannot load Chart.yaml: error converting YAML to JSON: yaml: line 1: did not find expected node content\n",
    fault: { code: "chart-invalid", place: { file: "deploy/shop/Chart.yaml", line: 1 } },
    words: /Chart\.yaml of the chart is no YAML: line 1/,
  },
  {
    name: "a broken values.yaml, helm 4",
    text: "Error: cannot load values.yaml: cannot unmarshal yaml document: error converting YAML to JSON: yaml: line 1: did not find expected node content\n",
    fault: { code: "chart-invalid", place: { file: "deploy/shop/values.yaml", line: 1 } },
    words: /values\.yaml/,
  },
  {
    name: "no version",
    text: "Error: validation: chart.metadata.version is required\n",
    fault: { code: "chart-invalid" },
    words: /chart\.metadata\.version is required/,
  },
  {
    name: "a library",
    text: "Error: library charts are not installable\n",
    fault: { code: "chart-invalid" },
    words: /library/,
  },
  ...[
    'path "./nope" not found',
    "Chart.yaml file is missing",
    "unable to detect chart at /home/runner/x/Chart.yaml: open /home/runner/x/Chart.yaml: no such file or directory",
    "repo foo not found",
    'chart "other" not found in http://127.0.0.1:18999 repository',
    'chart "demo" version "9.9.9" not found in https://charts.example.com repository',
  ].map((why) => ({
    name: why,
    text: `Error: ${why}\n`,
    fault: { code: "chart-missing" as const },
    words: /no such chart/,
  })),
  ...[
    'Get "https://127.0.0.1:1/v2/x/y/tags/list": dial tcp 127.0.0.1:1: connect: connection refused',
    'looks like "http://127.0.0.1:1" is not a valid chart repository or cannot be reached: Get "http://127.0.0.1:1/index.yaml": dial tcp 127.0.0.1:1: connect: connection refused',
    'failed to perform "FetchReference" on source: Get "https://127.0.0.1:18999/v2/x/manifests/1": tls: first record does not look like a TLS handshake',
  ].map((why) => ({
    name: why,
    text: `Error: ${why}\n`,
    fault: { code: "chart-unreachable" as const },
    words: /could not be had/,
  })),
  {
    name: "no right to pull",
    text: "Error: unexpected status from HEAD request to https://mayfly.azurecr.io/v2/x/manifests/1: 401 Unauthorized\n",
    fault: { code: "chart-denied" },
    words: /401/,
    fix: /AcrPull/,
  },
  {
    name: "a broken file of values, helm 3",
    text: "Error: failed to parse pr.yaml: error converting YAML to JSON: yaml: line 7: did not find expected node content\n",
    fault: { code: "values-unreadable", place: { file: "pr.yaml", line: 7 } },
    words: /pr\.yaml is no YAML: did not find/,
  },
  {
    name: "a broken file of values, helm 4",
    text: "Error: failed to parse pr.yaml: cannot unmarshal yaml document: error converting YAML to JSON: yaml: line 7: did not find expected node content\n",
    fault: { code: "values-unreadable", place: { file: "pr.yaml", line: 7 } },
    words: /pr\.yaml is no YAML: did not find/,
  },
  {
    name: "no file of values",
    text: "Error: open pr.yaml: no such file or directory\n",
    fault: { code: "values-unreadable" },
    words: /pr\.yaml/,
  },
  ...['failed parsing --set data: key "a" has no value', "failed parsing --set-json data a={"].map((why) => ({
    name: why,
    text: `Error: ${why}\n`,
    fault: { code: "set-invalid" as const },
    words: /A line of set/,
  })),
  {
    name: "a file of --set-file",
    text: "Error: failed parsing --set-file data: open nofile: no such file or directory\n",
    fault: { code: "set-invalid" },
    words: /set-file.*nofile/,
  },
];

const CONFLICT =
  'Apply failed with 1 conflict: conflict with "kube-controller-manager" with subresource "scale" using apps/v1: .spec.replicas';

/** Of a real cluster (Kubernetes 1.36), and from helm's issues where no cluster was there. */
export const SAID_OF_CLUSTERS: readonly Said[] = [
  {
    name: "a lock",
    text: "Error: UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress\n",
    fault: { code: "helm-locked" },
    words: /goes on, or was cut off/,
  },
  {
    name: "a race",
    text: "Error: UPGRADE FAILED: release: already exists\n",
    fault: { code: "helm-raced" },
    words: /the other was first/,
  },
  {
    name: "an autoscaler's replicas",
    text: `level=WARN msg="upgrade failed" name=a error="x"\nError: UPGRADE FAILED: conflict occurred while applying object ns/a apps/v1, Kind=Deployment: ${CONFLICT}\n`,
    fault: { code: "helm-conflict", object: { kind: "Deployment", namespace: "ns", name: "a" } },
    words: /^\.spec\.replicas of Deployment\/a belongs to kube-controller-manager$/,
    fix: /autoscaler/,
  },
  {
    name: "several managers",
    text: 'Error: UPGRADE FAILED: conflict occurred while applying object ns/a apps/v1, Kind=Deployment: Apply failed with 3 conflicts: conflicts with "kubectl-client-side-apply" using apps/v1 at 2026-11-21T08:00:00Z:\n- .spec.template.spec.containers[name="main"].image\n- .spec.paused\nconflict with "argocd" using apps/v1: .metadata.labels.team\n',
    fault: { code: "helm-conflict" },
    words:
      /^\.spec\.template\.spec\.containers\[name="main"\]\.image, \.spec\.paused of Deployment\/a belongs to kubectl-client-side-apply; \.metadata\.labels\.team of Deployment\/a belongs to argocd$/,
    fix: /conflicts: force/,
  },
  {
    name: "a conflict as the API server tells it",
    text: `Error: ${CONFLICT}`,
    fault: { code: "helm-conflict" },
    words: /belongs to kube-controller-manager/,
  },
  {
    name: "no CRD",
    text: 'Error: UPGRADE FAILED: unable to build kubernetes objects from release manifest: resource mapping not found for name: "worker" namespace: "ns" from "": no matches for kind "ScaledObject" in version "keda.sh/v1alpha1"\nensure CRDs are installed first\n',
    fault: { code: "crd-missing", object: { kind: "ScaledObject", name: "worker" } },
    words: /does not know ScaledObject \(keda\.sh\/v1alpha1\), and the chart has ScaledObject\/worker/,
    fix: /KEDA/,
  },
  {
    name: "an API that is gone",
    text: 'Error: resource mapping not found for name: "a" namespace: "" from "": no matches for kind "PodDisruptionBudget" in version "policy/v1beta1"\nensure CRDs are installed first\n',
    fault: { code: "crd-missing" },
    words: /policy\/v1beta1/,
    fix: /version of PodDisruptionBudget that this Kubernetes has/,
  },
  {
    name: "an object of nobody",
    text: 'Error: Unable to continue with install: ConfigMap "x" in namespace "ns" exists and cannot be imported into the current release: invalid ownership metadata; label validation error: missing key "app.kubernetes.io/managed-by": must be set to "Helm"; annotation validation error: missing key "meta.helm.sh/release-name": must be set to "a"\n',
    fault: { code: "not-owned", object: { kind: "ConfigMap", name: "x", namespace: "ns" } },
    words: /ConfigMap\/x is there already, and belongs to no release/,
    fix: /take-ownership/,
  },
  {
    name: "an object of another release",
    text: 'Error: UPGRADE FAILED: Unable to continue with update: Service "x" in namespace "ns" exists and cannot be imported into the current release: invalid ownership metadata; annotation validation error: key "meta.helm.sh/release-name" must equal "a": current value is "b"\n',
    fault: { code: "not-owned" },
    words: /belongs to release b/,
  },
  {
    name: "a selector, helm 3",
    text: 'Error: UPGRADE FAILED: cannot patch "a" with kind Deployment: Deployment.apps "a" is invalid: spec.selector: Invalid value: {"matchLabels":{"app":"b"}}: field is immutable\n',
    fault: { code: "immutable-field", object: { kind: "Deployment", name: "a" } },
    words: /^spec\.selector of Deployment\/a changes/,
    fix: /--cascade=orphan/,
  },
  {
    name: "a Job's template",
    text: `Error: UPGRADE FAILED: server-side apply failed for object ns/a batch/v1, Kind=Job: Job.batch "a" is invalid: spec.template: Invalid value: {"metadata":{"labels":{"x":"${"y".repeat(5_000)}"}}}: field is immutable\n`,
    fault: { code: "immutable-field", object: { kind: "Job", name: "a" } },
    words: /^spec\.template of Job\/a changes, and can only be set once$/,
    fix: /hook/,
  },
  {
    name: "a StatefulSet's volumes",
    text: "Error: UPGRADE FAILED: StatefulSet.apps \"db\" is invalid: spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden\n",
    fault: { code: "immutable-field", object: { kind: "StatefulSet", name: "db" } },
    words: /^spec of StatefulSet\/db/,
  },
  {
    name: "a policy, helm 3",
    text: "Error: UPGRADE FAILED: 1 error occurred:\n\t* deployments.apps \"a\" is forbidden: ValidatingAdmissionPolicy 'team' with binding 'team' denied request: label team is needed\n\n",
    fault: { code: "admission-denied" },
    words: /deployments\/a is refused .*label team is needed$/,
  },
  {
    name: "a webhook that says no",
    text: 'Error: server-side apply failed for object ns/a apps/v1, Kind=Deployment: admission webhook "policy.example.com" denied the request: image must be signed\n',
    fault: { code: "admission-denied" },
    words: /image must be signed/,
  },
  {
    name: "pod security",
    text: 'Error: pods "a" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "main" must set securityContext.allowPrivilegeEscalation=false)\n',
    fault: { code: "admission-denied" },
    words: /restricted:latest/,
  },
  {
    name: "a webhook that is gone",
    text: 'Error: UPGRADE FAILED: 1 error occurred:\n\t* Internal error occurred: failed calling webhook "w.example.com": failed to call webhook: Post "https://w.ns.svc:443/x?timeout=10s": service "w" not found\n',
    fault: { code: "webhook-unreachable" },
    words: /w\.example\.com must be asked.*service "w" not found/,
  },
  {
    name: "a quota",
    text: 'Error: INSTALLATION FAILED: pods "a" is forbidden: exceeded quota: q, requested: pods=1, used: pods=0, limited: pods=0\n',
    fault: { code: "quota-exceeded" },
    words: /pods\/a is refused: exceeded quota: q/,
  },
  {
    name: "no right to watch, after applying",
    text: 'Error: UPGRADE FAILED: deployments.apps is forbidden: User "system:serviceaccount:ns:d" cannot watch resource "deployments" in API group "apps" in the namespace "ns"\n',
    fault: { code: "cluster-forbidden" },
    words: /may not watch deployments \(apps\) in namespace ns/,
  },
  {
    name: "no role in Azure",
    text: 'Error: query: failed to query with labels: secrets is forbidden: User "0f8f" cannot list resource "secrets" in API group "" in the namespace "ns": User does not have access to the resource in Azure. Update role assignment to allow access.\n',
    fault: { code: "cluster-forbidden" },
    words: /may not list secrets in namespace ns/,
    fix: /Azure Kubernetes Service RBAC/,
  },
  {
    name: "no namespace",
    text: 'Error: create: failed to create: namespaces "missing" not found\n',
    fault: { code: "namespace-missing" },
    words: /no namespace missing/,
  },
  {
    name: "a namespace that goes",
    text: 'Error: UPGRADE FAILED: secrets "x" is forbidden: unable to create new content in namespace pr-1 because it is being terminated\n',
    fault: { code: "namespace-missing" },
    words: /pr-1 is being deleted/,
  },
  {
    name: "a hook, helm 3",
    text: "Error: UPGRADE FAILED: pre-upgrade hooks failed: 1 error occurred:\n\t* job a-migrate failed: BackoffLimitExceeded\n\n",
    fault: { code: "hook-failed", object: { kind: "Job", name: "a-migrate" } },
    words: /Hook pre-upgrade \(Job\/a-migrate\) failed: BackoffLimitExceeded/,
  },
  {
    name: "a hook, helm 4",
    text: 'level=WARN msg="upgrade failed" name=a error="pre-upgrade hooks failed"\nError: UPGRADE FAILED: pre-upgrade hooks failed: resource Job/ns/a-migrate not ready. status: Failed, message: Job Failed. failed: 2/1\ncontext deadline exceeded\n',
    fault: { code: "hook-failed", object: { kind: "Job", namespace: "ns", name: "a-migrate" } },
    words: /\(Job\/a-migrate\) failed: Job Failed\. failed: 2\/1/,
  },
  {
    name: "progress deadline, helm 4",
    text: "Error: resource Deployment/ns/a not ready. status: Failed, message: Progress deadline exceeded\n",
    fault: { code: "helm-not-ready", object: { kind: "Deployment", namespace: "ns", name: "a" } },
    words: /Deployment\/a will not become ready: Progress deadline exceeded/,
  },
  {
    name: "the whole timeout, helm 4",
    text: "Error: UPGRADE FAILED: resource Deployment/ns/a not ready. status: InProgress, message: Available: 0/1\nresource Deployment/ns/a not ready. status: InProgress, message: Available: 0/1\ncontext deadline exceeded\n",
    fault: { code: "helm-timeout" },
    words: /before all was ready \(Deployment\/a: Available: 0\/1\)$/,
  },
  {
    name: "the whole timeout, helm 3",
    text: "Error: UPGRADE FAILED: context deadline exceeded\n",
    fault: { code: "helm-timeout" },
    words: /before all was ready$/,
  },
  {
    name: "a cancel",
    text: "Release r1 has been cancelled.\nError: UPGRADE FAILED: resource Deployment/ns/a not ready. status: InProgress, message: Available: 0/1\ncontext canceled\n",
    fault: { code: "helm-cancelled" },
    words: /told to stop/,
  },
  {
    name: "no release",
    text: "Error: release: not found\n",
    fault: { code: "release-not-found" },
    words: /no such release/,
  },
  {
    name: "no release to uninstall",
    text: "Error: uninstall: Release not loaded: x: release: not found\n",
    fault: { code: "release-not-found" },
    words: /no such release/,
  },
  {
    name: "nothing was ever deployed",
    text: 'Error: UPGRADE FAILED: "x" has no deployed releases\n',
    fault: { code: "no-deployed-release" },
    words: /ever deployed/,
  },
  {
    name: "too large",
    text: 'Error: INSTALLATION FAILED: create: failed to create: Secret "sh.helm.release.v1.a.v1" is invalid: data: Too long: may not be more than 1048576 bytes\n',
    fault: { code: "release-too-large" },
    words: /1 MiB/,
  },
  {
    name: "no such field",
    text: "Error: UPGRADE FAILED: server-side apply failed for object ns/a apps/v1, Kind=Deployment: failed to create typed patch object (ns/a; apps/v1, Kind=Deployment): .spec.template.spec.foo: field not declared in schema\n",
    fault: { code: "object-invalid" },
    words: /Deployment\/a is not valid: \.spec\.template\.spec\.foo: field not declared/,
  },
  {
    name: "a value that is none",
    text: 'Error: UPGRADE FAILED: Service "a" is invalid: spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive\n',
    fault: { code: "object-invalid" },
    words: /Service\/a is not valid: spec\.ports\[0\]\.port/,
  },
  ...["Kubernetes", "kubernetes"].map((word) => ({
    name: `${word} unreachable`,
    text: `Error: ${word} cluster unreachable: Get "http://127.0.0.1:1/version": dial tcp 127.0.0.1:1: connect: connection refused\n`,
    fault: { code: "cluster-unreachable" as const },
    words: /gave no answer: .*connection refused/,
  })),
  {
    name: "unreachable when a template asks, helm 4",
    text: 'level=ERROR msg="cluster reachability check failed: kubernetes cluster unreachable: Get \\"http://127.0.0.1:1/version\\": dial tcp 127.0.0.1:1: connect: connection refused"\nError: cluster reachability check failed: kubernetes cluster unreachable: Get "http://127.0.0.1:1/version": dial tcp 127.0.0.1:1: connect: connection refused\n',
    fault: { code: "cluster-unreachable" },
    words: /connection refused$/,
  },
  {
    name: "no kubeconfig",
    text: 'Error: Kubernetes cluster unreachable: Get "http://localhost:8080/version": dial tcp 127.0.0.1:8080: connect: connection refused\n',
    fault: { code: "cluster-unreachable" },
    words: /localhost/,
    fix: /aks-set-context/,
  },
  {
    name: "no such context",
    text: 'Error: kubernetes cluster unreachable: context "nope" does not exist\n',
    fault: { code: "cluster-unreachable" },
    words: /context "nope" does not exist/,
    fix: /context/,
  },
  {
    name: "no login",
    text: "Error: kubernetes cluster unreachable: the server has asked for the client to provide credentials\n",
    fault: { code: "cluster-login-failed" },
    words: /does not take the login/,
  },
  {
    name: "a login that cannot be had",
    text: 'Error: Kubernetes cluster unreachable: Get "https://127.0.0.1:1/version": getting credentials: exec: fork/exec /nope: no such file or directory\n',
    fault: { code: "cluster-login-failed" },
    words: /getting credentials/,
  },
  {
    name: "a busy API server",
    text: "Error: kubernetes cluster unreachable: the server is currently unable to handle the request\n",
    fault: { code: "cluster-busy" },
    words: /in passing/,
  },
  {
    name: "etcd",
    text: "Error: UPGRADE FAILED: etcdserver: leader changed\n",
    fault: { code: "cluster-busy" },
    words: /leader changed/,
  },
  {
    name: "a test of the chart",
    text: "NAME: r1\nError: 1 error occurred:\n\t* pod r1-demo-test-connection failed\n\n",
    fault: { code: "test-failed", object: { kind: "Pod", name: "r1-demo-test-connection" } },
    words: /r1-demo-test-connection/,
  },
];
