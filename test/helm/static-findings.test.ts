import { describe, expect, test } from "@jest/globals";
import { listImages } from "../../src/helm/images.ts";
import { comparePlan } from "../../src/helm/plan.ts";
import { listStaticFindings } from "../../src/helm/static-findings.ts";
import { deployment, objectsOf } from "./manifests.ts";

const PROBE = "readinessProbe: {httpGet: {path: /, port: 80}}";
const sound = deployment({ container: PROBE });
const job = (image: string): string =>
  `---\napiVersion: batch/v1\nkind: Job\nmetadata: {name: load}\nspec: {template: {spec: {containers: [{name: a, image: "${image}"}]}}}\n`;
const find = (after: string, before = after): readonly string[] => {
  const objects = objectsOf(after);
  return listStaticFindings({ objects, plan: comparePlan(objectsOf(before), objects) }).map(
    ({ severity, code, message }) => `${severity} ${code}: ${message}`,
  );
};

describe("manifests by themselves", () => {
  test("tell nothing where all is sound", () => {
    expect(find(sound)).toEqual([]);
  });

  test.each([
    [
      "a Job's pods",
      job("a:2"),
      job("a:1"),
      /immutable-field: Job\/load: spec\.template\S* can only be set once.*"a:1" → "a:2".*\n.*hook/,
    ],
    [
      "a selector",
      sound.replaceAll("app: api", "app: shop"),
      sound,
      /immutable-field: Deployment\/api: spec\.selector.*\n.*--cascade=orphan/,
    ],
  ])("tell of a change that %s cannot take", (_, after, before, words) => {
    expect(find(after, before)).toEqual([expect.stringMatching(words)]);
  });

  test.each(["{apiVersion: apps/v1, kind: Deployment, name: api}", "{name: api}"])(
    "tell of replicas that %s takes back",
    (target) => {
      const scaled = deployment({ container: PROBE, spec: "replicas: 2" });
      const scaler = `---\napiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: {name: a}\nspec: {scaleTargetRef: ${target}}\n`;
      expect(find(scaled + scaler)).toEqual([
        expect.stringMatching(/^warning replicas-scaled: Deployment\/api .*back to 2/),
      ]);
      expect(find(scaled)).toEqual([]);
      expect(find(sound + scaler)).toEqual([]);
    },
  );

  test("tell of a rollout that proves nothing", () => {
    expect(find(deployment({}))).toEqual([
      expect.stringMatching(/^warning readiness-unproven: Deployment\/api .*main has no/),
    ]);
  });

  test.each(["app", "app:latest", "localhost:5000/app", "ghcr.io/a/b:latest"])("tell of %s, which moves", (image) => {
    expect(find(deployment({ image, container: PROBE }))).toEqual([
      expect.stringContaining(`warning image-moving: Deployment/api runs ${image},`),
    ]);
  });

  test.each([`app@sha256:${"a".repeat(64)}`, "localhost:5000/app:1"])("tell nothing of %s", (image) => {
    expect(find(deployment({ image, container: PROBE }))).toEqual([]);
  });
});

describe("images", () => {
  test("are found wherever pods are made, each once, with its registry", () => {
    const pod = (image: string, rest = ""): string => `{spec: {containers: [{name: a, image: "${image}"}]${rest}}}`;
    const yaml = [
      deployment({ image: "mayfly.azurecr.io/app:1", pod: "initContainers: [{name: i, image: 'localhost/init:1'}]" }),
      `---\n{apiVersion: batch/v1, kind: CronJob, metadata: {name: c}, spec: {jobTemplate: {spec: {template: ${pod("busybox")}}}}}\n`,
      `---\n{apiVersion: keda.sh/v1alpha1, kind: ScaledJob, metadata: {name: s}, spec: {jobTargetRef: {template: ${pod("ghcr.io/a/b@sha256:1", ", imagePullSecrets: [{name: p}]")}}}}\n`,
      `---\n{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: ${pod("mayfly.azurecr.io/app:1").slice(7, -1)}}\n`,
    ].join("");
    expect(
      listImages(objectsOf(yaml).map(({ object }) => object)).map(({ image, host, subject, pullSecrets }) => [
        image,
        host,
        subject.kind,
        pullSecrets,
      ]),
    ).toEqual([
      ["localhost/init:1", "localhost", "Deployment", false],
      ["mayfly.azurecr.io/app:1", "mayfly.azurecr.io", "Deployment", false],
      ["busybox", "docker.io", "CronJob", false],
      ["ghcr.io/a/b@sha256:1", "ghcr.io", "ScaledJob", true],
    ]);
  });
});
