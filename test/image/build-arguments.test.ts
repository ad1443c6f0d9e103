import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { BuildRequest } from "../../src/image/build-request.ts";
import { type BuildxOptions, listBuildxArguments } from "../../src/image/buildx-arguments.ts";
import { parseCsvFields } from "../../src/image/csv-field.ts";
import { listDockerArguments, listDockerPushArguments } from "../../src/image/docker-arguments.ts";
import { listUnsupported } from "../../src/image/unsupported.ts";
import { anyCharacter } from "../any-character.ts";
import { messageOf, readValue } from "./parsed.ts";
import { makeRequest, target } from "./request.ts";

const OPTIONS: BuildxOptions = { builder: undefined, metadataFile: "/tmp-of-job/metadata.json", delivery: "digest" };
const buildx = (change: Partial<BuildRequest>, options: Partial<BuildxOptions> = {}) =>
  readValue(listBuildxArguments(makeRequest(change), target, { ...OPTIONS, ...options }));
const outputOf = (argv: readonly string[]) => argv.find((word) => word.startsWith("--output="))?.slice(9) ?? "";

/** Go's encoding/csv for one line, written a second time, letter by letter. */
function readCsv(text: string): readonly string[] {
  const fields = [""];
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charAt(at);
    if (quoted && letter === '"' && text.charAt(at + 1) === '"') at += 1;
    else if (letter === '"') {
      quoted = !quoted;
      continue;
    } else if (letter === "," && !quoted) {
      fields.push("");
      continue;
    }
    fields[fields.length - 1] += letter;
  }
  return fields;
}

describe("buildx", () => {
  test("pushes by digest to every repository, without any tag", () => {
    const argv = buildx({});
    expect(argv.slice(0, 2)).toEqual(["buildx", "build"]);
    expect(argv.at(-1)).toBe("/job/app");
    expect(readCsv(outputOf(argv))).toEqual([
      "type=image",
      "name=mayfly.azurecr.io/team/app,ghcr.io/octo/app",
      "push-by-digest=true",
      "name-canonical=true",
      "push=true",
    ]);
    expect(argv).toContain("--metadata-file=/tmp-of-job/metadata.json");
    expect(argv.filter((word) => /^(?:-t|--tag)/.test(word))).toEqual([]);
  });

  test("carries the image under the content's tag where it cannot push by digest, never under latest", () => {
    const output = readCsv(outputOf(buildx({}, { delivery: "carrier-tag" })));
    expect(output).toContain(
      "name=mayfly.azurecr.io/team/app:ctx-0123456789abcdef,ghcr.io/octo/app:ctx-0123456789abcdef",
    );
    expect(output.join()).not.toContain("by-digest");
  });

  test("exports without a push, and only when asked", () => {
    const build = (outputs: readonly string[]) =>
      readValue(listBuildxArguments(makeRequest({ outputs }), undefined, OPTIONS)).filter((word) =>
        word.startsWith("--output"),
      );
    expect(build([])).toEqual(["--output=type=cacheonly"]);
    expect(build(["type=oci,dest=out.tar"])).toEqual(["--output=type=oci,dest=out.tar"]);
    expect(buildx({ outputs: ["type=local,dest=out"] }).filter((word) => word.startsWith("--output"))).toHaveLength(2);
  });

  test("is told everything that is asked", () => {
    const argv = buildx(
      {
        target: "prod",
        buildArgs: { A: "1", SPACE: "a b", LINES: "a\nb", DASH: "-x", EMPTY: "" },
        buildContexts: { docs: "../docs" },
        ssh: ["default"],
        platforms: ["linux/amd64", "linux/arm64"],
        labels: { "a.b": "c=d" },
        cacheFrom: ["type=registry,ref=a/b"],
        cacheTo: ["type=inline"],
        provenance: "mode=max",
        sbom: true,
        pull: true,
        noCache: true,
        sourceDateEpoch: 1_700_000_000,
      },
      { builder: "ci" },
    );
    expect(argv).toEqual(
      expect.arrayContaining([
        "--progress=plain",
        "--builder=ci",
        "--file=/job/app/Dockerfile",
        "--target=prod",
        "--build-arg=A=1",
        "--build-arg=SPACE=a b",
        "--build-arg=LINES=a\nb",
        "--build-arg=DASH=-x",
        "--build-arg=EMPTY=",
        "--build-arg=SOURCE_DATE_EPOCH=1700000000",
        "--build-context=docs=../docs",
        "--ssh=default",
        "--platform=linux/amd64,linux/arm64",
        "--label=a.b=c=d",
        "--cache-from=type=registry,ref=a/b",
        "--cache-to=type=inline",
        "--provenance=mode=max",
        "--sbom=true",
        "--pull",
        "--no-cache",
      ]),
    );
  });

  test("keeps the user's own time of reproducible layers", () => {
    const argv = buildx({ sourceDateEpoch: 5, buildArgs: { SOURCE_DATE_EPOCH: "7" } });
    expect(argv.filter((word) => word.includes("SOURCE_DATE_EPOCH"))).toEqual(["--build-arg=SOURCE_DATE_EPOCH=7"]);
  });

  test.each([
    [{ platforms: ["linux/amd64", "linux/arm64"] }, "manifest,index:a=b"],
    [{ provenance: "mode=min" }, "manifest,index:a=b"],
    [{ provenance: "true" }, "manifest,index:a=b"],
    [{ sbom: true }, "manifest,index:a=b"],
    [{ provenance: "false" }, "manifest:a=b"],
    [{ provenance: "mode=min,inline-only=true" }, "manifest:a=b"],
    [{}, "manifest:a=b"],
  ])("annotates an index only where there surely is one: %j", (change, words) => {
    expect(buildx({ ...change, annotations: { a: "b" } })).toContain(`--annotation=${words}`);
  });

  test("leaves the levels that a user names, and refuses an index's where there is none", () => {
    const annotations = { "index:a": "b", "manifest[linux/arm64]:c": "d", "com.example:e": "f" };
    expect(buildx({ annotations, sbom: true }).filter((word) => word.startsWith("--annotation"))).toEqual([
      "--annotation=index:a=b",
      "--annotation=manifest[linux/arm64]:c=d",
      "--annotation=manifest,index:com.example:e=f",
    ]);
    const refused = listBuildxArguments(makeRequest({ annotations }), target, OPTIONS);
    expect(messageOf(refused, "build-value-invalid")).toContain('"index:a" is for an index');
  });

  test("names a secret's place and never holds its value", () => {
    const secrets = [
      { id: "npm", from: { kind: "env", name: "NPM_TOKEN" } },
      { id: "a,b", from: { kind: "file", path: '/job/odd "name", really' } },
    ] as const;
    const words = buildx({ secrets }).filter((word) => word.startsWith("--secret="));
    expect(words.map((word) => readCsv(word.slice(9)))).toEqual([
      ["id=npm", "env=NPM_TOKEN"],
      ["id=a,b", 'src=/job/odd "name", really'],
    ]);
  });

  test("gets any path of a secret through its quotes", () => {
    const path = fc.string({ unit: anyCharacter.filter((letter) => !/[\r\n\0]/.test(letter)), minLength: 1 });
    fc.assert(
      fc.property(path, fc.constantFrom("", ",", '"', '","'), (text, sign) => {
        const odd = `/${text}${sign}`;
        const argv = buildx({ secrets: [{ id: "x", from: { kind: "file", path: odd } }] });
        const word = argv.find((one) => one.startsWith("--secret="))?.slice(9) ?? "";
        expect(readCsv(word)).toEqual(["id=x", `src=${odd}`]);
        expect(parseCsvFields(word)).toEqual(readCsv(word));
      }),
    );
  });

  test("gets every value as a word of its own flag: none can pass for another", () => {
    const odd = fc.string({ unit: fc.constantFrom("-", "=", ",", '"', " ", "a", "'", "$") });
    fc.assert(
      fc.property(odd, odd, (value, ssh) => {
        const argv = buildx({ buildArgs: { A: value }, labels: { l: value }, ssh: [ssh], target: value });
        const flags = argv.slice(2, -1);
        expect(flags.every((word) => /^--[a-z-]+(?:=|$)/.test(word))).toBe(true);
        expect(flags.filter((word) => word.startsWith("--build-arg="))).toEqual([`--build-arg=A=${value}`]);
      }),
    );
  });
});

describe("a value that no command line carries", () => {
  test.each([
    [{ secrets: [{ id: "a\nb", from: { kind: "env", name: "X" } }] }, "secrets: expected a single line"],
    [{ secrets: [{ id: "", from: { kind: "env", name: "X" } }] }, "secrets: a secret has no id"],
    [{ cacheFrom: ["type=gha\n"] }, "cache-from: expected a single line"],
    [{ target: "a\nb" }, "target: expected a single line"],
    [{ labels: { "a=b": "c" } }, 'labels: the name "a=b"'],
    [{ annotations: { "": "c" } }, 'annotations: the name ""'],
    [{ buildArgs: { A: "a\0b" } }, 'build-args: "A" holds a NUL'],
    [{ outputs: ["-"] }, "writes to the log: add dest=<file>"],
    [{ outputs: ["type=tar"] }, "writes to the log"],
    [{ outputs: ["type=oci"] }, "writes to the log"],
    [{ outputs: ["type=local,dest=-"] }, "writes to the log"],
    [{ outputs: ['type=local,"dest=out'] }, "the quotes"],
  ] as const)("is refused: %j", (change, words) => {
    const request = makeRequest(change as Partial<BuildRequest>);
    expect(messageOf(listBuildxArguments(request, target, OPTIONS), "build-value-invalid")).toContain(words);
    expect(messageOf(listDockerArguments(request, target, "/job/iid"), "build-value-invalid")).toContain(words);
  });

  test.each(["type=local,dest=out", "out", "type=oci,tar=false,dest=out", "type=docker"])("is not %s", (output) => {
    expect(buildx({ outputs: [output] })).toContain(`--output=${output}`);
  });

  test("is told of with all others", () => {
    const request = makeRequest({ target: "a\nb", labels: { "": "" }, outputs: ["-"] });
    const parsed = listBuildxArguments(request, target, OPTIONS);
    expect("problems" in parsed && parsed.problems).toHaveLength(3);
  });
});

describe("plain docker", () => {
  test("builds under the carrier's tag, and pushes just that", () => {
    const request = makeRequest({
      target: "prod",
      buildArgs: { A: "-1" },
      platforms: ["linux/arm64"],
      labels: { a: "b" },
      cacheFrom: ["octo/app:main"],
      pull: true,
      noCache: true,
      sourceDateEpoch: 5,
    });
    expect(readValue(listDockerArguments(request, target, "/job/iid"))).toEqual([
      "build",
      "--file=/job/app/Dockerfile",
      "--target=prod",
      "--build-arg=A=-1",
      "--platform=linux/arm64",
      "--label=a=b",
      "--cache-from=octo/app:main",
      "--pull",
      "--no-cache",
      "--tag=mayfly.azurecr.io/team/app:ctx-0123456789abcdef",
      "--iidfile=/job/iid",
      "/job/app",
    ]);
    expect(listDockerPushArguments(target)).toEqual(["push", "mayfly.azurecr.io/team/app:ctx-0123456789abcdef"]);
    expect(readValue(listDockerArguments(makeRequest(), undefined, "/job/iid")).join()).not.toContain("--tag");
  });
});

describe("what a lesser builder cannot do", () => {
  const everything = makeRequest({
    platforms: ["linux/amd64", "linux/arm64"],
    cacheFrom: ["type=gha"],
    cacheTo: ["type=gha"],
    provenance: "mode=max",
    sbom: true,
    buildContexts: { a: "b" },
    secrets: [{ id: "a", from: { kind: "env", name: "A" } }],
    ssh: ["default"],
    annotations: { a: "b" },
    outputs: ["type=local,dest=out"],
  });

  test.each(["docker", "acr-tasks"] as const)("is told at once, and what to do: %s", (builder) => {
    const sentences = listUnsupported(builder, everything);
    expect(sentences.map((sentence) => sentence.split(":")[0])).toEqual([
      // ACR Tasks build each platform in a run of its own.
      ...(builder === "docker" ? ["platforms"] : []),
      "cache-to",
      "provenance",
      "sbom",
      "build-contexts",
      "secrets",
      "ssh",
      "annotations",
      "outputs",
      "cache-from",
    ]);
    for (const sentence of sentences) expect(sentence).toMatch(/; use builder: buildx$/);
  });

  test("is nothing of a plain request, with its computed labels", () => {
    const computed = { "org.opencontainers.image.title": "app" };
    const request = makeRequest({
      platforms: ["linux/amd64"],
      provenance: "false",
      labels: { ...computed, a: "b" },
      annotations: computed,
      buildArgs: { A: "1" },
      sourceDateEpoch: 5,
    });
    expect(listUnsupported("docker", { ...request, cacheFrom: ["octo/app:main"] })).toEqual([]);
    expect(listUnsupported("acr-tasks", request)).toEqual([]);
    expect(listUnsupported("acr-tasks", { ...request, cacheFrom: ["octo/app:main"] })).toHaveLength(1);
  });
});
