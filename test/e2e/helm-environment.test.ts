import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { type Deployed, type HelmScene, type Major, openHelmScene, REPOSITORY_ID } from "./helm-scene.ts";
import { hoursFromNow } from "./scene.ts";

jest.setTimeout(120_000);

let scene: HelmScene;
const made: string[] = [];
beforeAll(async () => {
  scene = await openHelmScene();
}, 120_000);
afterAll(async () => {
  // Only what a test that failed has left.
  if (made.length > 0)
    await scene.cluster.kubectl("delete", "namespace", ...made, "--ignore-not-found", "--wait=false");
  await scene[Symbol.asyncDispose]();
});

const SPEC = `apiVersion: mayfly/v1alpha1
kind: SmokeTest
metadata: { name: front }
spec:
  timeout: 60s
  steps:
    - name: page
      try:
        - http: { url: "\${url}/", status: 200, body: { contains: first } }
`;

const LABEL = "service.beta.kubernetes.io/azure-dns-label-name";

/** The shop behind a load balancer with a name in Azure's DNS. */
const values = (label: string) =>
  JSON.stringify({
    image: scene.image,
    extra: [
      {
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: "shop-public", annotations: { [LABEL]: label } },
        spec: {
          type: "LoadBalancer",
          selector: { "app.kubernetes.io/instance": "shop" },
          ports: [{ port: 80, targetPort: 8080 }],
        },
      },
    ],
  });

/** What a runner gets at an address: it has no other DNS than the emulator's. */
async function ask(url: string): Promise<string> {
  const { stdout } = await promisify(execFile)(
    "curl",
    ["--silent", "--max-time", "10", "--write-out", " %{http_code}", url],
    {
      env: { ...scene.proxy.env, ...scene.proxy.webEnv },
    },
  );
  return stdout.trim();
}

describe.each<Major>([4, 3])("an environment in a namespace of a shared cluster, with helm %d", (major) => {
  const label = (): string => `shop-${major}-${scene.image.tag}`;
  const url = (): string => `http://${label()}.westeurope.cloudapp.azure.com`;
  const namespace = (): string => `hd-${scene.image.tag}-env-${major}`;
  const environment = `pr-1${major}`;
  const ends = { first: hoursFromNow(2), later: hoursFromNow(5) };
  let deployed: Deployed;
  let uid: string;

  const job = async () => ({
    major,
    workspace: await scene.workspace({ "smoke/front.yaml": SPEC }),
    env: { KUBECONFIG: scene.cluster.kubeconfig, ...scene.proxy.webEnv },
  });
  const deploy = async (expiresAt: string) =>
    scene.deploy(
      namespace(),
      {
        environment,
        "expires-at": expiresAt,
        "values-yaml": values(label()),
        "namespace-quota": "{pods: '5', limits.memory: 1Gi}",
        "namespace-limits": "Container: {default: {memory: 64Mi}}",
        smoke: "smoke/*.yaml",
      },
      await job(),
    );
  const uninstall = async () => {
    const inputs = { command: "uninstall", chart: "", "values-yaml": "", environment, "delete-namespace": true };
    return scene.deploy(namespace(), inputs, await job());
  };
  const readMetadata = async () => {
    const { metadata } = (await scene.read("default", "namespace", namespace())) as {
      readonly metadata: {
        readonly uid: string;
        readonly labels: object;
        readonly annotations: Record<string, string>;
      };
    };
    return metadata;
  };

  beforeAll(async () => {
    made.push(namespace());
    deployed = await deploy(ends.first);
  }, 120_000);

  test("is reached at its name in Azure's DNS, which the smoke test has asked", async () => {
    expect([deployed.says, deployed.errors]).toEqual(["", []]);
    expect(deployed.outputs).toMatchObject({ status: "deployed", url: url(), "expires-at": ends.first });
    expect(await ask(url())).toBe("first\n 200");
    const asked = scene.azure.traffic.find({ host: new URL(url()).hostname });
    expect(asked.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(2);
    expect(deployed.summary).toContain(url());
  });

  test("has its marks, its end and its limits", async () => {
    const metadata = await readMetadata();
    uid = metadata.uid;
    expect(metadata.labels).toMatchObject({
      "auto-destroy": "true",
      "mayfly-environment": environment,
      "mayfly-repository-id": REPOSITORY_ID,
    });
    expect(metadata.annotations).toMatchObject({ "expires-at": ends.first, "mayfly-repository": "octo/shop" });
    const [pod = ""] = await scene.pods(namespace());
    // The quota lets no pod in that says nothing of memory: the LimitRange says it.
    const limit = ["get", "pod", pod, "-n", namespace(), "-o=jsonpath={.spec.containers[0].resources.limits.memory}"];
    expect(await scene.cluster.kubectl(...limit)).toBe("64Mi");
  });

  test("ends later after the next deployment", async () => {
    const again = await deploy(ends.later);
    expect([again.says, again.outputs["expires-at"], again.outputs["url"]]).toEqual(["", ends.later, url()]);
    expect(await readMetadata()).toMatchObject({ uid, annotations: { "expires-at": ends.later } });
  });

  test("goes with its release; nobody has its name then, and to take it away again is fine", async () => {
    const gone = await uninstall();
    expect([gone.says, gone.outputs["status"], gone.outputs["namespace-deleted"]]).toEqual(["", "uninstalled", "true"]);
    expect(await scene.cluster.kubectl("get", "namespace", namespace(), "--ignore-not-found", "-o", "name")).toBe("");
    expect(await ask(url())).toBe("502");
    const again = await uninstall();
    expect([again.says, again.outputs["status"]]).toEqual(["", "uninstalled"]);
  });
});

test("a namespace that somebody has made is neither marked nor deleted, and keeps what no run of ours has put there", async () => {
  const namespace = await scene.space("theirs");
  const mine = { environment: "pr-12", "expires-at": hoursFromNow(2) };
  const refused = await scene.deploy(namespace, mine);
  expect(refused.outputs).toMatchObject({ status: "failed", "error-code": "namespace-not-ours" });

  const takeAway = () =>
    scene.deploy(namespace, {
      ...{ command: "uninstall", chart: "", environment: "pr-12", "delete-namespace": true },
    });
  await scene.install(namespace);
  const theirs = await takeAway();
  expect(theirs.outputs["error-code"]).toBe("namespace-not-ours");
  expect(await scene.pods(namespace)).not.toEqual([]);

  expect((await scene.deploy(namespace, {})).says).toBe("");
  const ours = await takeAway();
  expect([ours.says, ours.outputs["namespace-deleted"]]).toEqual(["", "false"]);
  expect(await scene.pods(namespace)).toEqual([]);
  expect(await scene.cluster.kubectl("get", "namespace", namespace, "-o=jsonpath={.status.phase}")).toBe("Active");
});
