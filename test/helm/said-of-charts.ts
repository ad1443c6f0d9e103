import type { Said } from "./said.ts";

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
