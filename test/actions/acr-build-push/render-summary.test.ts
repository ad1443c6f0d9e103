import { expect, test } from "@jest/globals";
import { BuildFault } from "../../../src/actions/acr-build-push/builder.ts";
import { run } from "../../../src/actions/acr-build-push/run.ts";
import { UserError } from "../../../src/kit/user-error.ts";
import { createFakeWorld, IMAGE } from "./fake-world.ts";
import { inputs } from "./inputs.ts";

test("a summary has the image and its digest as the head of its table", async () => {
  const world = createFakeWorld();
  await run(inputs(), world);
  expect(world.summaries[0]).toContain(
    `\n| Image | \`mayfly.azurecr.io/team/app@${IMAGE.digest}\` |\n| --- | --- |\n| Builder | buildx |\n`,
  );
});

test("a summary says at which line of which file a build failed", async () => {
  const world = createFakeWorld();
  const place = { file: "web/Dockerfile", line: 5 };
  world.outcomes = [new BuildFault("failed", "sed: no such file", { place })];
  Object.assign(world, { explain: async ({ message }: Error) => new UserError("build-failed", message, place) });
  await run(inputs(), world);
  expect(world.summaries[0]).toMatch(
    /^## ❌ `app` was not built\n\n> \[!CAUTION\]\n> web\/Dockerfile:5: sed: no such file\n/,
  );
});
