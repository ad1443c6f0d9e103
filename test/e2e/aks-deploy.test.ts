import { mkdtemp, rename } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { AcrRegistry } from "../azure/acr/acr.ts";
import { type AddedCluster, addCluster } from "../azure/aks/add-cluster.ts";
import type { Json } from "../azure/wire.ts";
import { writeBusyboxImage } from "../cluster/images/busybox-image.ts";
import type { Step, StepResult } from "../runner/job.ts";
import { type Deployed, type HelmScene, openHelmScene } from "./helm-scene.ts";
import { inLanes } from "./lanes.ts";
import { login } from "./scene.ts";

jest.setTimeout(180_000);

let scene: HelmScene;
beforeAll(async () => {
  scene = await openHelmScene();
  scene.team.assign("AcrPush", scene.registry);
  scene.team.assign("AcrPull", scene.foreign);
}, 120_000);
afterAll(async () => scene[Symbol.asyncDispose]());

/** The kubeconfig comes from the job's own steps here, and from nowhere else. */
const BARE = { env: {} } as const;

/** The step `cluster`: the way to the scene's cluster, or to another. */
function setContext(inputs: Step["with"] = {}, { id }: Pick<AddedCluster, "id"> = scene.aks): Step {
  const [group = "", name = ""] = [id.split("/")[4], id.split("/")[8]];
  const place = { cluster: name, "resource-group": group };
  return { id: "cluster", uses: "$/actions/aks-set-context", with: { ...place, "access-timeout": "0s", ...inputs } };
}

/** A namespace in which the team's identity may work, by its object id, as the guide says. */
async function openSpace(name: string, clusterRole = "edit"): Promise<string> {
  const namespace = await scene.space(name);
  const who = `--user=${scene.team.principal.objectId}`;
  await scene.cluster.kubectl("create", "rolebinding", "mayfly", `--clusterrole=${clusterRole}`, who, "-n", namespace);
  return namespace;
}

/** Values that make the chart take what was pushed. */
async function pushedTo(registry: AcrRegistry): Promise<string> {
  return JSON.stringify({ image: { repository: await scene.push(registry, "team/shop", "1"), tag: "1" } });
}

const stage = ({ steps }: Deployed, id: string): StepResult | undefined =>
  steps.find((one) => one.id === id && one.stage === "main");

describe("a job from an image to pods on AKS", () => {
  let namespace: string;
  let job: Deployed;

  beforeAll(async () => {
    namespace = await openSpace("whole");
    const workspace = await scene.workspace();
    const packed = await mkdtemp(join(scene.scratch, "packed-"));
    await rename(await writeBusyboxImage(packed, "shop:1"), join(workspace, "image.tar"));
    job = await scene.deploy(
      namespace,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub's
      { images: "${{ steps.images.outputs.images }}", "image-values": "web: image", "values-yaml": "page: from ACR" },
      {
        ...BARE,
        workspace,
        before: [
          login(scene.team),
          {
            id: "build",
            uses: "$/actions/acr-build-push",
            with: {
              registry: scene.registry.loginServer,
              name: "web",
              images: "team/web",
              tags: "v1",
              from: "image.tar",
            },
          },
          {
            id: "images",
            // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub's
            env: { FILE: "${{ steps.build.outputs.image-file }}" },
            run: 'echo "images=$(cat "$FILE")" >>"$GITHUB_OUTPUT"',
          },
          setContext({ namespace }),
        ],
        after: [
          {
            id: "look",
            run: [
              "kubectl get pods --output name",
              "kubectl auth whoami --output jsonpath={.status.userInfo.username}; echo",
              "kubectl auth can-i list pods --namespace default || true",
              "helm list --short",
              'echo "token: $(kubectl config view --raw --output jsonpath={.users[*].user.token})"',
            ].join("\n"),
          },
        ],
      },
    );
  }, 120_000);

  test("ends well, and what it deployed answers", async () => {
    expect(job.annotations.filter(({ level }) => level !== "notice")).toEqual([]);
    expect(job.conclusion).toBe("success");
    expect(await scene.page(namespace)).toBe("from ACR");
    expect(await scene.history(namespace)).toEqual(["1 deployed"]);
  });

  test("runs the digest that was pushed, which the kubelet pulled with its own identity", async () => {
    const digest = stage(job, "build")?.outputs["digest"] ?? "";
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(Object.values(JSON.parse(job.outputs["image-digests"] ?? ""))).toEqual([digest]);
    const image = `${scene.registry.loginServer}/team/web@${digest}`;
    const ofPod = "jsonpath={.items[*].spec.containers[*].image}";
    expect(await scene.cluster.kubectl("get", "pods", "-n", namespace, "-o", ofPod)).toBe(image);
    const pulled = ["--field-selector=reason=Pulled", "-o=jsonpath={.items[*].message}"];
    expect(await scene.cluster.kubectl("get", "events", "-n", namespace, ...pulled)).toContain(
      `Successfully pulled image "${image}"`,
    );
    const { loginServer: host } = scene.registry;
    const shown = scene.azure.traffic.find({ method: "GET", host, path: `/v2/team/web/manifests/${digest}` });
    expect(shown.map(({ headers }) => headers["user-agent"] ?? "").join()).toContain("containerd/");
  });

  test("says what later steps go by", () => {
    expect(stage(job, "cluster")?.outputs).toMatchObject({
      server: expect.stringContaining(`https://${scene.aks.fqdn}`),
      "kubernetes-version": expect.stringMatching(/^1\.36\./),
      "cluster-id": scene.aks.id,
      "kubelet-object-id": scene.aks.kubelet.objectId,
      auth: "aad-rbac",
      route: "direct",
    });
    expect(job.outputs).toMatchObject({
      status: "deployed",
      release: "shop",
      namespace,
      revision: "1",
      changed: "true",
      "chart-version": "0.1.0",
      "app-version": "1.0",
    });
    expect(job.outputs["error-code"] ?? "").toBe("");
  });

  test("gets to the API server by its name in Azure, as nobody but its own identity", () => {
    const tunnels = scene.azure.traffic.find({ method: "CONNECT", host: scene.aks.fqdn });
    expect(new Set(tunnels.map(({ status }) => status))).toEqual(new Set([200]));
    const [pod, who, elsewhere, release, token] =
      stage(job, "look")
        ?.log.filter(({ kind }) => kind === "plain")
        .map(({ text }) => text)
        .slice(-5) ?? [];
    expect(pod).toMatch(/^pod\/shop-/);
    expect([who, elsewhere, release]).toEqual([scene.team.principal.objectId, "no", "shop"]);
    expect(token).toBe("token: ");
  });

  test("leaves no kubeconfig and no token behind", () => {
    const kubeconfig = stage(job, "cluster")?.outputs["kubeconfig"] ?? "";
    const folder = kubeconfig.split("/").at(-2) ?? "";
    expect(folder).toMatch(/^mayfly-aks-/);
    expect([...job.left.keys()].filter((path) => path.startsWith("mayfly-aks-"))).toEqual([]);
    expect(job.steps.filter((one) => one.stage === "post").map(({ id, exitCode }) => `${id}: ${exitCode}`)).toEqual([
      "deploy: 0",
      "cluster: 0",
      "build: 0",
      "login: 0",
    ]);
    expect(job.orphans).toEqual([]);
  });
});

describe("nodes without AcrPull", () => {
  let values: string;
  beforeAll(async () => {
    values = await pushedTo(scene.foreign);
  });
  const deploy = async (name: string, inputs: Step["with"]) => {
    const namespace = await openSpace(name);
    const before = [login(scene.team), setContext({ namespace })];
    return { namespace, job: await scene.deploy(namespace, { "values-yaml": values, ...inputs }, { ...BARE, before }) };
  };

  test("are told before anything is changed, with the line that gives it", async () => {
    const { namespace, job } = await deploy("no-pull", {});
    expect(job.outputs["error-code"]).toBe("pull-right-missing");
    const [message = ""] = job.errors.map((one) => one.message);
    expect(message).toContain("Nothing was changed.");
    expect(message).toContain(
      `az role assignment create --assignee-object-id ${scene.aks.kubelet.objectId} --assignee-principal-type ServicePrincipal --role AcrPull --scope ${scene.foreign.id}`,
    );
    expect(await scene.cluster.kubectl("get", "all,secrets", "-n", namespace, "-o", "name")).toBe("");
  });

  test("are what the watcher finds, where nobody looked before", async () => {
    const { namespace, job } = await deploy("denied", { preflight: "none" });
    expect(job.outputs).toMatchObject({
      "error-code": "rollout-failed",
      "cause-code": "image-pull/denied",
      status: "failed",
    });
    expect(job.says).toContain(`${scene.foreign.loginServer}/team/shop`);
    expect(job.errors[0]?.message).toContain("AcrPull");
    // A first install stays, for a look.
    expect(await scene.history(namespace)).toEqual(["1 failed"]);
    expect(job.outputs["rolled-back-to"] ?? "").toBe("");
  });
});

test.each([
  ["nothing at all", undefined],
  ["only look", "view"],
])("an identity that may do %s in the namespace gets the Role that it lacks", async (_, role) => {
  const name = `norole-${role ?? "none"}`;
  const namespace = role === undefined ? await scene.space(name) : await openSpace(name, role);
  const before = [login(scene.team), setContext({ namespace })];
  const job = await scene.deploy(namespace, {}, { ...BARE, before });
  expect(job.outputs["error-code"]).toBe("cluster-access-missing");
  const [message = ""] = job.errors.map((one) => one.message);
  expect(message).toContain("Nothing was changed.");
  expect(message).toContain(`metadata: { name: mayfly-deploy, namespace: ${namespace} }`);
  expect(message).toContain('resources: ["secrets"]');
  expect(await scene.cluster.kubectl("get", "all,secrets", "-n", namespace, "-o", "name")).toBe("");
});

describe("a cluster without a way to it", () => {
  interface NoWay {
    readonly name: string;
    readonly properties: Json;
    readonly route?: string;
    readonly arrange?: (id: string) => void;
    readonly code: string;
    readonly says: readonly string[];
  }
  const CASES: readonly NoWay[] = [
    {
      name: "stopped",
      properties: {},
      arrange: (id) => scene.azure.aks.setPower(id, "Stopped"),
      code: "cluster-stopped",
      says: ["az aks start"],
    },
    {
      name: "private",
      properties: { apiServerAccessProfile: { enablePrivateCluster: true, disableRunCommand: true } },
      code: "cluster-private",
      says: ["--enable-run-command", "self-hosted runner"],
    },
    {
      name: "ranges",
      properties: { apiServerAccessProfile: { authorizedIPRanges: ["198.51.100.0/24"] } },
      route: "direct",
      code: "runner-not-authorized",
      says: ["198.51.100.0/24", "--api-server-authorized-ip-ranges"],
    },
  ];
  const jobs = new Map<string, Deployed>();
  beforeAll(async () => {
    await inLanes(CASES, 2, async ({ name, properties, route = "auto", arrange }) => {
      const cluster = addCluster(scene.azure, { subscriptionId: scene.team.subscriptionId, name, properties });
      scene.team.assign("Azure Kubernetes Service Cluster User Role", cluster.id);
      arrange?.(cluster.id);
      const before = [login(scene.team), setContext({ route }, cluster)];
      jobs.set(name, await scene.deploy(`no-way-${name}`, {}, { ...BARE, before }));
    });
  }, 120_000);

  test.each(CASES)("is told by its code: $name", ({ name, code, says }) => {
    const job = jobs.get(name);
    const step = job === undefined ? undefined : stage(job, "cluster");
    expect(step?.outputs["error-code"]).toBe(code);
    const messages = job?.annotations.filter(({ level }) => level === "error").map(({ message }) => message) ?? [];
    expect(messages).toHaveLength(1);
    for (const words of says) expect(messages[0]).toContain(words);
    expect(job?.main.conclusion).toBe("skipped");
    expect(job?.env["KUBECONFIG"]).toBeUndefined();
  });
});
