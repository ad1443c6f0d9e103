import { expect, test } from "@jest/globals";
import type { SecretBinding } from "../../../src/smoke/smoke-test.ts";
import { put } from "./fake/objects.ts";
import { createScripts, holds, makeStep, makeTest, never, take, tellOutcomes } from "./fake/scripted.ts";
import { createFakeWorld, createScene, NAMESPACE } from "./fake/world.ts";

const PASSWORD = "s3cret-of-the-shop";
const binding: SecretBinding = { name: "password", namespace: undefined, secret: "db", key: "password", line: 12 };

function begin() {
  const scene = createScene();
  return { scene, world: createFakeWorld(scene), ...createScripts() };
}

test("a Secret's value is masked before anything else, and in no line, result or evidence", async () => {
  const { scene, world, load, check, looks } = begin();
  put(scene, "Secret", "db", { fields: { data: { password: Buffer.from(PASSWORD).toString("base64") } } });
  const step = makeStep("s", [
    check(PASSWORD, () => ({ ...never(`it says ${PASSWORD}`), expected: `not ${PASSWORD}` }), {
      name: "login",
      with: { address: "${password}" },
    } as never),
  ]);
  const result = await take(scene, world, [makeTest("t", [step], { secrets: [binding] })], load);
  expect(looks).toEqual([`${PASSWORD}@0`]);
  expect(world.masked).toEqual([PASSWORD]);
  expect(JSON.stringify(result)).not.toContain(PASSWORD);
  expect(JSON.stringify(result)).toContain("it says ***");
  expect([...world.lines, ...world.warnings].join("\n")).not.toContain(PASSWORD);
});

test("a Secret that is not there fails the test before its first step, with all that are missing", async () => {
  const { scene, world, load, check, looks } = begin();
  put(scene, "Secret", "db", { fields: { data: {} } });
  const other = { ...binding, name: "token", secret: "queue", namespace: "nats" };
  const test = makeTest("t", [makeStep("s", [check("a", () => holds())])], { secrets: [binding, other] });
  const result = await take(scene, world, [test], load);
  expect(looks).toEqual([]);
  expect(tellOutcomes(result)).toEqual(["secrets failed", "a skipped"]);
  const [found] = result.tests[0]?.steps[0]?.checks ?? [];
  expect(found).toMatchObject({ line: 12, seen: expect.stringContaining("smoke-secret-missing: ") });
  expect(found?.seen).toContain(`Secret ${NAMESPACE}/db is not there, or has no key password`);
  expect(found?.seen).toContain("Secret nats/queue");
});
