import { mkdtempSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { GHCR } from "../azure/acr/add-registry.ts";
import { createBusyboxContext, INSTALL_BUSYBOX, sayNowAndSleep } from "../image-tools/busybox-context.ts";
import { createDockerConfig } from "../image-tools/docker-config.ts";
import type { LogLine } from "../runner/job.ts";
import { seedImage } from "./image-contexts.ts";
import { asPusher, build, type ImageScene, openImageScene, type Published, readPublished } from "./image-scene.ts";
import { expectGone, findSecret, isRunning, lookAround, type Sight } from "./look-around.ts";
import { tellPid } from "./preload.ts";
import type { SceneJob } from "./scene.ts";

jest.setTimeout(180_000);

let scene: ImageScene;
beforeAll(async () => {
  scene = await openImageScene({ builder: "buildx" });
});
afterAll(async () => scene[Symbol.asyncDispose]());

const PASSWORD = "password-of-an-earlier-login";

/** A job whose build says `now` in the middle and goes on for some seconds; then `meanwhile` looks at the machine. */
async function playBuild(
  seconds: number,
  meanwhile: (temp: string) => void,
  { inputs = {}, lines = [], ...job }: Partial<SceneJob> & BuildOptions = {},
): Promise<Published> {
  const workspace = await createBusyboxContext({
    scratch: scene.scratch,
    lines: [INSTALL_BUSYBOX, sayNowAndSleep(seconds), ...lines],
  });
  let temp = "";
  const onLine = ({ text }: LogLine): void => {
    temp = /^temp=(.*)$/.exec(text)?.[1] ?? temp;
    if (/^#\d+ \S+ now$/.test(text)) meanwhile(temp);
  };
  const steps = [
    { run: 'echo "temp=$RUNNER_TEMP"' },
    build({ ...asPusher(scene.team), ...inputs }),
    { if: "always()", run: 'for each in "$RUNNER_TEMP"/*; do echo "left=$each"; done' },
  ];
  return readPublished(await scene.play({ machineEnv: scene.machineEnv, workspace, steps, onLine, ...job }));
}

interface BuildOptions {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly lines?: readonly string[];
}

const foldersLeft = ({ log }: Published): readonly string[] =>
  log.flatMap(({ text }) => {
    const [, path] = /^left=(.*)$/.exec(text) ?? [];
    return path === undefined ? [] : [basename(path)];
  });

describe("a build for which somebody had logged in elsewhere", () => {
  let published: Published;
  let sight: Sight;
  let tokens: readonly string[];
  beforeAll(async () => {
    const accounts = [{ username: "octocat", password: PASSWORD, actions: ["pull"] }];
    const ghcr = scene.azure.acr.addForeignRegistry({ ...GHCR, accounts, anonymous: [] });
    await seedImage(ghcr, "octo/base", "1");
    const DOCKER_CONFIG = await createDockerConfig(scene.scratch);
    const auth = (login: string): string => Buffer.from(login).toString("base64");
    await writeFile(
      join(DOCKER_CONFIG, "config.json"),
      JSON.stringify({
        auths: {
          "ghcr.io": { auth: auth(`octocat:${PASSWORD}`) },
          // Of a login that has long ended: ours counts.
          "mayfly.azurecr.io": { auth: auth("00000000-0000-0000-0000-000000000000:old") },
        },
      }),
    );
    published = await playBuild(
      1,
      (temp) => {
        sight = lookAround(temp);
        tokens = [...scene.tap.tokens];
      },
      {
        // Their builder counts as well: it is found by its name where their docker keeps it.
        machineEnv: { ...scene.machineEnv, DOCKER_CONFIG, BUILDX_BUILDER: "" },
        inputs: { tags: "private-base", "buildx-builder": "mayfly" },
        lines: ["FROM ghcr.io/octo/base:1", "COPY --from=0 /bin/busybox /busybox"],
      },
    );
  });

  test("pulls with their login, and pushes with its own", async () => {
    expect(published.errors).toEqual([]);
    expect(await scene.tags("team/app")).toMatchObject({ "private-base": published.outputs["digest"] });
  });

  test("has a configuration of docker that only its user can read, with no token in it", () => {
    const [folder, mode] = [...sight.modes].find(([path]) => /\/mayfly-docker-[^/]+$/.test(path)) ?? [];
    expect(mode).toBe(0o700);
    const settings = JSON.parse(sight.files.get(`${folder}/config.json`) ?? "");
    expect(settings).toMatchObject({ auths: { "ghcr.io": {} }, credHelpers: { "mayfly.azurecr.io": "mayfly" } });
    expect(Object.keys(settings.auths)).toEqual(["ghcr.io"]);
  });

  test("shows none of the tokens in a file or in a command line while it runs", () => {
    // GitHub's, Entra's, the registry's refresh token.
    expect(tokens.length).toBeGreaterThanOrEqual(3);
    expect(sight.commands.filter((command) => / buildx build /.test(command)).length).toBeGreaterThanOrEqual(1);
    for (const token of [...tokens, scene.team.job.requestToken]) expect(findSecret(sight, token)).toEqual([]);
    expect(sight.commands.filter((command) => command.includes(PASSWORD))).toEqual([]);
  });

  test("leaves no configuration of docker to the steps after it", () => {
    expect(foldersLeft(published).filter((name) => name.startsWith("mayfly-docker-"))).toEqual([]);
    expect(foldersLeft(published).filter((name) => name.startsWith("mayfly-image-"))).toHaveLength(1);
  });
});

test("a build that is killed leaves its configuration to its post, which removes it", async () => {
  const file = join(mkdtempSync(join(scene.scratch, "pid-")), "pid");
  let ran = false;
  const kill = (): void => {
    ran = isRunning("sleep 7177");
    process.kill(Number(readFileSync(file, "utf8")), "SIGKILL");
  };
  const published = await playBuild(7177, kill, { nodeArguments: tellPid(file), inputs: { tags: "killed" } });
  expect(ran).toBe(true);
  expect(published.main).toMatchObject({ exitCode: 137, conclusion: "failure" });
  expect(foldersLeft(published).filter((name) => name.startsWith("mayfly-docker-"))).toHaveLength(1);
  expect([...published.left.keys()].filter((path) => path.includes("mayfly-docker-"))).toEqual([]);
  expect(published.steps.find(({ id, stage }) => id === "build" && stage === "post")?.annotations).toEqual([]);
  expect(await scene.tags("team/app")).not.toHaveProperty("killed");
  // BuildKit ends what nobody waits for any more.
  await expectGone("sleep 7177");
});

test("a build that outlives every token pushes with new ones", async () => {
  const { settings } = scene.registry;
  const before = { ...settings };
  Object.assign(settings, { refreshTokenSeconds: 3, accessTokenSeconds: 2 });
  try {
    const since = scene.azure.traffic.requests.length;
    const published = await playBuild(4, () => undefined, { inputs: { tags: "late" } });
    expect(published.errors).toEqual([]);
    expect(await scene.tags("team/app")).toMatchObject({ late: published.outputs["digest"] });
    const asked = scene.azure.traffic.requests.slice(since).filter(({ host }) => host === "mayfly.azurecr.io");
    const exchanges = asked.filter(({ path }) => path === "/oauth2/exchange");
    const pushed = asked.find(({ method, path }) => method === "PUT" && path.includes("/manifests/sha256:"));
    const first = exchanges[0]?.at.getTime() ?? Number.NaN;
    expect(exchanges.length).toBeGreaterThanOrEqual(2);
    // The refresh token of before the build had ended when the image was pushed.
    expect(pushed?.at.getTime()).toBeGreaterThan(first + 3_000);
  } finally {
    Object.assign(settings, before);
  }
});
