import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Cluster } from "../../src/kubernetes/cluster.ts";
import { connectCluster } from "../../src/kubernetes/connect-cluster.ts";
import type { PodAccess, PodRef } from "../../src/kubernetes/pod-access.ts";
import { writeBusyboxImage } from "../cluster/images/busybox-image.ts";
import { needCluster } from "../cluster/need-cluster.ts";
import type { TestCluster } from "../cluster/test-cluster.ts";
import { pod } from "./cluster-objects.ts";

/** A server of busybox, with programs that tell what they were asked and imitate the API server. */
const WEB = `
mkdir -p /www/cgi-bin; echo home >/www/index.html; cd /www/cgi-bin
cat >tell <<'END'
#!/bin/sh
printf 'Content-Type: text/plain\r\nCache-Control: max-age=5\r\n\r\n'
echo "$REQUEST_METHOD $REQUEST_URI"; echo "host $HTTP_HOST"; echo "mine $HTTP_X_MINE"; echo "login $HTTP_AUTHORIZATION"; cat
END
cat >missing <<'END'
#!/bin/sh
printf 'Status: 404 Not Found\r\nContent-Type: application/json\r\n\r\n'
echo '{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"services "other" not found","reason":"NotFound","details":{"name":"other","kind":"services"},"code":404}'
END
cat >moved <<'END'
#!/bin/sh
printf 'Status: 302 Found\r\nLocation: /cgi-bin/tell?x=1\r\n\r\n'
END
chmod +x *; exec httpd -f -p 8080 -h /www`;

/** A web server and what it lacks on a real cluster, in a namespace of its own. */
export interface PodScene extends AsyncDisposable {
  readonly cluster: TestCluster;
  readonly namespace: string;
  /** A pod, and a Service before it, with the ports `http` and `silent`. */
  readonly web: PodRef;
  /** As the cluster's administrator. */
  readonly access: Cluster & PodAccess;
  /** What was registered as secret. */
  readonly masked: readonly string[];
  readonly scratch: string;
  connect(kubeconfig: string): Cluster & PodAccess;
}

export async function openPodScene(): Promise<PodScene> {
  const scratch = await mkdtemp(join(tmpdir(), "mayfly-pods-"));
  const cluster = await needCluster();
  const suffix = randomBytes(3).toString("hex");
  const namespace = `pods-${suffix}`;
  const image = `mayfly.local/pod-access:${suffix}`;
  const masked: string[] = [];
  const connect = (kubeconfig: string) =>
    connectCluster({
      kubeconfig,
      context: undefined,
      environment: {},
      cancelled: new AbortController().signal,
      mask: (secret) => void masked.push(secret),
      now: () => new Date(),
      sleep: (milliseconds) => sleep(milliseconds),
    });
  await cluster.loadImage(await writeBusyboxImage(scratch, image));
  await cluster.kubectl("create", "namespace", namespace);
  const { hostname, port } = new URL(cluster.server);
  const items = [
    labelled("web", pod("web", image, WEB)),
    // The API server itself, as an application in a pod.
    pod("relay", image, `exec nc -ll -p 6443 -e nc ${hostname} ${port}`),
    pod("waits", "mayfly.local/none:1"),
    service("web"),
    service("empty"),
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "nobody" } },
  ];
  const list = JSON.stringify({ apiVersion: "v1", kind: "List", items });
  await cluster.kubectlWith(list, "apply", `--namespace=${namespace}`, "-f", "-");
  const ready = ["--for=condition=Ready", "pod/web", "pod/relay", "--timeout=60s"];
  await cluster.kubectl("wait", `--namespace=${namespace}`, ...ready);
  return {
    cluster,
    namespace,
    web: { namespace, name: "web" },
    access: connect(cluster.kubeconfig),
    masked,
    scratch,
    connect,
    [Symbol.asyncDispose]: async () => {
      await cluster.kubectl("delete", "namespace", namespace, "--wait=false");
      await rm(scratch, { recursive: true, force: true });
    },
  };
}

function service(name: string): object {
  const ports = [
    { name: "http", port: 80, targetPort: 8080 },
    { name: "silent", port: 81, targetPort: 8081 },
  ];
  return { apiVersion: "v1", kind: "Service", metadata: { name }, spec: { selector: { app: name }, ports } };
}

function labelled(app: string, object: object): object {
  const { metadata } = object as { readonly metadata: object };
  return { ...object, metadata: { ...metadata, labels: { app } } };
}
