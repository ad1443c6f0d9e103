import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { spec } from "../../src/actions/acr-build-push/spec.ts";
import { ENTRY_KEYS, IMAGE_NAME } from "../../src/image/image-entry.ts";
import { readSource } from "./repository.ts";
import { asList, asTree, parseYamlFile, type Tree } from "./yaml-file.ts";

const keys = Object.entries(ENTRY_KEYS);

describe("each key of an entry in a list of images", () => {
  test("is an input of acr-build-push, and written as that one is read", () => {
    const inputs: Readonly<Record<string, { readonly kind: string }>> = spec.inputs;
    const plain = new Set(["lines", "key=value lines", "flag"]);
    const kinds = keys.map(([key]) => {
      const kind = inputs[key]?.kind ?? "no such input";
      return [key, plain.has(kind) || kind === "no such input" ? kind : "text"];
    });
    expect(kinds).toEqual(keys);
  });

  test("reaches acr-build-push through build-and-publish.yml", () => {
    const given = stepOf("build-and-publish.yml", "build");
    const forwarded = Object.entries(given).filter(([name, value]) => String(value).includes(`matrix.${name}`));
    expect(forwarded.map(([name]) => name).sort()).toEqual(keys.map(([key]) => key).sort());
  });

  test("stands on the page of image-list", () => {
    const [, listed = ""] = /^Known keys: (.*)\.$/m.exec(readSource("actions/image-list/README.md")) ?? [];
    expect(listed.split(", ")).toEqual(keys.map(([key]) => `\`${key}\``));
  });
});

test("a name that the list takes is one that acr-build-push takes", () => {
  const taken = (name: string): boolean => {
    try {
      return spec.inputs.name.read(name) === name;
    } catch {
      return false;
    }
  };
  const name = fc.oneof(fc.string({ minLength: 1 }), fc.stringMatching(/^[A-Za-z0-9._ -]{1,6}$/));
  fc.assert(fc.property(name, (text) => expect(taken(text)).toBe(IMAGE_NAME.test(text))));
});

/** What a job of a workflow gives to acr-build-push. */
function stepOf(workflow: string, job: string): Tree {
  const path = `.github/workflows/${workflow}`;
  const { tree } = parseYamlFile(path, readSource(path));
  const steps = asList(asTree(asTree(tree["jobs"])[job])["steps"]).map(asTree);
  return asTree(steps.find(({ uses }) => uses === "$/actions/acr-build-push")?.["with"]);
}
