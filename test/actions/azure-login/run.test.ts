import { describe, expect, test } from "@jest/globals";
import { run } from "../../../src/actions/azure-login/run.ts";
import type { spec } from "../../../src/actions/azure-login/spec.ts";
import type { Result } from "../../../src/kit/define-action.ts";
import { UserError } from "../../../src/kit/user-error.ts";
import {
  CLIENT,
  createFakeWorld,
  type FakeFacts,
  makeIdToken,
  makeInputs,
  OTHER,
  SUBJECT,
  SUBSCRIPTION,
  TENANT,
} from "./fake-world.ts";

async function login(inputs: Readonly<Record<string, string>> = {}, facts: FakeFacts = {}) {
  const fake = createFakeWorld(facts);
  const result: Result<typeof spec> = await run(makeInputs(inputs), fake.world).catch((error: unknown) => {
    if (error instanceof UserError) return { outputs: {}, failure: error };
    throw error;
  });
  return { ...fake, ...result };
}

const other = { id: OTHER, name: "Production", tenantId: TENANT, state: "Enabled" };
const sandbox = { id: SUBSCRIPTION, name: "Sandbox", tenantId: TENANT, state: "Enabled" };

describe("a login that goes well", () => {
  test("tells who it is, and until when", async () => {
    const { outputs, failure } = await login();
    expect(failure).toBeUndefined();
    expect(outputs).toEqual({
      subject: SUBJECT,
      "tenant-id": TENANT,
      "subscription-id": SUBSCRIPTION,
      "subscription-name": "Sandbox",
      "identity-kind": "managed-identity",
      "expires-on": "2026-11-22T10:00:00Z",
    });
  });

  test("prints what people debug with, and no token", async () => {
    const { printed } = await login();
    const text = printed.join("\n");
    for (const fact of [
      "token.actions.githubusercontent.com",
      SUBJECT,
      "api://AzureADTokenExchange",
      TENANT,
      "managed-identity",
      "Sandbox",
      "request-1",
    ]) {
      expect(text).toContain(fact);
    }
    expect(text).not.toContain(makeIdToken());
  });

  test("takes the only subscription that the identity sees", async () => {
    const { outputs, exported } = await login({ "subscription-id": "" });
    expect(outputs["subscription-id"]).toBe(SUBSCRIPTION);
    expect(exported["AZURE_SUBSCRIPTION_ID"]).toBe(SUBSCRIPTION);
  });

  test("does without any subscription when that is allowed", async () => {
    const { outputs, exported, failure } = await login(
      { "subscription-id": "", "allow-no-subscription": "true" },
      { subscriptions: [] },
    );
    expect(failure).toBeUndefined();
    expect(outputs["subscription-id"]).toBe("");
    expect(exported).not.toHaveProperty("AZURE_SUBSCRIPTION_ID");
  });

  test("warns of a disabled subscription, of leftovers and of pull_request_target", async () => {
    const { warnings } = await login(
      {},
      {
        subscriptions: [{ ...sandbox, state: "Disabled" }],
        environment: { ARM_CLIENT_SECRET: "s3cret" },
        idToken: makeIdToken({ event_name: "pull_request_target" }),
      },
    );
    expect(warnings).toHaveLength(3);
    expect(warnings.join("\n")).not.toContain("s3cret");
  });

  test.each([
    [
      "our own teardown, which takes nothing of a pull request",
      "octo/mayfly/.github/workflows/preview-teardown.yml",
      0,
    ],
    ["the same in another case", "Octo/Mayfly/.github/workflows/preview-teardown.yml", 0],
    ["another workflow of ours", "octo/mayfly/.github/workflows/preview.yml", 1],
    ["a file of the same name elsewhere", "octo/app/.github/workflows/preview-teardown.yml", 1],
  ])("on pull_request_target warns by the workflow that GitHub has signed: %s", async (_, file, warned) => {
    const idToken = makeIdToken({ event_name: "pull_request_target", job_workflow_ref: `${file}@refs/tags/v1` });
    const own = { GITHUB_ACTION_REPOSITORY: "octo/mayfly" };
    expect((await login({}, { idToken, environment: own })).warnings).toHaveLength(warned);
    // Who does not know where the action comes from knows of no workflow that is its own.
    expect((await login({}, { idToken })).warnings).toHaveLength(1);
  });
});

describe("guards", () => {
  test("let the expected subject and the allowed subscription pass", async () => {
    const guarded = { "expected-subject": `repo:x/y:pull_request\n${SUBJECT}`, "allowed-subscriptions": SUBSCRIPTION };
    expect((await login(guarded)).failure).toBeUndefined();
  });

  test("stop another subject before Azure is asked, and say what differs", async () => {
    const { failure, asked, exported, outputs } = await login({
      "expected-subject": SUBJECT.replace("preview", "Preview"),
    });
    expect(failure?.code).toBe("subject-not-expected");
    expect(failure?.message).toContain("only in upper and lower case");
    expect(asked).toEqual([]);
    expect(exported).toEqual({});
    expect(outputs.subject).toBe(SUBJECT);
  });

  test("stop a named subscription that is not allowed before anything is asked", async () => {
    const { failure, asked } = await login({ "allowed-subscriptions": OTHER });
    expect(failure?.code).toBe("subscription-not-allowed");
    expect(asked).toEqual([]);
  });

  test("stop a subscription that was found and is not allowed before anything is exported", async () => {
    const { failure, exported } = await login({ "subscription-id": "", "allowed-subscriptions": OTHER });
    expect(failure?.code).toBe("subscription-not-allowed");
    expect(exported).toEqual({});
  });

  test("stop a login without a subscription: what cannot be compared is not allowed", async () => {
    const { failure } = await login(
      { "subscription-id": "", "allow-no-subscription": "true", "allowed-subscriptions": OTHER },
      { subscriptions: [] },
    );
    expect(failure?.code).toBe("subscription-not-allowed");
  });
});

describe("a subscription that cannot be had", () => {
  test("is answered with the role assignment to make, by object id", async () => {
    const { failure, exported } = await login({}, { subscriptions: [other] });
    expect(failure?.code).toBe("subscription-not-found");
    expect(failure?.message).toContain(`Production (${OTHER})`);
    expect(failure?.message).toContain(
      `az role assignment create --assignee-object-id oid-1 --assignee-principal-type ServicePrincipal --role Reader --scope /subscriptions/${SUBSCRIPTION}`,
    );
    expect(exported).toEqual({});
  });

  test("is not guessed among several", async () => {
    const { failure } = await login({ "subscription-id": "" }, { subscriptions: [sandbox, other] });
    expect(failure?.code).toBe("subscription-ambiguous");
    expect(failure?.message).toContain(OTHER);
  });

  test("fails when there is none at all", async () => {
    const { failure } = await login({ "subscription-id": "" }, { subscriptions: [] });
    expect(failure?.code).toBe("no-subscriptions");
    expect(failure?.message).toContain("allow-no-subscription");
  });
});

describe("a refused login", () => {
  test("gives its facts as outputs, exports nothing, and explains itself in the summary", async () => {
    const { outputs, failure, exported, summaries, printed } = await login({}, { refusedWith: 700213 });
    expect(failure?.code).toBe("subject-mismatch");
    expect(outputs).toEqual({ subject: SUBJECT, "trace-id": "trace-1", "correlation-id": "correlation-1" });
    expect(exported).toEqual({});
    const [summary] = summaries;
    for (const part of [
      SUBJECT,
      "Why the subject is what it is",
      "az ad app federated-credential create",
      "azurerm 5",
      "bicep",
    ]) {
      expect(summary).toContain(part);
      expect(printed.join("\n")).toContain(part);
    }
  });

  test("that no credential can mend shows no lines to add one", async () => {
    const { summaries, printed } = await login({}, { refusedWith: 90002 });
    expect([...summaries, ...printed].join("\n")).not.toContain("federated-credential create");
  });

  test("stays within the summary whatever the subject holds", async () => {
    const sub = "repo:octo/app:ref:refs/heads/```</summary><script>|@mona `x`";
    const { summaries } = await login({}, { refusedWith: 700213, idToken: makeIdToken({ sub }) });
    const [summary] = summaries;
    expect(summary).toContain(sub.slice(-20));
    expect(summary).not.toMatch(/<summary>[^<]*<script>/);
    const fences = summary?.match(/^`{3,}\w*$/gm) ?? [];
    expect(fences.length % 2).toBe(0);
  });
});

describe("an ID token that cannot be had", () => {
  test("fails with its own code before Azure is asked", async () => {
    const { failure, asked } = await login({}, { idToken: new UserError("id-token-fork", "a fork") });
    expect(failure?.code).toBe("id-token-fork");
    expect(asked).toEqual([]);
  });

  test("is not taken for one when it is something else", async () => {
    expect((await login({}, { idToken: "<html>" })).failure?.code).toBe("id-token-unreadable");
  });
});

describe("the az CLI", () => {
  test("is left alone unless it is asked for", async () => {
    const { azLogins, exported } = await login();
    expect(azLogins).toEqual([]);
    expect(exported).not.toHaveProperty("AZURE_CONFIG_DIR");
  });

  test("is logged in as the same identity, and later steps find its folder", async () => {
    const { azLogins, exported } = await login({ export: "az" });
    expect(azLogins).toMatchObject([{ tenantId: TENANT, clientId: CLIENT, subscriptionId: SUBSCRIPTION }]);
    expect(exported["AZURE_CONFIG_DIR"]).toBe("/temp/mayfly-az-x");
    expect(exported).not.toHaveProperty("ARM_USE_OIDC");
  });

  test("asked for and missing, or failing, fails the login before anything is exported", async () => {
    const missing = await login({ export: "terraform, az" }, { az: "missing" });
    expect(missing.failure?.code).toBe("az-missing");
    expect(missing.exported).toEqual({});
    const failing = await login({ export: "az" }, { az: "failing" });
    expect(failing.failure?.code).toBe("az-login-failed");
    expect(failing.failure?.message).toContain("AADSTS50034");
    expect(failing.exported).toEqual({});
  });
});

test("a cancelled job exports nothing", async () => {
  const { failure, exported } = await login({}, { cancelled: true });
  expect(failure?.code).toBe("cancelled");
  expect(exported).toEqual({});
});
