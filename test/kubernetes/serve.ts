// Usage: node test/kubernetes/serve.ts <kubeconfig to write>
// A stand-in by hand, to which all succeeds: for a look at what kubectl or helm ask.
import { writeFileSync } from "node:fs";
import { createApiServer } from "./api-server.ts";
import { renderKubeconfig } from "./kubeconfig.ts";
import { playWillingKubelet } from "./willing-kubelet.ts";

const [, , path = "kubeconfig"] = process.argv;
const server = await createApiServer();
playWillingKubelet(server);
writeFileSync(path, renderKubeconfig(server), { mode: 0o600 });
console.log(`export KUBECONFIG=${path}`);
process.on("SIGINT", () => {
  for (const { method, path: asked, query, status } of server.requests) {
    console.log(status, method, asked, new URLSearchParams(query).toString());
  }
  process.exit();
});
