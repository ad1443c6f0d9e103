/** A pod of one container that runs a script. */
export function pod(name: string, image: string, script = "sleep infinity"): object {
  const containers = [{ name: "main", image, args: [script] }];
  return { apiVersion: "v1", kind: "Pod", metadata: { name }, spec: { containers, terminationGracePeriodSeconds: 0 } };
}

/** Two replicas of a web server that answers its own name, and a Service before them. */
export function webServer(image: string): readonly object[] {
  const labels = { app: "web" };
  const serve = "mkdir /www; hostname >/www/index.html; echo serving; exec httpd -f -p 8080 -h /www";
  const containers = [
    {
      name: "main",
      image: image,
      args: [serve],
      readinessProbe: { httpGet: { port: 8080, path: "/" }, periodSeconds: 1 },
    },
  ];
  return [
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web" },
      spec: {
        replicas: 2,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers } },
      },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "web" },
      spec: { selector: labels, ports: [{ port: 80, targetPort: 8080 }] },
    },
  ];
}
