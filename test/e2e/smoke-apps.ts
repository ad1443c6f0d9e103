import { join } from "node:path";
import { repositoryRoot } from "./scene.ts";

export type AppName = "web" | "queue-workers" | "metrics-agent";

/** What a spec of the examples is for: a chart of the tests, with the values that make it what the spec describes. */
export interface App {
  readonly name: AppName;
  readonly chart: string;
  readonly spec: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** A web server that also says which build it is. */
export const WEB_SCRIPT = [
  "mkdir -p /www",
  "echo '.json:application/json' >/etc/httpd.conf",
  `echo '{"status":"ok","version":"1.0"}' >/www/status.json`,
  'echo "$PAGE" >/www/index.html',
  "echo serving",
  "exec httpd -f -p 8080 -h /www -c /etc/httpd.conf",
].join("\n");

const describeApp = (name: AppName, chart: string, values: App["values"] = {}): App => ({
  name,
  chart: join(repositoryRoot, "test/charts", chart),
  spec: join(repositoryRoot, "examples/smoke-tests", `${name}.yaml`),
  values,
});

export const APPS: Readonly<Record<AppName, App>> = {
  web: describeApp("web", "shop", { script: WEB_SCRIPT }),
  "queue-workers": describeApp("queue-workers", "queue-workers"),
  "metrics-agent": describeApp("metrics-agent", "metrics-agent"),
};
