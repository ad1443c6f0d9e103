// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what a shell or GitHub would expand.
import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { createBusyboxContext, INSTALL_BUSYBOX } from "../image-tools/busybox-context.ts";
import { expectNoSecret } from "../runner/expect-no-secret.ts";
import { type FetchedImage, fetchImage } from "./fetched-image.ts";
import { asPusher, build, type ImageScene, openImageScene, type Published, readPublished } from "./image-scene.ts";
import { findSecret, lookAround, type Sight } from "./look-around.ts";

jest.setTimeout(180_000);

const OF_ENV = "env-secret-5f0c1b2a3d4e";
const OF_FILE = "file-secret-9988aabbcc";
/** Known to the build only as what comes of them, so that what they are need not show in the image. */
const SUM_OF_BOTH = "cat /run/secrets/token /run/secrets/npm | sha256sum";

const ARGUMENTS = {
  QUOTES: `it's "quoted" and \\"escaped\\"`,
  SHELL: "$(touch PWNED); `touch PWNED` && touch PWNED | cat > PWNED & #",
  EXPANDED: "${HOME} $PATH $$ %HOME% ~ * ? #x",
  DASHES: "--tag=evil/image:1",
  COMMAS: "a=b,c=d;e",
  EMPTY: "",
  ACCENTS: "é漢😀 \\n \\0 %0A",
} as const;
const LABELS = { "org.example.words": `a "b" 'c' $(touch PWNED), d=e; --push`, "org.example.dash": "-x" };
const HOSTILE = "feat/$(touch PWNED);`touch PWNED`&&::error::PWNED";

let scene: ImageScene;
let workspace: string;
let published: Published;
let image: FetchedImage;
let sight: Sight;
beforeAll(async () => {
  scene = await openImageScene({ builder: "buildx" });
  const names = Object.keys(ARGUMENTS);
  workspace = await createBusyboxContext({
    scratch: scene.scratch,
    lines: [
      INSTALL_BUSYBOX,
      ...names.map((name) => `ARG ${name}`),
      `RUN ${names.map((name) => `printf %s "$${name}" > /${name}`).join(" && ")}`,
      "# A comment without an end \\",
      "RUN --mount=type=secret,id=token,required=true --mount=type=secret,id=npm,required=true \\",
      `  echo n''ow && ${SUM_OF_BOTH} > /sum && sleep 1`,
    ],
  });
  await writeFile(join(workspace, "npm rc"), OF_FILE);
  const pairs = (values: Readonly<Record<string, string>>): string =>
    Object.entries(values)
      .map(([name, value]) => `${name}=${value}`)
      .join("\n");
  published = readPublished(
    await scene.play({
      machineEnv: scene.machineEnv,
      workspace,
      secrets: { TOKEN: OF_ENV },
      github: {
        event_name: "pull_request",
        ref: "refs/pull/7/merge",
        head_ref: HOSTILE,
        event: {
          pull_request: {
            number: 7,
            title: "::error::PWNED\n$(touch PWNED)",
            body: "::set-output name=digest::PWNED",
            head: { sha: "5f0c1b2a3d4e5f60718293a4b5c6d7e8f9010203", ref: HOSTILE, repo: { full_name: "octo/shop" } },
            base: { repo: { full_name: "octo/shop" } },
          },
          repository: {
            name: "shop",
            full_name: "octo/shop",
            description: "x\n::error::PWNED\n\u001b[31m$(touch PWNED) --push",
            homepage: "https://pwned.example/\n::warning::PWNED",
            license: { spdx_id: "$(touch PWNED)" },
          },
        },
      },
      steps: [
        build(
          {
            ...asPusher(scene.team),
            tags: "b-{head-branch}",
            "build-args": pairs(ARGUMENTS),
            labels: pairs(LABELS),
            annotations: pairs(LABELS),
            secrets: "id=token,env=TOKEN\nid=npm,src=npm rc",
            provenance: "mode=max",
          },
          { TOKEN: "${{ secrets.TOKEN }}" },
        ),
      ],
      onLine: ({ text }) => {
        if (/^#\d+ \S+ now$/.test(text)) sight = lookAround();
      },
    }),
  );
  expect(published.errors).toEqual([]);
  image = await fetchImage(scene, published.outputs["image"] ?? "");
});
afterAll(async () => scene[Symbol.asyncDispose]());

describe("secrets of a build", () => {
  test("reach the step that mounts them", async () => {
    const sum = createHash("sha256").update(`${OF_ENV}${OF_FILE}`).digest("hex");
    expect(await image.platforms["linux/amd64"]?.read("sum")).toBe(`${sum}  -\n`);
  });

  test.each([
    ["the variable", OF_ENV],
    ["the file", OF_FILE],
  ])("of %s stand nowhere else: no command line, log, summary, output, file, or part of the image", (_, secret) => {
    expectNoSecret(published, secret);
    expect(sight.commands.some((command) => command.includes("buildx build"))).toBe(true);
    expect(findSecret({ files: published.left, commands: sight.commands }, secret)).toEqual([]);
    expect(findSecret(lookAround(image.folder), secret)).toEqual([]);
  });
});

describe("values that a shell would take apart", () => {
  test.each(Object.entries(ARGUMENTS))("reach the build as they are: %s", async (name, value) => {
    expect(await image.platforms["linux/amd64"]?.read(name)).toBe(value);
  });

  test("become labels and annotations as they are", () => {
    const platform = image.platforms["linux/amd64"];
    expect(platform?.labels).toMatchObject(LABELS);
    expect(platform?.annotations).toMatchObject(LABELS);
  });
});

describe("what a stranger writes into a branch, a title or a description", () => {
  test("becomes a tag that is none of its characters, and labels as they are", async () => {
    const [tag = "", ...others] = Object.keys(await scene.tags("team/app"));
    expect(others).toEqual([]);
    expect(tag).toMatch(/^b-[A-Za-z0-9._-]+$/);
    expect(image.platforms["linux/amd64"]?.labels).toMatchObject({
      "org.opencontainers.image.description": "x ::error::PWNED \u001b[31m$(touch PWNED) --push",
      "org.opencontainers.image.url": "https://pwned.example/\n::warning::PWNED",
      "org.opencontainers.image.licenses": "$(touch PWNED)",
    });
  });

  test("runs nowhere, and becomes no command of the runner", async () => {
    expect(readdirSync(workspace)).not.toContain("PWNED");
    expect(published.annotations).toEqual([]);
    expect(published.outputs["digest"]).toMatch(/^sha256:/);
    expect(published.log.filter(({ kind, text }) => kind === "command" && text.includes("PWNED"))).toEqual([]);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal would obey them.
    expect(published.log.filter(({ text }) => /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(text))).toEqual([]);
    expect(await readFile(join(workspace, "npm rc"), "utf8")).toBe(OF_FILE);
  });
});
