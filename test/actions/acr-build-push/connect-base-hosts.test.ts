import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { listBaseHosts } from "../../../src/actions/acr-build-push/connect-base-hosts.ts";

let workspace: string;
beforeEach(async () => {
  workspace = await mkdtemp(join(tmpdir(), "bases-test-"));
});
afterEach(() => rm(workspace, { recursive: true, force: true }));

const INPUTS = {
  context: ".",
  file: undefined,
  from: undefined,
  target: undefined,
  platforms: [],
  buildArgs: {},
  buildContexts: {},
};

test("the registries of a build's images are each named once, with its arguments put in", async () => {
  await writeFile(
    join(workspace, "Other"),
    [
      "ARG HOST=a.azurecr.io",
      "FROM $HOST/x:1 AS one",
      "FROM unused.azurecr.io/x AS two",
      "FROM one",
      "COPY --from=b.azurecr.io/y /a /",
      "COPY --from=alpine /a /",
      "COPY --from=tools /a /",
      "COPY --from=$HOST/z /a /",
    ].join("\n"),
  );
  const inputs = { ...INPUTS, file: "Other", buildContexts: { tools: "docker-image://c.azurecr.io/tools:1" } };
  const hosts = ["a.azurecr.io", "b.azurecr.io", "c.azurecr.io", "docker.io"];
  expect((await listBaseHosts(inputs, workspace)).toSorted()).toEqual(hosts);
  const other = { ...inputs, buildArgs: { HOST: "d.azurecr.io" }, target: "one" };
  expect(await listBaseHosts(other, workspace)).toEqual(["d.azurecr.io"]);
});

test("a Dockerfile that is not there, or is not wanted, names none", async () => {
  expect(await listBaseHosts(INPUTS, workspace)).toEqual([]);
  await writeFile(join(workspace, "Dockerfile"), "FROM a.azurecr.io/x\n");
  expect(await listBaseHosts(INPUTS, workspace)).toEqual(["a.azurecr.io"]);
  expect(await listBaseHosts({ ...INPUTS, from: "image.tar" }, workspace)).toEqual([]);
});
