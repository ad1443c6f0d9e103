import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAzure } from "../azure/azure.ts";
import { startProxy } from "../azure/proxy.ts";
import { addTeam } from "../azure/team.ts";
import { startBuildkitd } from "../image-tools/buildkitd.ts";
import { createBusyboxContext, INSTALL_BUSYBOX } from "../image-tools/busybox-context.ts";
import { needTools } from "../image-tools/need-tools.ts";
import { startRegistry } from "../image-tools/registry.ts";
import { type Measured, measure, measureCommand, medians, mustPass } from "./child.ts";
import type { Ledger } from "./ledger.ts";
import { jobEnvironment, type Stage } from "./stage.ts";

const ROUNDS = 5;
const MEGABYTE = 1_000_000;

/** Builds and pushes of the same context: ours against raw buildx, and the same content once more. */
export async function benchImages(stage: Stage, ledger: Ledger): Promise<void> {
  const { docker } = needTools("docker.io");
  const scratch = await mkdtemp(join(tmpdir(), "mayfly-bench-"));
  const azure = createAzure({ keepRequests: 100 });
  const team = addTeam(azure);
  await using proxy = await startProxy(azure);
  const loginServer = "mayfly.azurecr.io";
  const jwksFile = join(scratch, "jwks.json");
  await writeFile(jwksFile, JSON.stringify(azure.acr.jwks));
  const token = {
    realm: `https://${loginServer}/oauth2/token`,
    service: loginServer,
    issuer: "Azure Container Registry",
    jwksFile,
  };
  await using real = await startRegistry({ scratch, token });
  const registry = azure.acr.addRegistry({
    name: "mayfly",
    subscriptionId: team.subscriptionId,
    backend: { url: real.url },
  });
  team.assign("AcrPush", registry);
  await using buildkitd = await startBuildkitd({ scratch, proxyEnv: proxy.env });
  // 40 MB that cannot be compressed, and a step that works for a while, as builds do.
  const context = await createBusyboxContext({
    scratch,
    lines: [INSTALL_BUSYBOX, "COPY blob nonce /", "RUN sleep 8 && sha256sum /blob > /sum"],
  });
  await writeFile(join(context, "blob"), randomBytes(40 * MEGABYTE));

  const credentials = registry.credentials();
  const raw = JSON.parse(await readFile(join(buildkitd.env["DOCKER_CONFIG"] ?? "", "config.json"), "utf8"));
  const auth = Buffer.from(`${credentials.username}:${credentials.password}`).toString("base64");
  await writeFile(
    join(buildkitd.env["DOCKER_CONFIG"] ?? "", "config.json"),
    JSON.stringify({ ...raw, auths: { [loginServer]: { auth } } }),
  );
  const machine = { ...proxy.env, ...buildkitd.env, HOME: scratch };
  const fresh = (): Promise<void> => writeFile(join(context, "nonce"), randomBytes(16));
  const inputs = {
    "client-id": team.clientId,
    "tenant-id": team.tenantId,
    registry: loginServer,
    images: "team/app",
    tags: "bench",
    context,
  };
  const build = async (more: Readonly<Record<string, string>> = {}): Promise<Measured> => {
    const environment = await stage.environment({ ...inputs, ...more }, { ...machine, ...jobEnvironment(team) });
    return mustPass(await measure([stage.script("acr-build-push")], environment, stage.folder));
  };
  const times = await medians(ROUNDS, {
    raw: async () => {
      await fresh();
      const words = [
        "buildx",
        "build",
        "--progress=plain",
        "--push",
        "--tag",
        `${loginServer}/team/raw:bench`,
        context,
      ];
      return mustPass(await measureCommand(docker, words, { PATH: "/usr/bin:/bin", ...machine }, scratch));
    },
    ours: async () => {
      await fresh();
      return build();
    },
  });
  console.log(
    `      raw buildx build and push ${(times.raw / 1000).toFixed(2)} s, ours ${(times.ours / 1000).toFixed(2)} s`,
  );
  ledger.atMost("build and push of 40 MB, against raw buildx", times.ours / times.raw, 1.05, "x");

  const skip = { "skip-if-unchanged": "true" };
  await build(skip);
  const { again } = await medians(ROUNDS, { again: () => build(skip) });
  ledger.atMost("unchanged content", again, 1_000, "ms");
  await rm(scratch, { recursive: true, force: true });
}

/** A context of 200 MB on its way to ACR Tasks must not be held: its memory is that of a small one. */
export async function benchTasks(stage: Stage, ledger: Ledger): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), "mayfly-bench-"));
  const azure = createAzure({ keepRequests: 100 });
  const team = addTeam(azure);
  await using proxy = await startProxy(azure);
  const registry = azure.acr.addRegistry({ name: "mayfly", subscriptionId: team.subscriptionId });
  for (const role of ["Reader", "Container Registry Tasks Contributor"]) team.assign(role, registry);
  for (const role of ["AcrPush"]) team.assign(role, registry);
  team.assign("Reader", `/subscriptions/${team.subscriptionId}`);
  const upload = async (megabytes: number): Promise<Measured> => {
    const context = join(scratch, `context-${megabytes}`);
    await mkdir(context);
    await writeFile(join(context, "Dockerfile"), "FROM scratch\nCOPY . /\n");
    for (let n = 0; n < megabytes / 10; n += 1) await writeFile(join(context, `blob-${n}`), randomBytes(10 * MEGABYTE));
    const inputs = {
      "client-id": team.clientId,
      "tenant-id": team.tenantId,
      "subscription-id": team.subscriptionId,
      registry: "mayfly",
      images: "team/app",
      tags: `bench-${megabytes}`,
      builder: "acr-tasks",
      context,
    };
    const environment = await stage.environment(inputs, { ...proxy.env, ...jobEnvironment(team) });
    return mustPass(await measure([stage.script("acr-build-push")], environment, stage.folder));
  };
  const small = await upload(10);
  const large = await upload(200);
  console.log(
    `      10 MB: ${small.peakMegabytes.toFixed(0)} MB, ${small.milliseconds.toFixed(0)} ms; 200 MB: ${large.peakMegabytes.toFixed(0)} MB, ${large.milliseconds.toFixed(0)} ms`,
  );
  ledger.atMost(
    "memory for 200 MB to ACR Tasks, more than for 10 MB",
    large.peakMegabytes - small.peakMegabytes,
    100,
    "MB",
  );
  await rm(scratch, { recursive: true, force: true });
}
