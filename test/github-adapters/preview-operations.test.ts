import { describe, expect, test } from "@jest/globals";
import type { Effect } from "../azure/faults.ts";
import { failure, secondaryLimit } from "../github/failure.ts";
import { REPOSITORY } from "./on-github.ts";
import { ALL, OPERATIONS, type Operation, type Scene, setUp } from "./preview-operations.ts";
import { failing, GITHUB, respond, spoil } from "./spoil.ts";

/** Everything on GitHub that an operation may change. */
const state = ({ api, commentId }: Scene) => ({
  checks: api.checks(REPOSITORY).map(({ id, ...rest }) => rest),
  deployments: api.deployments(REPOSITORY).map(({ id, ...rest }) => rest),
  reactions: api.reactions(REPOSITORY, commentId),
});

const each = (of: readonly Operation[] = OPERATIONS) => of.map((one) => [one.name, one] as const);

describe.each(each())("%s", (_, operation) => {
  test("names the permission that it lacks", async () => {
    const name = operation.permission.split(":")[0] ?? "";
    const { [name as keyof typeof ALL]: __, ...others } = ALL;
    const scene = setUp(others);
    const before = state(scene);
    const { code, text } = await failing(scene, operation.ask(scene));
    expect(code).toBe("github-permission");
    expect(text).toContain(`permissions:\n  ${operation.permission}`);
    expect(state(scene)).toEqual(before);
    expect(scene.waits).toEqual([]);
  });

  test("waits for as long as GitHub asks, and goes well", async () => {
    const scene = setUp();
    const calm = setUp();
    // The clock goes on meanwhile.
    calm.azure.clock.advance(33_000);
    const expected = await operation.ask(calm);
    spoil(scene, respond(secondaryLimit(30, 429)), { ...GITHUB, method: operation.method });
    expect(await operation.ask(scene)).toEqual(expected);
    expect(scene.waits).toEqual([33_000]);
    expect(state(scene)).toEqual(state(calm));
  });

  test("is given up where the limit lasts, with GitHub's words", async () => {
    const scene = setUp();
    spoil(scene, respond(secondaryLimit(372)), GITHUB, 99);
    expect(await failing(scene, operation.ask(scene))).toMatchObject({ code: "github-rate-limited" });
  });

  test("says so when GitHub stays in trouble, or silent", async () => {
    const broken = setUp();
    spoil(broken, { kind: "respond", status: 503, body: { message: "Unavailable" } }, GITHUB, 99);
    expect(await failing(broken, operation.ask(broken))).toMatchObject({ code: "github-unavailable" });
    const silent = setUp();
    spoil(silent, { kind: "reset" }, GITHUB, 99);
    expect(await failing(silent, operation.ask(silent))).toMatchObject({ code: "github-unreachable" });
  });

  test("does not take a proxy's page for GitHub's word", async () => {
    const scene = setUp();
    const before = state(scene);
    spoil(scene, { kind: "respond", status: 200, body: { page: "Log in" } }, GITHUB, 99);
    expect((await failing(scene, operation.ask(scene))).code).toBe("github-unreachable");
    expect(state(scene)).toEqual(before);
  });

  test("refuses what is no repository before anything is sent", async () => {
    const scene = setUp();
    const elsewhere = { ...scene, github: misplaced(scene) };
    expect(await failing(scene, operation.ask(elsewhere))).toMatchObject({ code: "github-repository-invalid" });
    expect(scene.asked()).toEqual([]);
  });
});

describe.each<[string, Effect]>([
  ["broken before it arrived", { kind: "reset" }],
  ["broken after it was carried out", { kind: "reset", carriedOut: true }],
  ["answered 502 before", { kind: "respond", status: 502, body: "<html>Unicorn!</html>" }],
  ["answered 502 after", { kind: "rewrite", answer: () => ({ status: 502, headers: {}, body: "Unicorn!" }) }],
])("a request that was %s", (_, effect) => {
  test.each(each())("leaves %s with the same outcome, once", async (__, operation) => {
    const [scene, calm] = [setUp(), setUp()];
    await operation.ask(calm);
    spoil(scene, effect, { ...GITHUB, method: operation.method });
    await operation.ask(scene);
    expect(state(scene)).toEqual(state(calm));
  });
});

test("what is not there is told as not there, by whatever wants to change it", async () => {
  for (const { name, method, ask } of OPERATIONS) {
    if (method === "GET") continue;
    const scene = setUp();
    spoil(scene, respond(failure(404, "Not Found")), { ...GITHUB, method: "POST" });
    if (name === "deleting a deployment") expect(await ask(scene)).toBe(false);
    else expect((await failing(scene, ask(scene))).code).toBe("github-not-found");
  }
});

/** The same adapters, asked about a name that is none. */
function misplaced({ github }: Scene): Scene["github"] {
  const wrong = <T extends object>(adapter: T): T =>
    new Proxy(adapter, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name);
        return (_repository: unknown, ...rest: unknown[]) =>
          (method as (...given: unknown[]) => unknown)("octo/..", ...rest);
      },
    });
  const { pulls, ownComments, reactions, checks, deployments, reruns } = github;
  return {
    ...github,
    pulls: wrong(pulls),
    ownComments: wrong(ownComments),
    reactions: wrong(reactions),
    checks: wrong(checks),
    deployments: wrong(deployments),
    reruns: wrong(reruns),
  };
}
