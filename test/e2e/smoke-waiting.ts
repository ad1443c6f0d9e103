// biome-ignore-all lint/suspicious/noTemplateCurlyInString: as specs have it.
/** A web server with a page that never comes, as a script of the chart. */
export const WAITING_APP = [
  "mkdir -p /www/cgi-bin",
  'echo "$PAGE" >/www/index.html',
  "printf '#!/bin/sh\\nexec sleep 600\\n' >/www/cgi-bin/slow",
  "chmod +x /www/cgi-bin/slow",
  "exec httpd -f -p 8080 -h /www",
].join("; ");

const SLOW = "service://shop:80/cgi-bin/slow";

/**
 * One step that waits in every way that there is and clears up behind itself, and one that is never begun. It takes the
 * variables `mark`, a ConfigMap that is there, and `seconds`, by which the command is known on this machine.
 */
export const WAITING_SPEC = JSON.stringify({
  apiVersion: "mayfly/v1alpha1",
  kind: "SmokeTest",
  metadata: { name: "waits" },
  spec: {
    timeout: "5m",
    steps: [
      {
        name: "waits",
        try: [
          { name: "is there", resources: { apiVersion: "v1", kind: "ConfigMap", name: "${mark}", exists: true } },
          {
            parallel: [
              { name: "command", exec: { workload: "deployment/shop", command: ["sleep", "${seconds}"] } },
              { name: "forwarded", http: { url: SLOW, route: "port-forward", status: 200 } },
              { name: "proxied", http: { url: SLOW, route: "proxy", status: 200 } },
              { name: "watched", resources: { apiVersion: "v1", kind: "ConfigMap", name: "never", exists: true } },
              { name: "logged", logs: { workload: "deployment/shop", contains: "never" } },
            ],
          },
          { name: "after", tcp: { address: "service://shop:80" } },
        ],
        finally: [
          { delete: { apiVersion: "v1", kind: "ConfigMap", name: "${mark}" } },
          { name: "still answers", http: { url: "service://shop:80/", status: 200 } },
        ],
      },
      {
        name: "later",
        try: [{ name: "later", tcp: { address: "service://shop:80" } }],
        finally: [{ delete: { apiVersion: "v1", kind: "ConfigMap", name: "${mark}-later" } }],
      },
    ],
  },
});
