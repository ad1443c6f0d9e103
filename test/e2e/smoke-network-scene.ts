import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { SmokeCluster, SmokeWorld } from "../../src/actions/smoke/world.ts";
import { connectCluster } from "../../src/kubernetes/connect-cluster.ts";
import { KubeRefusal } from "../../src/kubernetes/kube-refusal.ts";
import { connectNetwork } from "../../src/network/connect-network.ts";
import { writeImageArchive } from "../cluster/images/archive.ts";
import { needTools } from "../image-tools/need-tools.ts";
import { pod } from "./cluster-objects.ts";

/** A server of busybox: a page, metrics, and programs that tell what they were asked. */
export const WEB_SERVER = `
mkdir -p /www/cgi-bin; echo '{"status":"ok","sha":"abc123"}' >/www/health.json; cd /www/cgi-bin
echo '.json:application/json' >/etc/httpd.conf
printf 'up{job="api"} 1\\nqueue_depth 7\\n' >/www/metrics
cat >tell <<'END'
#!/bin/sh
printf 'Content-Type: text/plain\\r\\nX-Sha: abc123\\r\\n\\r\\n'
echo "$REQUEST_METHOD $REQUEST_URI"; echo "host $HTTP_HOST"; echo "mine $HTTP_X_MINE"; echo "login $HTTP_AUTHORIZATION"; cat
END
cat >moved <<'END'
#!/bin/sh
printf 'Status: 302 Found\\r\\nLocation: /cgi-bin/tell?x=1\\r\\n\\r\\n'
END
cat >broken <<'END'
#!/bin/sh
printf 'Status: 500 Broken\\r\\nContent-Type: text/plain\\r\\n\\r\\n'
echo "no database"
END
chmod +x *; exec httpd -f -p 8080 -h /www -c /etc/httpd.conf`;

const never = new AbortController().signal;

/** The cluster as whom a kubeconfig logs in. */
export function connectAs(kubeconfig: string): SmokeCluster {
  return connectCluster({
    kubeconfig,
    context: undefined,
    environment: {},
    cancelled: never,
    mask: () => {},
    now: () => new Date(),
    sleep: (milliseconds) => sleep(milliseconds),
  });
}

/** The world of a job that asks a real cluster over a real network. */
export function makeWorld(access: SmokeCluster): SmokeWorld {
  const unused = (): never => {
    throw new Error("nobody asks for it here");
  };
  const say = (): void => {};
  return {
    log: { info: say, notice: say, warning: say, error: say, group: (_, work) => work() },
    cancelled: never,
    now: () => new Date(),
    monotonic: () => performance.now(),
    sleep: (milliseconds, until) => sleep(milliseconds, undefined, { signal: until }).catch(() => {}),
    mask: () => {},
    redact: (text) => text.replaceAll("hunter2", "***"),
    cluster: access,
    lastingCluster: access,
    readRefusal: (error) => (error instanceof KubeRefusal ? error : undefined),
    readReleases: unused,
    network: connectNetwork({ environment: {}, monotonic: () => performance.now(), cancelled: never }),
    nats: unused,
    runHelmTests: unused,
    exchange: unused,
  };
}

/** This machine's curl with its libraries, and a shell: busybox without a C library asks nobody by name. */
export async function writeCurlImage(folder: string, reference: string): Promise<string> {
  const { busybox } = needTools("busybox-static");
  const listed = execFileSync("ldd", ["/usr/bin/curl"], { encoding: "utf8" });
  const libraries = [...listed.matchAll(/(\/\S+) \(0x/g)].map(([, path = ""]) => path);
  const archive = join(folder, "curl.tar");
  await writeImageArchive(archive, {
    reference,
    files: {
      "bin/busybox": { from: busybox },
      ...Object.fromEntries(["/usr/bin/curl", ...libraries].map((path) => [path.slice(1), { from: path }])),
      "etc/mayfly-image": { text: randomBytes(8).toString("hex") },
    },
    links: { "bin/sh": "busybox", "bin/sleep": "busybox" },
    entrypoint: ["/bin/sh", "-c"],
    command: ["sleep infinity"],
  });
  return archive;
}

function labelled(name: string, image: string, script: string): object {
  const made = pod(name, image, script) as { readonly metadata: object };
  return { ...made, metadata: { ...made.metadata, labels: { app: name } } };
}

const service = (name: string, ports: readonly object[]): object => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name },
  spec: { selector: { app: name }, ports },
});

const WEB_PORTS = [
  { name: "http", port: 80, targetPort: 8080 },
  { name: "silent", port: 81, targetPort: 8081 },
];

/** What is asked, who asks, and a service account that may forward ports and not use the proxy. */
export function listObjects(
  namespace: string,
  images: { readonly web: string; readonly curl: string; readonly server: URL },
): readonly object[] {
  const { hostname, port } = images.server;
  const reads = {
    apiGroups: ["", "discovery.k8s.io"],
    resources: ["services", "endpointslices", "pods"],
    verbs: ["get", "list", "watch"],
  };
  return [
    labelled("web", images.web, WEB_SERVER),
    // The API server itself, as an application that speaks TLS.
    labelled("secure", images.web, `exec nc -ll -p 6443 -e nc ${hostname} ${port}`),
    pod("asks", images.curl),
    service("web", WEB_PORTS),
    service("secure", [{ name: "https", port: 443, targetPort: 6443 }]),
    service("empty", WEB_PORTS),
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "forwards" } },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "Role",
      metadata: { name: "forwards" },
      rules: [reads, { apiGroups: [""], resources: ["pods/portforward"], verbs: ["get", "create"] }],
    },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata: { name: "forwards" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "forwards" },
      subjects: [{ kind: "ServiceAccount", name: "forwards", namespace }],
    },
  ];
}
