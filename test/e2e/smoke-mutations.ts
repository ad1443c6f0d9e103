import { readFileSync } from "node:fs";
import { join } from "node:path";
import { APPS, type AppName, WEB_SCRIPT } from "./smoke-apps.ts";
import type { Installed } from "./smoke-scene.ts";

/** One thing that is broken, and which check of the app's spec has to say so. */
export interface Mutation {
  /** What is broken. */
  readonly name: string;
  readonly app: AppName;
  /** Of the chart, instead of the app's own. */
  readonly values?: object;
  /** What is told to kubectl once the app runs, each a command. */
  readonly break?: (app: Installed) => readonly (readonly string[])[];
  /** What undoes it for the next, where it is not in the app's namespace. */
  readonly undo?: readonly (readonly string[])[];
  /** The first that fails; those before it pass. */
  readonly fails: {
    readonly step: string;
    readonly check: string;
    /** Others of the same group that cannot but fail with it. */
    readonly also?: readonly string[];
  };
  /** What is seen of it. */
  readonly says: RegExp;
}

const WORKER = readFileSync(join(APPS["queue-workers"].chart, "files/work.sh"), "utf8");
const AGENT_POOL = "default";
const AGENT_LOG_LEVEL = "info";
const AGENT_UPSTREAM = "http://nats.nats.svc:8222/healthz";

const replaceOnce = (text: string, part: string, by: string): string => {
  if (text.split(part).length !== 2) throw new Error(`${part} is not once in the script`);
  return text.replace(part, by);
};

const WEB: readonly Mutation[] = [
  {
    name: "the container ends at once",
    app: "web",
    values: { script: "exit 3" },
    fails: { step: "rolled out", check: "the newest pods are ready" },
    says: /exits with 3/,
  },
  {
    name: "it never gets ready",
    app: "web",
    values: { probe: { httpGet: { path: "/nope", port: 8080 }, periodSeconds: 1 } },
    fails: { step: "rolled out", check: "the newest pods are ready" },
    says: /its readiness probe fails .*: it answers 404/,
  },
  {
    name: "the Service selects pods of somebody else",
    app: "web",
    break: ({ namespace, release }) => [
      ["patch", "service", release, `-n=${namespace}`, "-p", '{"spec":{"selector":{"app":"nobody"}}}'],
    ],
    fails: { step: "rolled out", check: "the Service leads to pods that are ready" },
    says: /is 0, expected >= 1/,
  },
  {
    name: "the Service leads to a port where nobody listens",
    app: "web",
    break: ({ namespace, release }) => [
      [
        "patch",
        "service",
        release,
        `-n=${namespace}`,
        "--type=json",
        '-p=[{"op":"replace","path":"/spec/ports/0/targetPort","value":9}]',
      ],
    ],
    fails: {
      step: "answers",
      check: "this build is served",
      also: ["the page says something", "what is not there is not found", "somebody takes connections"],
    },
    says: /error trying to reach service: .*connection refused/,
  },
  {
    name: "another build is served than was deployed",
    app: "web",
    values: { script: replaceOnce(WEB_SCRIPT, '"version":"1.0"', '"version":"0.9"') },
    fails: { step: "answers", check: "this build is served" },
    says: /\$\.version "0\.9"/,
  },
  {
    name: "the page is empty",
    app: "web",
    values: { page: "", script: replaceOnce(WEB_SCRIPT, 'echo "$PAGE" ', ": ") },
    fails: { step: "answers", check: "the page says something" },
    says: /no body/,
  },
  {
    name: "it prints a panic",
    app: "web",
    values: { script: replaceOnce(WEB_SCRIPT, "echo serving", "echo serving; echo 'panic: out of luck'") },
    fails: { step: "stays calm", check: "it logs no panic" },
    says: /web: panic: out of luck/,
  },
  {
    name: "it had to be started twice",
    app: "web",
    values: {
      script: `test -e /state/second || { : >/state/second; exit 1; }\n${WEB_SCRIPT}`,
      pod: { volumes: [{ name: "state", emptyDir: {} }] },
      container: { volumeMounts: [{ name: "state", mountPath: "/state" }] },
    },
    fails: { step: "stays calm", check: "nothing restarts" },
    says: /restartCount\)\) is 1, expected 0/,
  },
];

const QUEUE: readonly Mutation[] = [
  {
    name: "KEDA's operator is gone",
    app: "queue-workers",
    break: () => [["scale", "deployment", "keda-operator", "-n=keda", "--replicas=0"]],
    undo: [
      ["scale", "deployment", "keda-operator", "-n=keda", "--replicas=1"],
      ["rollout", "status", "deployment/keda-operator", "-n=keda", "--timeout=60s"],
    ],
    fails: { step: "prerequisites", check: "KEDA's operator is ready" },
    says: /0|replicas/,
  },
  {
    name: "the trigger names a consumer that there is not",
    app: "queue-workers",
    values: { consumer: "nobody" },
    fails: { step: "release", check: "KEDA has taken the workers" },
    says: /TriggerError.*consumer "nobody" not found/,
  },
  {
    name: "the trigger asks a monitor that does not answer",
    app: "queue-workers",
    values: { nats: { host: "nats.nats.svc", port: 4222, monitor: "nobody.nats.svc:8222" } },
    fails: { step: "release", check: "KEDA has taken the workers" },
    says: /TriggerError.*lookup nobody\.nats\.svc/,
  },
  {
    name: "somebody has paused it",
    app: "queue-workers",
    values: { annotations: { "autoscaling.keda.sh/paused": "true" } },
    fails: { step: "release", check: "KEDA has taken the workers" },
    says: /Paused is True/,
  },
  {
    name: "a Job of an earlier task hangs",
    app: "queue-workers",
    // KEDA takes away those that were there before its ScaledJob. One without an image is at work, too.
    break: ({ namespace, release }) => [
      ["create", "job", "stray", `-n=${namespace}`, "--image=mayfly.local/none:1"],
      ["label", "job", "stray", `-n=${namespace}`, `scaledjob.keda.sh/name=${release}-worker`],
    ],
    fails: { step: "nothing runs", check: "no Job is at work" },
    says: /1 \(stray\)/,
  },
  {
    name: "KEDA looks only once an hour",
    app: "queue-workers",
    values: { pollingInterval: 3_600 },
    fails: { step: "first Job", check: "the first Job is there" },
    says: /active not after .*(?:ScalerNotActive|Active is Unknown)/,
  },
  {
    name: "the worker fails",
    app: "queue-workers",
    values: { script: "echo broken >&2; exit 7" },
    fails: { step: "Job complete", check: "every Job completes" },
    says: /Failed=True \(BackoffLimitExceeded\)/,
  },
  {
    name: "the worker hangs",
    app: "queue-workers",
    values: { workSeconds: 600 },
    fails: { step: "Job complete", check: "every Job completes" },
    says: /no condition Complete/,
  },
  {
    name: "the worker's program is not there",
    app: "queue-workers",
    values: { container: { command: ["/nope"] } },
    fails: { step: "Job complete", check: "every Job completes" },
    says: /no condition Complete|Failed=True/,
  },
  {
    name: "the result goes elsewhere",
    app: "queue-workers",
    values: { results: "lost.results" },
    fails: { step: "result", check: "its result comes back" },
    says: /nothing has come/,
  },
  {
    name: "the worker does not know the method",
    app: "queue-workers",
    values: { script: replaceOnce(WORKER, "  upper)", "  lower)") },
    fails: { step: "result", check: "its result comes back" },
    says: /1 message, 0 of them so, .*\\"error\\":/,
  },
  {
    name: "the worker does not acknowledge its task",
    app: "queue-workers",
    values: { script: replaceOnce(WORKER, 'publish "$reply" +ACK', ":") },
    fails: { step: "result", check: "it is acknowledged" },
    says: /ackPending 1/,
  },
];

const AGENT: readonly Mutation[] = [
  {
    name: "its work folder is not mounted",
    app: "metrics-agent",
    values: { workFolder: "/elsewhere" },
    fails: { step: "rolled out", check: "it is ready on every node" },
    says: /exits with 1/,
  },
  {
    name: "it runs as root",
    app: "metrics-agent",
    values: { runAsUser: 0 },
    fails: { step: "its container", check: "it is nobody with rights" },
    says: /stdout "0"/,
  },
  {
    name: "it may write anywhere",
    app: "metrics-agent",
    values: { readOnlyRootFilesystem: false },
    fails: { step: "its container", check: "it may write nowhere else" },
    says: /exit code 1, stderr "touch: \/smoke: Permission denied"/,
  },
  {
    name: "its token is missing",
    app: "metrics-agent",
    values: { token: "" },
    fails: { step: "its container", check: "its environment is set" },
    says: /AGENT_TOKEN is not set/,
  },
  {
    name: "its log level has a typing error",
    app: "metrics-agent",
    values: { env: { AGENT_POOL, AGENT_UPSTREAM, AGENT_LOG_LEVEL: "wran" } },
    fails: { step: "its container", check: "its environment is set" },
    says: /AGENT_LOG_LEVEL differs/,
  },
  {
    name: "it has more processor than was planned",
    app: "metrics-agent",
    values: { limits: { cpu: "300m", memory: "64Mi" } },
    fails: { step: "its container", check: "its limits are applied" },
    says: /cpu 300m/,
  },
  {
    name: "nothing limits its memory",
    app: "metrics-agent",
    values: { limits: { cpu: "200m", memory: null } },
    fails: { step: "its container", check: "its limits are applied" },
    says: /memory unlimited/,
  },
  {
    name: "whom it reports to does not answer",
    app: "metrics-agent",
    values: { env: { AGENT_POOL, AGENT_LOG_LEVEL, AGENT_UPSTREAM: "http://nobody.nats.svc:8222/" } },
    fails: { step: "outbound", check: "it reaches whom it reports to" },
    says: /bad address 'nobody\.nats\.svc:8222'/,
  },
  {
    name: "a security product is on the nodes",
    app: "metrics-agent",
    break: () => [["create", "-f", join(import.meta.dirname, "fixtures/security-daemon-set.yaml")]],
    undo: [["delete", "-f", join(import.meta.dirname, "fixtures/security-daemon-set.yaml"), "--ignore-not-found"]],
    fails: { step: "nobody interferes", check: "no DaemonSet of a security product" },
    says: /1 \(falco-agent\)/,
  },
  {
    name: "a gauge says that it is down",
    app: "metrics-agent",
    values: { samples: 'agent_up 0\nagent_tasks_waiting{pool="default"} 0\nagent_build_info{version="1.0"} 1\n' },
    fails: { step: "metrics", check: "its gauges are told" },
    says: /agent_up 0/,
  },
  {
    name: "a gauge has gone",
    app: "metrics-agent",
    values: { samples: 'agent_up 1\nagent_build_info{version="1.0"} 1\n' },
    fails: { step: "metrics", check: "its gauges are told" },
    says: /no agent_tasks_waiting among 3 samples/,
  },
  {
    name: "its exporter prints no metrics",
    app: "metrics-agent",
    values: { samples: "<html>oops</html>\n" },
    fails: { step: "metrics", check: "its gauges are told" },
    says: /line 1: expected a metric's name/,
  },
];

export const MUTATIONS: readonly Mutation[] = [...WEB, ...QUEUE, ...AGENT];
