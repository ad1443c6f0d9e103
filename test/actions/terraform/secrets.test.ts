import { describe, expect, test } from "@jest/globals";
import { act, actIn, type Outcome, post } from "./act.ts";
import { createFakeWorld, type Scene, STATE } from "./fake-world.ts";
import { TOKEN } from "./inputs.ts";
import { createShop, PASSWORD, SHOP } from "./shop.ts";

/** Whatever people, other steps and other processes can read of a run. */
function listReadable({ world, log, summary, comment, outputs, named, message }: Outcome, scene: Scene): string {
  const argv = scene.terraform.calls.flatMap(({ parameters }) => parameters);
  const environments = scene.terraform.calls.map(({ environment }) => JSON.stringify(environment));
  const writes = scene.github.writes.map(({ body }) => body);
  return [
    ...[log, summary, comment, message, JSON.stringify([outputs, named]), ...argv, ...environments, ...writes],
    ...world.records,
    ...world.annotations.map((one) => JSON.stringify(one)),
  ].join("\n");
}

const FAILURE = {
  summary: "local-exec provisioner error",
  detail: `Error running command 'login --password ${PASSWORD}': exit status 1. Output: denied`,
  range: { filename: "main.tf", line: 3 },
  snippetValue: PASSWORD,
};

describe("a secret stands nowhere", () => {
  test("one of secret-variables, in a run that goes well", async () => {
    const scene = createShop();
    const outcome = await act(scene, { "secret-variables": `password: ${PASSWORD}` });

    expect(outcome.code).toBe("");
    expect(outcome.outputs["outputs"]).not.toContain("password");
    expect(listReadable(outcome, scene)).not.toContain(PASSWORD);
  });

  test("and it reaches terraform by a file", async () => {
    const scene = createShop();
    await act(scene, { "secret-variables": `password: ${PASSWORD}` });

    expect(scene.store.blobs.get("mayfly/4711/pr-12.tfstate")?.bytes.toString("utf8")).toContain(PASSWORD);
  });

  test.each(["init", "plan", "apply.terraform_data.app", "output"])(
    "when %s fails with it in its words",
    async (point) => {
      const scene = createShop();
      scene.terraform.fail(point, FAILURE);
      const command = point === "output" ? "output" : "apply";

      const outcome = await act(scene, { command, "secret-variables": `password: ${PASSWORD}` });

      expect(outcome.code).not.toBe("");
      expect(outcome.log + outcome.message).toContain("provisioner error");
      expect(listReadable(outcome, scene)).not.toContain(PASSWORD);
    },
  );

  test.each([
    ["the input variables", { variables: `password: ${PASSWORD}` }],
    ["a file of variables", { "var-files": "secret.tfvars" }],
    ["a file of variables in JSON", { "var-files": "secret.tfvars.json" }],
  ])("the value of a sensitive variable from %s, though the plan fails with it", async (_, given) => {
    const scene = createShop();
    scene.terraform.fail("plan", FAILURE);
    const disk = new Map([
      ["/home/runner/shop/infra/secret.tfvars", `password = "${PASSWORD}"\n`],
      ["/home/runner/shop/infra/secret.tfvars.json", JSON.stringify({ password: PASSWORD })],
    ]);

    const outcome = await act(scene, given, { put: disk });

    expect(outcome.code).toBe("plan-failed");
    expect(listReadable(outcome, scene)).not.toContain(PASSWORD);
  });

  test("the value of a sensitive variable from the environment", async () => {
    const scene = createShop();
    scene.terraform.fail("plan", FAILURE);

    const outcome = await act(scene, {}, { job: { environment: { TF_VAR_password: PASSWORD } } });

    const readable = [outcome.log, outcome.summary, outcome.comment, outcome.message, ...outcome.world.records].join();
    expect(readable).not.toContain(PASSWORD);
  });

  test("a value that only the state knows as sensitive, when the next apply fails with it", async () => {
    const scene = createShop();
    await act(scene, { variables: `password: ${PASSWORD}` });
    scene.terraform.configuration = {
      ...SHOP,
      variables: { version: { default: "v1" }, tags: { default: {} }, password: { default: PASSWORD } },
    };
    scene.terraform.fail("apply.terraform_data.app", FAILURE);

    const outcome = await act(scene, { variables: "version: v2" });

    expect(outcome.code).toBe("apply-failed");
    expect(listReadable(outcome, scene)).not.toContain(PASSWORD);
  });

  test("a sensitive output of a state that somebody else wrote", async () => {
    const scene = createShop();
    await act(scene, { variables: `password: ${PASSWORD}` });

    const outcome = await act(scene, { command: "output" });

    expect(JSON.parse(`${outcome.outputs["outputs"]}`)).toEqual({ url: "https://pr-12.example.com", ports: [80, 443] });
    expect(listReadable(outcome, scene)).not.toContain(PASSWORD);
  });

  test("a setting of the backend that is a secret, and GitHub's token", async () => {
    const scene = createShop();
    const key = "c2VjcmV0LWtleS1vZi10aGUtYWNjb3VudA==";
    const settings = `storage_account_name=a\ncontainer_name=c\naccess_key=${key}`;
    scene.terraform.fail("init", {
      summary: "Failed to get existing workspaces",
      detail: `bad key ${key} or ${TOKEN}`,
    });

    const outcome = await act(scene, { "backend-config": settings });

    expect(outcome.code).toBe("init-failed");
    expect(listReadable(outcome, scene)).not.toContain(key);
    expect(listReadable(outcome, scene)).not.toContain(TOKEN);
  });

  test("every line of one of several lines", async () => {
    const scene = createShop();
    const lines = ["-----BEGIN KEY-----", "bGluZSBvbmUgb2YgdGhlIGtleQ", "bGluZSB0d28gb2YgdGhlIGtleQ"];
    scene.terraform.fail("plan", { summary: "no", detail: `the key ${lines[2]} is none` });

    const outcome = await act(scene, { "secret-variables": `password: |\n  ${lines.join("\n  ")}\n` });

    for (const line of lines.slice(1)) expect(listReadable(outcome, scene)).not.toContain(line);
  });
});

describe("a secret that only the apply has made", () => {
  /** What terraform stored of the group, with a password in it that no plan knew. */
  const makePassword = (scene: Scene): void => {
    const blob = scene.store.blobs.get(STATE);
    const text = blob?.bytes.toString("utf8").replace('"location": "westeurope"', `"location": "${PASSWORD}"`) ?? "";
    const marked = text.replace('"sensitive_attributes": []', '"sensitive_attributes": [[{"value":"location"}]]');
    if (blob !== undefined) blob.bytes = Buffer.from(marked);
  };

  test("stands nowhere, though the error of another resource quotes it", async () => {
    const scene = createShop();
    scene.terraform.fail("apply.terraform_data.app", FAILURE);
    scene.terraform.at("apply.unlock", () => makePassword(scene));

    const outcome = await act(scene, {});

    expect([outcome.code, outcome.log]).toEqual(["apply-failed", expect.stringContaining("provisioner error")]);
    expect(listReadable(outcome, scene)).not.toContain(PASSWORD);
  });

  test.each(["cancel", "kill"] as const)("and post does not tell it either, after a %s of main", async (end) => {
    const scene = createShop();
    const world = createFakeWorld(scene);
    scene.terraform.fail("apply.terraform_data.app", FAILURE);
    scene.terraform.at("apply.unlock", () => {
      makePassword(scene);
      world[end]();
    });

    const main = await actIn(world, scene, {});
    const after = await post(scene, world, {});

    expect(after.summary).toContain("provisioner error");
    for (const outcome of [main, after])
      expect(outcome.log + outcome.summary + outcome.comment + outcome.message).not.toContain(PASSWORD);
  });
});

describe("secrets that are ordinary words", () => {
  test("a short one blanks out nothing", async () => {
    const outcome = await act(createShop(), { "secret-variables": "password: a\nversion: 1\n" });

    expect(outcome.code).toBe("");
    expect(outcome.summary).toContain("azurerm_resource_group.this");
  });

  test.each(["plan", "work", "before", "phases", "update", "apply", "create", "done"])(
    "one that is %s, a word of ours",
    async (word) => {
      const scene = createShop();
      await act(scene, {});

      const outcome = await act(scene, { "secret-variables": `password: ${word}`, variables: "version: v2" });

      expect([outcome.code, outcome.outputs.replace]).toEqual(["", 1]);
      expect(outcome.comment).toContain("1 added, 0 changed, 1 destroyed");
    },
  );

  test("one that is a part of a path does not keep post from finding what main left", async () => {
    const { world } = await act(createShop(), { "secret-variables": "password: shop\n" });

    const record = JSON.parse(world.records.at(-1) ?? "");
    expect([record.folder, record.blob.name]).toEqual(["/home/runner/shop/infra", "mayfly/4711/pr-12.tfstate"]);
  });

  test("one that is a number does not break the record that post reads", async () => {
    const { world } = await act(createShop(), { "secret-variables": "password: 1795\n" });

    for (const text of world.records) expect(() => JSON.parse(text)).not.toThrow();
  });
});
