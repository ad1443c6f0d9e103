import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { JobOptions } from "../azure/github/issuer.ts";
import { login, openScene, type Played, type Scene } from "./scene.ts";

jest.setTimeout(180_000);

const SHOP = { repository: "octo/shop", repositoryId: "599293758", ownerId: "1844662", event: "schedule" } as const;
const NOBODY = "c11e0000-0000-4000-8000-00000000dead";
const NOWHERE = "72f988bf-0000-4000-8000-00000000dead";

interface Refusal {
  readonly name: string;
  readonly code: string;
  readonly number: number;
  /** The job that logs in, where it is not the one that the credential is for. */
  readonly job?: Partial<JobOptions>;
  readonly inputs?: Readonly<Record<string, string>>;
  /** What the annotation says. */
  readonly says: readonly string[];
  /** The subject of the ready lines; undefined where no federated credential would help. */
  readonly subject?: string;
}

const REFUSALS: readonly Refusal[] = [
  {
    name: "another branch",
    code: "subject-mismatch",
    number: 700213,
    job: { ref: "refs/heads/dev" },
    says: ["Presented subject: repo:octo/shop:ref:refs/heads/dev"],
    subject: "repo:octo/shop:ref:refs/heads/dev",
  },
  {
    name: "the immutable subject of a repository that has moved",
    code: "subject-mismatch",
    number: 700213,
    job: { immutableSubject: true },
    says: ["Presented subject: repo:octo@1844662/shop@599293758:ref:refs/heads/main"],
    subject: "repo:octo@1844662/shop@599293758:ref:refs/heads/main",
  },
  {
    name: "a subject that differs in case only",
    code: "subject-case-mismatch",
    number: 7002138,
    job: { repository: "Octo/Shop" },
    says: ["Presented subject: repo:Octo/Shop:ref:refs/heads/main"],
    subject: "repo:Octo/Shop:ref:refs/heads/main",
  },
  {
    name: "another audience",
    code: "audience-mismatch",
    number: 700212,
    inputs: { audience: "api://SomethingElse" },
    says: ["Presented audience: api://SomethingElse", "usually api://AzureADTokenExchange"],
    subject: "repo:octo/shop:ref:refs/heads/main",
  },
  {
    name: "another issuer",
    code: "issuer-mismatch",
    number: 700211,
    job: { enterprise: "octo-inc" },
    says: ["Presented issuer: https://token.actions.githubusercontent.com/octo-inc"],
    subject: "repo:octo/shop:ref:refs/heads/main",
  },
  {
    name: "a client id that nobody has",
    code: "client-not-found",
    number: 700016,
    inputs: { "client-id": NOBODY },
    says: [NOBODY],
  },
  {
    name: "a tenant that is none",
    code: "tenant-not-found",
    number: 90002,
    inputs: { "tenant-id": NOWHERE },
    says: [NOWHERE],
  },
];

describe("a login that Entra refuses", () => {
  let scene: Scene;
  let played: ReadonlyMap<string, Played>;
  beforeAll(async () => {
    scene = await openScene();
    const runs = REFUSALS.map(async ({ name, job, inputs }) => {
      const other = scene.azure.github.registerJob({ ...SHOP, ref: "refs/heads/main", ...job });
      const steps = [login(scene.team, inputs)];
      return [name, await scene.play({ steps, idToken: other })] as const;
    });
    played = new Map(await Promise.all(runs));
  });
  afterAll(async () => scene[Symbol.asyncDispose]());

  test.each(REFUSALS)("for $name fails with $code, and says why in one annotation", ({ name, code, number, says }) => {
    const job = played.get(name);
    const main = job?.steps.find(({ id, stage }) => id === "login" && stage === "main");
    expect(main).toMatchObject({ conclusion: "failure", exitCode: 1 });
    expect(main?.outputs).toMatchObject({ "error-code": code, subject: expect.stringContaining("repo:") });
    expect(main?.outputs["trace-id"]).toMatch(/^[0-9a-f-]{36}$/);
    expect(job?.annotations).toHaveLength(1);
    const [annotation] = job?.annotations ?? [];
    expect(annotation).toMatchObject({ level: "error", title: "Azure login failed" });
    for (const words of [`AADSTS${number}`, "To do: ", "For support: trace ", ...says]) {
      expect(annotation?.message).toContain(words);
    }
  });

  test.each(REFUSALS)("for $name exports nothing, and asks ARM nothing", ({ name }) => {
    expect(played.get(name)?.env).toEqual({});
    expect(scene.azure.traffic.find({ host: "management.azure.com" })).toEqual([]);
  });

  test.each(REFUSALS)("for $name prints ready lines only where they help", ({ name, subject }) => {
    const { log = [], summary = "" } = played.get(name) ?? {};
    const text = log.map((line) => line.text).join("\n");
    for (const place of [text, summary]) {
      expect(place.includes("az identity federated-credential create")).toBe(subject !== undefined);
      expect(place.includes("azurerm_federated_identity_credential")).toBe(subject !== undefined);
      if (subject !== undefined) expect(place).toContain(subject);
    }
    expect(summary).toContain("### Azure login failed");
  });
});

describe("a login that GitHub gives no ID token", () => {
  const fork = { head: { repo: { full_name: "mallory/shop" } } };

  test.each([
    [
      "a pull request of a fork",
      { event_name: "pull_request", event: { pull_request: fork } },
      "id-token-fork",
      "mallory/shop",
    ],
    ["a run of Dependabot", { event_name: "push", actor: "dependabot[bot]" }, "id-token-dependabot", "Dependabot"],
    [
      "a server of one's own",
      { server_url: "https://github.octo.example" },
      "id-token-enterprise-server",
      "octo.example",
    ],
    ["a missing permission", {}, "id-token-permission", "permissions:\n  id-token: write"],
  ])("says so for %s", async (_name, github, code, words) => {
    await using scene = await openScene();
    const played = await scene.play({
      permissions: {},
      github: { ...scene.base.github, ...github },
      steps: [login(scene.team)],
    });
    const main = played.steps.find(({ id }) => id === "login");
    expect(main).toMatchObject({ exitCode: 1, outputs: { "error-code": code } });
    expect(played.annotations).toHaveLength(1);
    expect(played.annotations[0]?.message).toContain(words);
    expect(scene.azure.traffic.requests).toEqual([]);
  });

  test("says that a job is over whose end GitHub has seen", async () => {
    await using scene = await openScene();
    scene.azure.github.complete(scene.team.job);
    const played = await scene.play({ steps: [login(scene.team)] });
    expect(played.steps.find(({ id }) => id === "login")?.outputs["error-code"]).toBe("id-token-refused");
    expect(played.annotations[0]?.message).toContain("outlives its job");
  });
});

describe("a login that is refused for a moment only", () => {
  test("tries again, each time with an ID token of its own", async () => {
    await using scene = await openScene();
    scene.azure.faults.add(
      { name: "busy", when: { path: /\/token$/ }, times: 2 },
      { kind: "respond", status: 503, body: { error: "temporarily_unavailable", error_codes: [90033] } },
    );
    scene.azure.faults.add(
      { name: "github", when: { path: /\/idtoken\// }, times: 1 },
      { kind: "respond", status: 503, body: { message: "busy" } },
    );
    scene.azure.faults.add({ name: "cut", when: { path: /^\/subscriptions$/ }, times: 1 }, { kind: "reset" });
    const played = await scene.play({ steps: [login(scene.team)] });
    expect(played).toMatchObject({ conclusion: "success", annotations: [] });
    const exchanges = scene.azure.traffic.find({ path: /\/token$/ });
    expect(exchanges.map(({ status }) => status)).toEqual([503, 503, 200]);
    expect(scene.azure.traffic.find({ path: /\/idtoken\// }).map(({ status }) => status)).toEqual([503, 200, 200, 200]);
    expect(scene.tap.tokens.size).toBe(4);
  });

  test("does not try again what will not pass", async () => {
    await using scene = await openScene();
    const played = await scene.play({ steps: [login(scene.team, { "client-id": NOBODY })] });
    expect(played.conclusion).toBe("failure");
    expect(scene.azure.traffic.find({ path: /\/token$/ })).toHaveLength(1);
  });
});

describe("inputs that are wrong", () => {
  test("are all told at once, in one annotation, before anything is asked", async () => {
    await using scene = await openScene();
    const inputs = {
      "client-id": "",
      "tenant-id": "not a tenant",
      "subscription-id": "12345",
      cloud: "mars",
      "allow-no-subscription": "yes",
      export: "docker",
      "allowed-subscriptions": "one\ntwo",
    };
    const reap = {
      "subscription-ids": "x",
      "name-prefix": "a/b",
      "all-names": "maybe",
      "dry-run": "no",
      grace: "soon",
      horizon: "1h",
      "max-deletions": "-1",
      "max-percentage": "101",
      "force-deletion-types": "Microsoft.Web/sites",
      wait: "forever",
      deadline: "10s",
      concurrency: "0",
    };
    const played = await scene.play({
      steps: [
        { ...login(scene.team, inputs), continueOnError: true },
        { id: "reap", uses: "$/actions/ttl-reaper", with: reap },
      ],
    });
    const messages = played.annotations.map(({ message }) => message);
    expect(messages).toHaveLength(2);
    for (const name of Object.keys(inputs)) expect(messages[0]).toMatch(new RegExp(`^${name}: expected `, "m"));
    for (const name of Object.keys(reap)) expect(messages[1]).toMatch(new RegExp(`^${name}: expected `, "m"));
    for (const id of ["login", "reap"]) {
      expect(played.steps.find((step) => step.id === id)?.outputs).toEqual({ "error-code": "bad-input" });
    }
    expect(scene.azure.traffic.requests).toEqual([]);
  });
});
