import { expect, jest, test } from "@jest/globals";
import { expectDeclaredOutputs, expectErrorWithoutCommandFiles } from "../runner/action-checks.ts";
import { type ActionRun, runAction } from "../runner/run-action.ts";
import { repositoryRoot } from "./scene.ts";

jest.setTimeout(180_000);

const run: ActionRun = {
  repositoryRoot,
  machineEnv: { PATH: process.env["PATH"] ?? "" },
  action: "image-list",
  with: { command: "read", list: "team/app" },
};

test("sets every output that its action.yml declares, and no other, without a right or a network", async () => {
  const result = await runAction({ ...run, permissions: {} });
  expect(result.conclusion).toBe("success");
  expect(result.main.outputs["matrix"]).toBe('[{"name":"app","images":"team/app"}]');
  expectDeclaredOutputs(run, result);
});

test("does not fail silently when the command files are gone or cannot be written", () =>
  expectErrorWithoutCommandFiles(run));

test("lets nothing in a list become a command of the runner", async () => {
  const odd = "::error::oops\n::add-mask::team\n##[set-output name=count]99";
  const list = JSON.stringify([
    { images: "team/app", context: odd.replaceAll("\n", " "), labels: { a: odd.split("\n")[0] } },
  ]);
  const result = await runAction({ ...run, with: { command: "read", list } });
  expect(result.conclusion).toBe("success");
  expect(result.annotations).toEqual([]);
  expect(result.main.outputs).toMatchObject({ count: "1", names: "app" });
  expect(JSON.parse(result.main.outputs["matrix"] ?? "")[0].context).toBe(odd.replaceAll("\n", " "));
  const refused = await runAction({
    ...run,
    with: { command: "read", list: `- images: "${odd.replaceAll("\n", "\\n")}"` },
  });
  expect(refused.main.outputs["error-code"]).toBe("images-list-invalid");
  expect(refused.annotations.map(({ title }) => title)).toEqual(["Mayfly image list failed"]);
});
