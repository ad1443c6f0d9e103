import { describe, expect, test } from "@jest/globals";
import { act as deploy } from "../helm-deploy/act.ts";
import { createScene, type Scene } from "../helm-deploy/fake-world.ts";
import { networkFault } from "../smoke/fake/network.ts";
import { act } from "./fake-world.ts";

/** A spec with steps, each of which asks an address for 200. */
function spec(name: string, ...steps: readonly (readonly [name: string, url: string, more?: string])[]): string {
  return [
    "apiVersion: mayfly/v1alpha1",
    "kind: SmokeTest",
    `metadata: { name: ${name} }`,
    "spec:",
    "  steps:",
    ...steps.flatMap(([step, url, more = ""]) => [
      `    - name: ${step}`,
      "      try:",
      `        - http: { url: "${url}", status: 200 }`,
      ...(more === "" ? [] : [`          ${more}`]),
    ]),
    "",
  ].join("\n");
}

function openScene(answer: (url: string) => number = () => 200): Scene {
  const scene = createScene();
  scene.smoke.network.answers.http = ({ url }) => ({ status: answer(url) });
  return scene;
}

const WEB = spec("web", ["front", "https://shop.example/"], ["health", "https://shop.example/healthz"]);

describe("a smoke test that passes", () => {
  test("tells how much was looked at, and writes its reports", async () => {
    const scene = openScene();
    scene.smoke.specs.set("smoke/web.yaml", WEB);
    const done = await act(scene);

    expect([done.code, done.message]).toEqual(["", ""]);
    expect(done.outputs).toMatchObject({
      passed: 2,
      failed: 0,
      skipped: 0,
      "cold-start-ms": undefined,
      "rolled-back-to": undefined,
      "junit-path": "/reports/smoke.xml",
      "report-path": "/reports/smoke.json",
    });
    expect(done.outputs.slowest).toMatch(/^(front|health): http https:\/\/shop\.example/);
    expect(JSON.parse(done.world.reports.get("smoke.json") ?? "")).toMatchObject({ outcome: "passed", passed: 2 });
    expect(done.world.reports.get("smoke.xml")).toContain('<testsuite name="web" tests="2" failures="0"');
    expect(done.summary).toMatch(/^### Smoke test: ✅ 2 checks passed/);
    expect(done.world.helmOpened).toBe(false);
    expect(scene.smoke.ended).toBe(1);
  });

  test("takes each file once, however many globs name it", async () => {
    const scene = openScene();
    scene.smoke.specs.set("smoke/web.yaml", WEB);
    scene.smoke.specs.set("smoke/other.yaml", spec("other", ["one", "https://other.example/"]));
    const done = await act(scene, { spec: "smoke/*.yaml\nsmoke/web.yaml" });

    expect(done.outputs.passed).toBe(3);
    expect(scene.smoke.network.asked.http).toHaveLength(3);
  });

  test("knows variables, outputs of terraform, the release and the run by their names", async () => {
    const scene = openScene();
    await deploy(scene);
    const url = "https://${host}.${terraform.zone}/${release.name}/${release.revision}/${run.id}/${run.unique}";
    scene.smoke.specs.set("smoke/web.yaml", spec("web", ["front", url]));
    const done = await act(scene, {
      release: "shop",
      variables: "host=shop",
      "terraform-outputs": JSON.stringify({ zone: "example", count: 3 }),
    });

    expect(done.message).toBe("");
    expect(scene.smoke.network.asked.http.map((one) => one.url)).toEqual([
      "https://shop.example/shop/1/100/run-100-1-u1",
    ]);
    expect(done.summary).toMatch(/^### Smoke test of `shop` revision 1: ✅/);
  });

  test("takes only the steps with a tag", async () => {
    const scene = openScene();
    const tagged = WEB.replace("- name: health", "- name: health\n      tags: [fast]");
    scene.smoke.specs.set("smoke/web.yaml", tagged);
    const done = await act(scene, { only: "fast" });

    expect(scene.smoke.network.asked.http.map((one) => one.url)).toEqual(["https://shop.example/healthz"]);
    expect(done.outputs).toMatchObject({ passed: 1, failed: 0 });
  });
});

describe("a smoke test that fails", () => {
  test("says what was seen, at the line of the spec, and still writes its reports", async () => {
    const scene = openScene((url) => (url.endsWith("healthz") ? 503 : 200));
    scene.smoke.specs.set("smoke/web.yaml", WEB);
    const done = await act(scene, { "check-timeout": "30s" });

    expect(done.code).toBe("smoke-failed");
    expect(done.message).toMatch(
      /^1 check of the smoke test failed \(1 passed\):\n- health: http https:\/\/shop\.example\/healthz \(smoke\/web\.yaml:11\): expected .*200.*; seen: .*503/,
    );
    expect(done.annotations.filter(({ level }) => level === "error")).toEqual([
      {
        level: "error",
        message: expect.stringMatching(/^http .*: expected .*200.*; seen: .*503.* \(\d+ looks in 30\.\d s\)$/),
        place: { title: "web: health", file: "smoke/web.yaml", line: 11 },
      },
    ]);
    expect(done.outputs).toMatchObject({ passed: 1, failed: 1 });
    expect(JSON.parse(done.world.reports.get("smoke.json") ?? "")).toMatchObject({ outcome: "failed", failed: 1 });
    expect(done.world.reports.get("smoke.xml")).toContain("<failure ");
    expect(done.summary).toMatch(/^### Smoke test: ❌ 1 of 2 checks failed/);
    expect(done.tookMs).toBeGreaterThanOrEqual(30_000);
  });

  test("only warns of a check that is optional", async () => {
    const scene = openScene(() => 503);
    scene.smoke.specs.set("smoke/web.yaml", spec("web", ["front", "https://shop.example/", "optional: true"]));
    const done = await act(scene, { "check-timeout": "5s" });

    expect(done.code).toBe("");
    expect(done.outputs).toMatchObject({ passed: 0, failed: 0 });
    expect(done.annotations.map(({ level, place }) => [level, place])).toEqual([
      ["warning", { title: "web: front", file: "smoke/web.yaml", line: expect.any(Number) }],
    ]);
    expect(done.summary).toContain("⚠️");
  });

  test("prints no secret, wherever it stands", async () => {
    const scene = openScene();
    const secret = 'se"same-<open>&';
    scene.smoke.network.answers.http = () => {
      throw networkFault("other", `no such user ${secret}`);
    };
    scene.smoke.specs.set("smoke/web.yaml", WEB);
    const done = await act(scene, { "check-timeout": "5s" }, { prepare: (world) => world.deploy.mask(secret) });

    const said = [
      done.summary,
      ...done.world.reports.values(),
      JSON.stringify(done.annotations),
      JSON.stringify(done.outputs),
    ].join("\n");
    expect(done.code).toBe("smoke-failed");
    expect(said).not.toMatch(/se.{0,6}same-/);
  });

  test("gives up, once the job is cancelled, and still writes what was done", async () => {
    const scene = openScene((url) => (url.endsWith("healthz") ? 503 : 200));
    scene.smoke.specs.set("smoke/web.yaml", WEB);
    const done = await act(scene, {}, { prepare: (world) => scene.time.after(10_000, () => world.deploy.cancel()) });

    expect(done.code).toBe("cancelled");
    expect(done.tookMs).toBeLessThan(20_000);
    expect(JSON.parse(done.world.reports.get("smoke.json") ?? "")).toMatchObject({ passed: 1 });
    expect(done.summary).toMatch(/^### Smoke test: 🚫 cancelled/);
  });
});

describe("what cannot be begun", () => {
  test("a glob that names no file is an error, and nothing is asked", async () => {
    const scene = openScene();
    scene.smoke.specs.set("smoke/web.yaml", WEB);
    const done = await act(scene, { spec: "smoke/web.yaml\nsmok/*.yaml" });

    expect(done.code).toBe("smoke-spec-missing");
    expect(done.message).toContain("smok/*.yaml");
    expect(scene.smoke.network.asked.http).toEqual([]);
  });

  test("all that is wrong with all specs is told at once, each at its line", async () => {
    const scene = openScene();
    scene.smoke.specs.set("smoke/a.yaml", WEB.replace("status: 200", "stauts: 200"));
    scene.smoke.specs.set("smoke/b.yaml", spec("b", ["front", "https://${hots}.example/"]));
    const done = await act(scene, { variables: "host=shop" });

    expect(done.code).toBe("smoke-spec-invalid");
    expect(done.message).toMatch(/smoke\/a\.yaml:8:\d+: .*stauts/);
    expect(done.message).toMatch(/smoke\/b\.yaml:8:\d+: .*hots/);
    expect(done.annotations.map(({ place }) => place)).toEqual([
      expect.objectContaining({ file: "smoke/a.yaml", line: 8 }),
      expect.objectContaining({ file: "smoke/b.yaml", line: 8 }),
    ]);
    expect(scene.smoke.network.asked.http).toEqual([]);
  });

  test("two specs of one name cannot be told apart", async () => {
    const scene = openScene();
    scene.smoke.specs.set("smoke/a.yaml", WEB);
    scene.smoke.specs.set("smoke/b.yaml", WEB);
    const done = await act(scene);

    expect([done.code, done.message]).toEqual([
      "smoke-spec-invalid",
      expect.stringContaining('smoke/b.yaml:1:1: metadata.name: "web" is the name of the spec in smoke/a.yaml, too'),
    ]);
  });

  test("a release that is not there is an error", async () => {
    const scene = openScene();
    scene.smoke.specs.set("smoke/web.yaml", WEB);
    const done = await act(scene, { release: "shop" });

    expect(done.code).toBe("release-not-found");
    expect(done.message).toContain("There is no release shop in the namespace pr-12.");
  });

  test("a release needs a cluster", async () => {
    const scene = openScene();
    scene.smoke.specs.set("smoke/web.yaml", WEB);
    const done = await act(scene, { release: "shop" }, { noCluster: true });

    expect(done.code).toBe("smoke-needs-cluster");
  });

  test("addresses need none", async () => {
    const scene = openScene();
    scene.smoke.specs.set("smoke/web.yaml", WEB);
    const done = await act(scene, { namespace: "" }, { noCluster: true });

    expect([done.code, done.outputs.passed]).toEqual(["", 2]);
  });

  test.each([
    [{ variables: "run=1" }, 'variables: "run" has a meaning of its own'],
    [{ variables: "my-host=1" }, 'variables: expected names of letters, digits and _, got "my-host"'],
    [{ "terraform-outputs": "[1]" }, "terraform-outputs: expected a JSON object"],
    [{ "terraform-outputs": "url=x" }, "terraform-outputs: expected a JSON object"],
    [{ only: "fast", skip: "fast" }, "skip: expected other tags than in only, got fast"],
    [{ "on-failure": "rollback" }, "release: expected the release that goes back"],
  ])("%j is refused", async (given, said) => {
    const scene = openScene();
    scene.smoke.specs.set("smoke/web.yaml", WEB);
    const done = await act(scene, given);

    expect([done.code, done.message]).toEqual(["bad-input", expect.stringContaining(said)]);
  });
});
