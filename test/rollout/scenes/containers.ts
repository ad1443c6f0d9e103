import { ended, event, running, waiting } from "../objects.ts";
import { ofContainer, ofPod } from "./of-pod.ts";
import type { Scene } from "./scene.ts";

const CONFIG = "CreateContainerConfigError";
const EXEC =
  "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: ";

export const containers: readonly Scene[] = [
  {
    name: "a Secret for the environment that is missing",
    code: "container-config/secret-missing",
    state: "failed",
    says: "wants the Secret db, which is not there",
    snapshot: ofContainer(2.1, { state: waiting(CONFIG, 'secret "db" not found') }),
  },
  {
    name: "a ConfigMap that is missing",
    code: "container-config/config-map-missing",
    state: "failed",
    says: "wants the ConfigMap cfg, which is not there",
    snapshot: ofContainer(2.1, { state: waiting(CONFIG, 'configmap "cfg" not found') }),
  },
  {
    name: "a key that is missing",
    code: "container-config/key-missing",
    state: "failed",
    says: "wants the key password of Secret/db",
    snapshot: ofContainer(2.1, { state: waiting(CONFIG, "couldn't find key password in Secret pr-7/db") }),
  },
  {
    name: "an image that would run as root",
    code: "container-config/run-as-root",
    state: "failed",
    says: "may not run as root",
    snapshot: ofContainer(2.3, {
      state: waiting(
        CONFIG,
        'container has runAsNonRoot and image will run as root (pod: "api_pr-7(76147ae4)", container: main)',
      ),
    }),
  },
  {
    name: "a configuration that is refused for another reason",
    code: "container-config/invalid",
    state: "failed",
    says: "cannot be made: failed to prepare subPath",
    snapshot: ofContainer(2.3, {
      state: waiting(CONFIG, 'failed to prepare subPath for volumeMount "v" of container "main"'),
    }),
  },
  {
    name: "a command that the image does not have",
    code: "container-start/command-missing",
    state: "failed",
    says: "starts /nope, which its image does not have",
    snapshot: ofContainer(1.7, {
      state: waiting("RunContainerError", `${EXEC}"/nope": stat /nope: no such file or directory`),
      last: ended(128, "StartError", 1.5),
    }),
  },
  {
    name: "the same, once the kubelet backs off",
    code: "container-start/command-missing",
    state: "failed",
    says: "starts /nope",
    snapshot: ofContainer(3.6, {
      state: waiting("CrashLoopBackOff"),
      restarts: 1,
      last: ended(128, "StartError", 1.5, `${EXEC}"/nope": stat /nope: no such file or directory`),
    }),
  },
  {
    name: "a program for another platform",
    code: "container-start/wrong-platform",
    state: "failed",
    says: "is a program for another platform",
    snapshot: ofContainer(1.7, { state: ended(255, "Error", 1.5, "exec /app/server: exec format error") }),
  },
  {
    name: "a file that is not executable",
    code: "container-start/failed",
    state: "failed",
    says: "may not execute /etc/passwd",
    snapshot: ofContainer(1.7, { state: waiting("RunContainerError", `${EXEC}"/etc/passwd": permission denied`) }),
  },
  {
    name: "a pod without a network",
    code: "container-start/sandbox",
    state: "failed",
    says: "gets no network: no address is left",
    snapshot: ofPod(75, {}, ({ pod: one }) => [
      event(
        one,
        "FailedCreatePodSandBox",
        'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "1": plugin type="azure-vnet" failed (add): failed to allocate IP: no available addresses',
        70,
        { first: 3, times: 6 },
      ),
    ]),
  },
  {
    name: "a crash, on the second time",
    code: "crash/exit",
    state: "failed",
    says: "exits with 3, 2 times",
    snapshot: ofContainer(3.3, {
      state: waiting("CrashLoopBackOff", "back-off 10s restarting failed container=main pod=api"),
      restarts: 1,
      last: ended(3, "Error", 2),
    }),
  },
  {
    name: "a crash, once",
    code: "crash/exit",
    state: "progressing",
    says: "exits with 3",
    snapshot: ofContainer(1.3, { state: ended(3, "Error", 1) }),
  },
  {
    name: "a restart that the status tells of before the back-off",
    code: "crash/exit",
    state: "failed",
    says: "2 times",
    snapshot: ofContainer(2.5, { state: ended(3, "Error", 2), restarts: 1, last: ended(3, "Error", 1) }),
  },
  {
    name: "a program that ends well where it should run",
    code: "crash/exit",
    state: "failed",
    says: "ends by itself, without an error",
    snapshot: ofContainer(4, { state: waiting("CrashLoopBackOff"), restarts: 1, last: ended(0, "Completed", 2) }),
  },
  {
    name: "too little memory",
    code: "crash/out-of-memory",
    state: "failed",
    says: "needs more memory than its limit of 16Mi",
    snapshot: ofContainer(4.4, {
      spec: { resources: { limits: { memory: "16Mi" } } },
      state: waiting("CrashLoopBackOff"),
      restarts: 1,
      last: ended(137, "OOMKilled", 2),
    }),
  },
  {
    name: "too little memory without a probe, while it happens to be ready",
    code: "crash/out-of-memory",
    state: "failed",
    says: "was killed",
    snapshot: ofPod(
      14,
      {
        phase: "Running",
        ready: true,
        containers: [{ state: running(13), ready: true, restarts: 2, last: ended(137, "OOMKilled", 12) }],
      },
      () => [],
      { ready: 1 },
    ),
  },
  {
    name: "an init container that fails",
    code: "crash/exit",
    state: "failed",
    says: "init container migrate (2 of 2) of api-7c9-x2x2x exits with 4",
    snapshot: ofPod(16, {
      containers: [
        { name: "first", init: true, state: ended(0, "Completed", 1) },
        { name: "migrate", init: true, state: waiting("CrashLoopBackOff"), restarts: 1, last: ended(4, "Error", 3) },
        { state: waiting("PodInitializing") },
      ],
    }),
  },
  {
    name: "a sidecar that fails",
    code: "crash/exit",
    state: "failed",
    says: "sidecar proxy of api-7c9-x2x2x exits with 9",
    snapshot: ofPod(8, {
      phase: "Running",
      containers: [
        { name: "proxy", sidecar: true, state: waiting("CrashLoopBackOff"), restarts: 1, last: ended(9, "Error", 3) },
        { state: running(2), ready: true },
      ],
    }),
  },
  {
    name: "an init container that hangs",
    code: "never-ready/silent",
    state: "progressing",
    says: "has its init container wait (1 of 1) still at work, and nothing was told of it for 3 min",
    snapshot: ofPod(200, {
      containers: [{ name: "wait", init: true, state: running(2) }, { state: waiting("PodInitializing") }],
    }),
  },
];
