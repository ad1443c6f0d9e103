// Usage: npm run cluster -- up [--addons dns,nats,keda] [--issuer <url>] | down | status
// A single-node Kubernetes on this machine, for tests and the demo. It stays until `down`. Where KUBECONFIG names a cluster, that one is
// used, and none is started.
import { parseArgs } from "node:util";
import { renderDuration } from "../../src/kit/duration.ts";
import { ADDONS, type Addon } from "./record.ts";
import { renderStatus } from "./render-status.ts";
import { stopNode } from "./start-cluster.ts";
import { startCluster } from "./test-cluster.ts";

const info = (line: string) => console.log(`cluster: ${line}`);
const started = performance.now();
const took = () => renderDuration(performance.now() - started);
try {
  await main();
} catch (error) {
  console.error(`cluster: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { addons: { type: "string", default: "dns" }, issuer: { type: "string" } },
    allowPositionals: true,
  });
  const [verb] = positionals;
  switch (verb) {
    case "up": {
      const { issuer } = values;
      const cluster = await startCluster({
        addons: parseAddons(values.addons),
        info,
        ...(issuer === undefined ? {} : { issuer }),
      });
      info(`${cluster.given ? "KUBECONFIG names one, so none is started" : "up"} (${took()}). To use it:`);
      console.log(`export KUBECONFIG=${cluster.kubeconfig}`);
      return;
    }
    case "down":
      return info((await stopNode({ info })) ? `gone (${took()})` : "there is none of ours");
    case "status":
      return console.log(await renderStatus());
    default:
      throw new Error("say what: npm run cluster -- up [--addons dns,nats,keda] [--issuer <url>] | down | status");
  }
}

function parseAddons(text: string): readonly Addon[] {
  const names = text.split(",").filter((name) => name !== "");
  const unknown = names.filter((name) => !(ADDONS as readonly string[]).includes(name));
  if (unknown.length > 0) throw new Error(`there is no add-on ${unknown.join(", ")}: there are ${ADDONS.join(", ")}`);
  return names as Addon[];
}
