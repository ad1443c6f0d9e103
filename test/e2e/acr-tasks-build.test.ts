import { mkdtemp, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { realBuilder } from "../azure/tasks/real-builder.ts";
import { type Buildkitd, startBuildkitd } from "../image-tools/buildkitd.ts";
import { createBusyboxContext, INSTALL_BUSYBOX } from "../image-tools/busybox-context.ts";
import { needTools } from "../image-tools/need-tools.ts";
import type { Step } from "../runner/job.ts";
import { fetchImage } from "./fetched-image.ts";
import { type ImageScene, openImageScene, PUSH, type Published } from "./image-scene.ts";
import type { SceneJob } from "./scene.ts";

jest.setTimeout(120_000);

const TASKS = "Container Registry Tasks Contributor";

/** A machine without any docker, and agents of ACR Tasks that build with a real BuildKit. */
describe("a job without docker", () => {
  let scene: ImageScene;
  let agents: Buildkitd;
  beforeAll(async () => {
    scene = await openImageScene({ builder: "none", roles: ["AcrPush", TASKS] });
    agents = await startBuildkitd({ scratch: scene.scratch, proxyEnv: scene.proxy.env });
    const { docker } = needTools("docker.io");
    scene.azure.tasks.builder = realBuilder({ docker, env: agents.env, ask: (request) => scene.azure.stream(request) });
  });
  afterAll(async () => {
    await agents[Symbol.asyncDispose]();
    await scene[Symbol.asyncDispose]();
  });

  const play = (workspace: string, inputs: Step["with"] = {}, job: Partial<SceneJob> = {}): Promise<Published> =>
    scene.publish(inputs, { workspace, ...job });
  /** The status follows the log's end after a moment, and moves when ARM is asked something. */
  const settleRuns = async (): Promise<void> => {
    await setTimeout(scene.azure.tasks.settings.statusLagSeconds * 1000);
    const url = "https://management.azure.com/subscriptions?api-version=2022-12-01";
    await scene.azure.answer({ method: "GET", url, headers: {} });
  };
  const tagsOf = (): Promise<Readonly<Record<string, string>>> => scene.tags("team/app");

  test("builds on ACR Tasks, with the same inputs and outputs", async () => {
    const lines = [
      INSTALL_BUSYBOX,
      "ARG WHO=nobody",
      'RUN echo "hello $WHO" > /said',
      "FROM scratch",
      "COPY --from=0 /said /wrong",
    ];
    const workspace = await createBusyboxContext({
      scratch: scene.scratch,
      lines,
      files: { "secret.env": "x", "keep/me": "y", ".dockerignore": "secret.env\n" },
    });
    await writeFile(
      join(workspace, "Dockerfile"),
      `FROM scratch AS app\nCOPY . /src/\nCOPY busybox /bin/busybox\n${lines.slice(0, 3).join("\n")}\nFROM scratch\n`,
    );
    const played = await play(workspace, {
      target: "app",
      "build-args": "WHO=you 'n' me; $(id)",
      labels: 'note=say "hi" to $HOME',
    });
    expect(played.annotations).toEqual([]);
    const { outputs } = played;
    const { main } = await tagsOf();
    expect(outputs).toMatchObject({ outcome: "built", builder: "acr-tasks", digest: main, "error-code": "" });
    expect(outputs["run-id"]).toMatch(/^ca\w+$/);
    const config = await scene.inspect(`${outputs["image"]}`, "--config");
    expect(config["config"]).toMatchObject({
      Labels: { "org.opencontainers.image.revision": PUSH.sha, note: 'say "hi" to $HOME' },
    });
    const log = played.log.map(({ text }) => text).join("\n");
    expect(log).toContain("#");
    expect(scene.azure.tasks.runs.at(-1)?.status).toBe("Succeeded");
    // What the agent unpacked is what Docker would have got.
    expect(log).not.toContain("secret.env");
    expect(played.summary).toContain("ACR Tasks of mayfly.azurecr.io");
  });

  test("filters the context once, and leaves nothing of its own in it", async () => {
    const workspace = await mkdtemp(join(scene.scratch, "filtered-"));
    await writeFile(join(workspace, "app.Dockerfile"), "FROM scratch\nCOPY . /src/\n");
    // Only the first of the two counts for this Dockerfile; the other one is sent as a file like others.
    await writeFile(join(workspace, "app.Dockerfile.dockerignore"), "notes\n");
    await writeFile(join(workspace, ".dockerignore"), "kept\n");
    for (const name of ["kept", "notes"]) await writeFile(join(workspace, name), name);
    const played = await play(workspace, { images: "team/filtered", file: "app.Dockerfile" });
    expect(played.annotations).toEqual([]);
    const { platforms } = await fetchImage(scene, `${played.outputs["image"]}`);
    expect(await platforms["linux/amd64"]?.list()).toEqual([
      "src/.dockerignore",
      "src/app.Dockerfile",
      "src/app.Dockerfile.dockerignore",
      "src/kept",
    ]);
  });

  test("builds each platform in a run of its own, and makes one image of them", async () => {
    const workspace = await mkdtemp(join(scene.scratch, "two-"));
    await writeFile(join(workspace, "Dockerfile"), "FROM scratch\nCOPY hello /\n");
    await writeFile(join(workspace, "hello"), "hello");
    const played = await play(workspace, { platforms: "linux/amd64,linux/arm64", tags: "two" });
    expect(played.annotations).toEqual([]);
    const raw = await scene.inspect("mayfly.azurecr.io/team/app:two", "--raw");
    const { manifests } = raw as {
      readonly manifests: readonly { readonly platform: object; readonly digest: string }[];
    };
    expect(manifests.map(({ platform }) => platform)).toEqual([
      { os: "linux", architecture: "amd64" },
      { os: "linux", architecture: "arm64" },
    ]);
    expect(JSON.parse(`${played.outputs["digests"]}`)).toEqual({
      "linux/amd64": manifests[0]?.digest,
      "linux/arm64": manifests[1]?.digest,
    });
  });

  test("ends with the first platform that fails: the runs of the others are cancelled", async () => {
    const lines = [INSTALL_BUSYBOX, "ARG TARGETARCH", "RUN test $TARGETARCH = amd64 && sleep 7194"];
    const workspace = await createBusyboxContext({ scratch: scene.scratch, lines });
    const played = await play(workspace, { images: "team/half", platforms: "linux/amd64,linux/arm64" });
    expect(played.outputs["error-code"]).toBe("build-failed");
    expect(played.errors[0]?.message).toContain("test $TARGETARCH = amd64");
    const runs = scene.azure.tasks.runs.slice(-2);
    await Promise.all(runs.map(({ finished }) => finished));
    await settleRuns();
    expect(runs.map(({ status }) => status)).toEqual(["Canceled", "Failed"]);
    expect(await scene.tags("team/half")).toEqual({});
  });

  test("is told the line that failed, and moves no tag", async () => {
    const before = await tagsOf();
    const lines = [INSTALL_BUSYBOX, "RUN echo no >&2 && false"];
    const workspace = await createBusyboxContext({ scratch: scene.scratch, lines });
    const played = await play(workspace, { tags: "broken" });
    expect(played.annotations).toMatchObject([{ level: "error", file: "Dockerfile", line: "4" }]);
    expect(played.outputs).toMatchObject({ "error-code": "build-failed", digest: "" });
    expect(Object.keys(await tagsOf()).filter((tag) => !tag.startsWith("ctx-"))).toEqual(
      Object.keys(before).filter((tag) => !tag.startsWith("ctx-")),
    );
  });

  test("cancels the run when it is cancelled", async () => {
    const lines = [INSTALL_BUSYBOX, "RUN echo begun && sleep 60"];
    const workspace = await createBusyboxContext({ scratch: scene.scratch, lines });
    const when = (log: { readonly lines: readonly { readonly text: string }[] }): boolean =>
      log.lines.some(({ text }) => /begun$/.test(text));
    const played = await play(workspace, { tags: "cancelled" }, { cancel: { when } });
    expect(played.conclusion).toBe("cancelled");
    const run = scene.azure.tasks.runs.at(-1);
    await run?.finished;
    await settleRuns();
    expect(run?.status).toBe("Canceled");
    expect(await tagsOf()).not.toHaveProperty("cancelled");
  });

  test("says what to do where Azure does not allow ACR Tasks", async () => {
    scene.azure.tasks.settings.forbidden = true;
    const workspace = await createBusyboxContext({ scratch: scene.scratch });
    const played = await play(workspace, { tags: "forbidden" });
    scene.azure.tasks.settings.forbidden = false;
    expect(played.outputs).toMatchObject({ "error-code": "tasks-not-allowed" });
    expect(played.annotations[0]?.message).toContain("builder: buildx");
  });

  test("reads the whole log although its link ends in the middle and it is not there at first", async () => {
    const { settings } = scene.azure.tasks;
    const before = { ...settings };
    Object.assign(settings, { logLinkSeconds: 3, logDelaySeconds: 2 });
    const lines = [INSTALL_BUSYBOX, "RUN for n in 1 2 3 4 5 6 7 8; do echo line $n; sleep 1; done"];
    const workspace = await createBusyboxContext({ scratch: scene.scratch, lines });
    const played = await play(workspace, { tags: "long" });
    Object.assign(settings, before);
    const said = played.log.flatMap(({ text }) => /\bline (\d)$/.exec(text)?.[1] ?? []);
    expect(said).toEqual(["1", "2", "3", "4", "5", "6", "7", "8"]);
    expect(await tagsOf()).toHaveProperty("long");
  });

  test("builds nothing again whose content is the same, whatever its files' times say", async () => {
    const workspace = await createBusyboxContext({ scratch: scene.scratch, lines: ["COPY . /all"], files: { a: "1" } });
    const first = (await play(workspace, { tags: "same", "skip-if-unchanged": true })).outputs;
    await utimes(join(workspace, "a"), new Date(0), new Date(0));
    const runs = scene.azure.tasks.runs.length;
    const second = (await play(workspace, { tags: "same\nagain", "skip-if-unchanged": true })).outputs;
    expect([first["outcome"], second["outcome"]]).toEqual(["built", "reused"]);
    expect(second["digest"]).toBe(first["digest"]);
    expect((await tagsOf())["again"]).toBe(first["digest"]);
    expect(scene.azure.tasks.runs.length).toBe(runs);
    await symlink("a", join(workspace, "b"));
    expect((await play(workspace, { tags: "same", "skip-if-unchanged": true })).outputs["outcome"]).toBe("built");
  });
});
