// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are expressions of GitHub, not of JavaScript
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { stringify } from "yaml";
import { ENTRY_KEYS, type EntryKey } from "../../src/image/image-entry.ts";
import { parseImagesFile } from "../../src/image/images-file.ts";
import { messageOf, readValue } from "./parsed.ts";

const read = (text: string) => readValue(parseImagesFile(text));
const problems = (text: string, file?: string) => {
  const parsed = parseImagesFile(text, file);
  if ("value" in parsed) throw new Error(`was taken: ${JSON.stringify(parsed.value)}`);
  return parsed.problems.map(({ message, file: place, line }) =>
    place === undefined ? message : `${place}:${line ?? ""}: ${message}`,
  );
};

describe("a list of images", () => {
  test("has an entry for each image, whose values are texts of inputs", () => {
    const text = `
- name: api
  images: team/api
  context: services/api
  platforms: [linux/amd64, linux/arm64]
  build-args:
    VERSION: 1.10
    EMPTY: ""
    ON: yes
  sbom: false
  pull: true
- images:
    - team/web
    - ghcr.io/octo/web
  target: 1.10
  labels: |
    a=b

    # not this one
    c=d=e
`;
    expect(read(text)).toEqual([
      {
        name: "api",
        images: "team/api",
        context: "services/api",
        platforms: "linux/amd64\nlinux/arm64",
        "build-args": "VERSION=1.10\nEMPTY=\nON=yes",
        sbom: "false",
        pull: "true",
      },
      { name: "web", images: "team/web\nghcr.io/octo/web", target: "1.10", labels: "a=b\nc=d=e" },
    ]);
  });

  test.each([
    ["only a repository", "team/app", [{ name: "app", images: "team/app" }]],
    [
      "the repositories of one image",
      "team/app\n  ghcr.io/octo/app\n",
      [{ name: "app", images: "team/app\nghcr.io/octo/app" }],
    ],
    ["a registry with a port", "localhost:5000/team/app", [{ name: "app", images: "localhost:5000/team/app" }]],
    ["a single entry", "images: team/app\ntarget: prod", [{ name: "app", images: "team/app", target: "prod" }]],
    [
      "JSON, too",
      '[{"images":"a/b"},{"images":["c/d"],"sbom":true}]',
      [
        { name: "b", images: "a/b" },
        { name: "d", images: "c/d", sbom: "true" },
      ],
    ],
    [
      "what is said once and meant twice",
      "- {images: a/b, platforms: &both [linux/amd64, linux/arm64]}\n- {images: c/d, platforms: *both}",
      [
        { name: "b", images: "a/b", platforms: "linux/amd64\nlinux/arm64" },
        { name: "d", images: "c/d", platforms: "linux/amd64\nlinux/arm64" },
      ],
    ],
    [
      "one repository with other tags",
      "- {images: a/b, name: x}\n- {images: a/b, name: y, target: slim, tags: slim}",
      [
        { name: "x", images: "a/b" },
        { name: "y", images: "a/b", target: "slim", tags: "slim" },
      ],
    ],
  ])("may be %s", (_, text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  test("tells everything that is wrong at once, each with its line", () => {
    const text = `- name: api
  images: Team/API
  platform: linux/amd64
- name: web app
  images: team/web
- context: services/worker
- team/job
- images: team/cron
  sbom: maybe
  build-args: [A]
  tags: []
  context:
  target: [a, b]
`;
    expect(problems(text, ".mayfly/images.yml")).toEqual([
      expect.stringMatching(
        /^\.mayfly\/images\.yml:3: Image 1: platform is no key of an image; known are name, images, /,
      ),
      '.mayfly/images.yml:4: Image 2: name: expected letters, digits, - and _, got "web app"',
      ".mayfly/images.yml:6: Image 3: images: expected the image's repository, such as team/app",
      ".mayfly/images.yml:7: Image 4: expected keys and values, such as images: team/app",
      ".mayfly/images.yml:9: Image 5: sbom: expected true or false",
      ".mayfly/images.yml:10: Image 5: build-args: expected NAME: value pairs, or NAME=value on each line",
      ".mayfly/images.yml:11: Image 5: tags: expected at least one value",
      ".mayfly/images.yml:12: Image 5: context: expected a text",
      ".mayfly/images.yml:13: Image 5: target: expected a text",
    ]);
  });

  test.each([
    ["nothing", "", "Expected at least one image"],
    ["nothing but a comment", "# later\n", "Expected at least one image"],
    ["a null", "null", "Expected at least one image"],
    ["an empty list", "[]", "Expected at least one image"],
    ["what is no YAML", "- a: [", "Line 1: This is no YAML: "],
    ["a key that stands twice", "- {images: a/b, images: c/d}", "Line 1: This is no YAML: Map keys must be unique"],
    ["a bad repository", "- images: a//b", 'Line 1: Image 1: images: "a//b" has an empty part'],
    ["a tag in a repository", "- images: a/b:1", 'Line 1: Image 1: images: "a/b:1" holds a tag'],
    ["a tag in the only repository", "a/b:1", '"a/b:1" holds a tag'],
    ["a name that only a repository can have", "- images: team/my.app", "such as name: my-app"],
    ["a list with a key around it", "images:\n  - images: team/app", "begins at the top of the file"],
    ["two images of one name", "- images: a/app\n- images: b/App", 'App" has upper-case letters'],
    [
      "two images of one name but for its case",
      "- images: a/app\n- {images: b/app, name: APP}",
      "Line 2: The name APP stands twice",
    ],
    [
      "two images with the same tags",
      "- {images: a/b, name: x}\n- {images: a/b, name: y}",
      "x and y push the same tags to a/b",
    ],
    ["an expression", "- {images: a/b, context: '${{ vars.X }}'}", "without an expression of GitHub's"],
    [
      "an expression in a pair",
      "- {images: a/b, build-args: {A: '${{ vars.X }}'}}",
      "without an expression of GitHub's",
    ],
    ["a value of two lines", '- {images: a/b, build-args: {A: "b\\nc"}}', "build-args: expected a single line"],
    ["a pair without a value", "- {images: a/b, build-args: {A: }}", 'expected a value for A (an empty one is "")'],
    ["a list in a list", "- {images: [[a/b]]}", "images: expected a text"],
  ])("is refused for %s", (_, text, message) => {
    expect(messageOf(parseImagesFile(text), "images-list-invalid")).toContain(message);
  });

  test("is not longer than what GitHub makes jobs of", () => {
    const list = (count: number): string =>
      stringify(Array.from({ length: count }, (_, i) => ({ images: `team/app-${i}` })));
    expect(read(list(256))).toHaveLength(256);
    expect(problems(list(257))).toEqual([expect.stringContaining("at most 256 images")]);
  });

  test("does not grow with what stands for something else", () => {
    const bomb = `- &a {images: a/b}\n${Array.from({ length: 300 }, () => "- *a").join("\n")}`;
    expect(problems(bomb)).toEqual([
      expect.stringContaining("at most 256 images, which is what GitHub makes jobs of, got 301"),
    ]);
  });
});

const word = fc.stringMatching(/^[A-Za-z0-9._/:@+ =#&*!%?-]{0,20}$/).map((text) => text.trim());
const line = word.filter((text) => text !== "" && !text.startsWith("#"));
const sayingOf = (key: EntryKey): fc.Arbitrary<{ readonly given: unknown; readonly text: string }> =>
  ({
    text: line.map((text) => ({ given: text, text })),
    flag: fc.boolean().map((flag) => ({ given: flag, text: String(flag) })),
    lines: fc.array(line, { minLength: 1, maxLength: 4 }).map((lines) => ({ given: lines, text: lines.join("\n") })),
    "key=value lines": fc
      .dictionary(fc.stringMatching(/^[A-Za-z][\w.-]{0,8}$/), word, { minKeys: 1, maxKeys: 4, noNullPrototype: true })
      .map((pairs) => ({
        given: pairs,
        text: Object.entries(pairs)
          .map(([name, value]) => `${name}=${value}`)
          .join("\n"),
      })),
  })[ENTRY_KEYS[key]];

test("whatever an entry says comes out as the text of an input, whether written as YAML or as JSON", () => {
  const keys = (Object.keys(ENTRY_KEYS) as EntryKey[]).filter((key) => key !== "name" && key !== "images");
  const entry = fc.record(Object.fromEntries(keys.map((key) => [key, sayingOf(key)])), { requiredKeys: [] });
  fc.assert(
    fc.property(fc.array(entry, { minLength: 1, maxLength: 4 }), fc.boolean(), (entries, asJson) => {
      const given = entries.map((values, index) => ({
        images: `team/app-${index}`,
        ...Object.fromEntries(Object.entries(values).map(([key, value]) => [key, value?.given])),
      }));
      const expected = entries.map((values, index) => ({
        name: `app-${index}`,
        images: `team/app-${index}`,
        ...Object.fromEntries(Object.entries(values).map(([key, value]) => [key, value?.text])),
      }));
      expect(read(asJson ? JSON.stringify(given) : stringify(given))).toEqual(expected);
    }),
  );
});

test("no text at all makes it throw", () => {
  const token = fc.constantFrom(
    "- ",
    "images: ",
    "a/b",
    "\n",
    "  ",
    "[",
    "]",
    "{",
    "}",
    "&a ",
    "*a",
    "<<: ",
    ":",
    "#",
    '"',
    "name: ",
    "|",
    "!!set ",
    "?",
    "---\n",
    "\u0000",
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(token).map((tokens) => tokens.join("")),
      ),
      (text) => {
        const parsed = parseImagesFile(text);
        expect("value" in parsed ? parsed.value.length : parsed.problems.length).toBeGreaterThan(0);
      },
    ),
    { numRuns: 500 },
  );
});
