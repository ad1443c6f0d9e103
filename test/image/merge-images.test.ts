import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { mergeImages } from "../../src/image/merge-images.ts";
import {
  imageRecordName,
  type PushedImage,
  parsePushedImages,
  renderPushedImages,
} from "../../src/image/pushed-image.ts";
import { messageOf, readValue } from "./parsed.ts";

const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;
const api: PushedImage = { name: "api", repository: "mayfly.azurecr.io/team/api", tag: "pr-7", digest: digest("a") };
const web: PushedImage = { name: "web", repository: "mayfly.azurecr.io/team/web", tag: "", digest: digest("b") };
const fileOf = (image: PushedImage, path = imageRecordName(image.name)) => ({
  path,
  text: renderPushedImages([image]),
});

describe("images that were pushed", () => {
  test("are JSON with a key for each, in the order of their names", () => {
    expect(JSON.parse(renderPushedImages([web, api]))).toEqual({
      api: { repository: "mayfly.azurecr.io/team/api", tag: "pr-7", digest: digest("a") },
      web: { repository: "mayfly.azurecr.io/team/web", tag: "", digest: digest("b") },
    });
    expect(renderPushedImages([web, api])).toBe(renderPushedImages([api, web]));
    expect(readValue(parsePushedImages(renderPushedImages([web, api])))).toEqual([api, web]);
  });

  test("are named by digest in other words, too", () => {
    const text = `\n ghcr.io/octo/api:1.2@${digest("a")}\n# and\nmayfly.azurecr.io/team/web@${digest("b")}\n`;
    expect(readValue(parsePushedImages(text))).toEqual([
      { name: "api", repository: "ghcr.io/octo/api", tag: "1.2", digest: digest("a") },
      web,
    ]);
  });

  test.each([
    ["nothing", "", "Expected at least one image"],
    ["an empty object, as of a build that pushed nothing", "{}", "Expected at least one image"],
    ["half of a JSON", '{"api":', 'Expected JSON such as the output "images" of a build'],
    ["an image that is none", '{"api":1}', 'The image "api" has no repository with its registry, no digest'],
    ["a tag that is none", JSON.stringify({ api: { ...api, tag: 1 } }), 'The image "api" has a tag that is no text'],
    ["a repository without its registry", JSON.stringify({ api: { ...api, repository: "team/api" } }), "no repository"],
    ["a repository with a tag", JSON.stringify({ api: { ...api, repository: "a.io/team/api:1" } }), "no repository"],
    ["a short digest", JSON.stringify({ api: { ...api, digest: "sha256:abc" } }), "no digest"],
    ["a name that no job can have", JSON.stringify({ "a/b": api }), 'expected letters, digits, - and _, got "a/b"'],
    [
      "a reference without a digest",
      "ghcr.io/octo/app:1",
      "ghcr.io/octo/app:1 has no digest: write ghcr.io/octo/app@sha256:…",
    ],
    ["a reference that is none", `ghcr.io/Octo/app@${digest("a")}`, "upper-case"],
    ["two of one name", `a.io/x/app@${digest("a")}\nb.io/y/app@${digest("a")}`, "Two images are called app"],
  ])("are not %s", (_, text, message) => {
    expect(messageOf(parsePushedImages(text), "pushed-images-invalid")).toContain(message);
  });
});

describe("what the jobs of a matrix say", () => {
  test("is merged, each image once", () => {
    expect(
      readValue(mergeImages([fileOf(api), fileOf(web), fileOf(api, "again/image-api.json")], ["api", "web"])),
    ).toEqual([api, web]);
  });

  test("of images of another list is left to that one", () => {
    expect(readValue(mergeImages([fileOf(api), fileOf(web)], ["web"]))).toEqual([web]);
    expect(readValue(mergeImages([fileOf(api), fileOf(web)], []))).toEqual([api, web]);
  });

  test("is not enough when a job is silent", () => {
    expect(messageOf(mergeImages([fileOf(api)], ["api", "web", "job"]), "images-missing")).toBe(
      "Expected what was pushed of web (image-web.json), job (image-job.json); there is image-api.json. The job of each image must have pushed it and handed its file on.",
    );
    expect(messageOf(mergeImages([], ["api"]), "images-missing")).toContain("there is no file at all");
  });

  test.each([
    ["digest", { ...api, digest: digest("c") }],
    ["tag", { ...api, tag: "pr-8" }],
    ["repository", { ...api, repository: "ghcr.io/team/api" }],
  ])("contradicts itself with another %s", (_, other) => {
    const message = messageOf(mergeImages([fileOf(api, "one.json"), fileOf(other, "two.json")], []), "images-conflict");
    expect(message).toContain("one.json says that api is mayfly.azurecr.io/team/api:pr-7@sha256:aaa");
    expect(message).toContain("two.json");
  });

  test("is told with all its problems", () => {
    const parsed = mergeImages(
      [{ path: "image-job.json", text: "oops" }, fileOf(api), fileOf({ ...api, tag: "x" })],
      ["web"],
    );
    expect("problems" in parsed && parsed.problems.map(({ code }) => code)).toEqual([
      "pushed-images-invalid",
      "images-missing",
    ]);
  });
});

const image = fc.record({
  name: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_-]{0,8}$/),
  repository: fc.constantFrom("a.azurecr.io/team/app", "ghcr.io/octo/app", "localhost:5000/x"),
  tag: fc.constantFrom("", "1.2", "pr-7"),
  digest: fc.constantFrom(...["a", "b"].map(digest)),
});

test("in whatever order the files come, and however often, the same images or the same refusal come out", () => {
  fc.assert(
    fc.property(
      fc
        .array(image, { minLength: 1, maxLength: 6 })
        .chain((images) =>
          fc.tuple(fc.constant(images), fc.shuffledSubarray([...images, ...images], { minLength: images.length })),
        ),
      ([images, shuffled]) => {
        const outcome = (list: readonly PushedImage[]): string => {
          const merged = mergeImages(
            list.map((each) => fileOf(each)),
            images.map(({ name }) => name),
          );
          return "value" in merged ? renderPushedImages(merged.value) : "refused";
        };
        const complete = images.every((each) =>
          shuffled.some((other) => renderPushedImages([each]) === renderPushedImages([other])),
        );
        fc.pre(complete);
        expect(outcome(shuffled)).toBe(outcome(images));
        const contradicts =
          new Set(images.map(({ name }) => name)).size < new Set(images.map((each) => renderPushedImages([each]))).size;
        expect(outcome(images) === "refused").toBe(contradicts);
      },
    ),
  );
});
