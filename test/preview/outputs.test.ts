import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { readDeployed, readImages } from "../../src/preview/deployed.ts";
import { findFailed, findOutput, readNeeds } from "../../src/preview/needed-jobs.ts";
import { readSmokeEvidence, readSmokeRows } from "../../src/preview/smoke-rows.ts";
import { findTeardownFault, listDone, listRemoved } from "../../src/preview/teardown-words.ts";

describe("the images of a deployment", () => {
  const digest = `sha256:${"ab".repeat(32)}`;
  test("are those that were built, by name", () => {
    const built = JSON.stringify({ api: { repository: "r.azurecr.io/api", tag: "pr-12", digest } });
    expect(readImages(built, JSON.stringify({ "nginx:1": digest }))).toEqual([
      { name: "api", repository: "r.azurecr.io/api", tag: "pr-12", digest },
    ]);
  });

  test.each([
    ["r.azurecr.io/team/api:pr-12", "api", "r.azurecr.io/team/api", "pr-12"],
    ["localhost:5000/api", "api", "localhost:5000/api", ""],
    [`nginx@${digest}`, "nginx", "nginx", ""],
    [`localhost:5000/nginx:1.27@${digest}`, "nginx", "localhost:5000/nginx", "1.27"],
  ])("are those that run where none was built: %s", (image, name, repository, tag) => {
    expect(readImages("", JSON.stringify({ [image]: digest }))).toEqual([{ name, repository, tag, digest }]);
  });
});

describe("what jobs before said", () => {
  const needs = readNeeds({
    gate: { result: "success", outputs: { decision: "create", reason: "" } },
    plan: { result: "cancelled", outputs: {} },
    images: { result: "failure", outputs: { cause: "no" } },
    odd: "x",
  });

  test("tells who failed first, and who was cancelled only where nobody failed", () => {
    expect(findFailed(needs)?.name).toBe("images");
    expect(findFailed(needs.filter(({ name }) => name !== "images"))?.name).toBe("plan");
    expect(findFailed([])).toBeUndefined();
  });

  test("is found by the name of an output", () => {
    expect([findOutput(needs, "decision"), findOutput(needs, "reason"), findOutput(needs, "none")]).toEqual([
      "create",
      "",
      "",
    ]);
  });
});

describe("what a teardown did", () => {
  test("counts nothing that terraform only meant to destroy", () => {
    const receipt = JSON.stringify({ terraform: { destroy: "18", "error-code": "destroy-incomplete" } });
    expect(listDone({ receipt })).toEqual([]);
    expect(findTeardownFault({ "failed-step": "terraform", "error-code": "destroy-incomplete" })).toEqual({
      step: "terraform",
      code: "destroy-incomplete",
    });
  });

  test("is in the words of the receipt of a removal, too", () => {
    expect(listRemoved('{"done":["Resource group x gone",7]}')).toEqual(["Resource group x gone"]);
    expect(listRemoved("")).toEqual([]);
  });
});

test("no text and no JSON of an earlier step makes a report throw", () => {
  const value = fc.jsonValue({ maxDepth: 4 });
  const names = ["kind", "tests", "steps", "checks", "evidence", "result", "outputs", "receipt", "images", "done"];
  const odd = fc.dictionary(fc.constantFrom(...names, "__proto__"), value);
  fc.assert(
    fc.property(odd, fc.string(), (fields, text) => {
      const named = { ...fields, kind: "SmokeReport", receipt: JSON.stringify(fields), images: text };
      for (const told of [JSON.stringify(named), JSON.stringify(fields), text]) {
        readSmokeRows(told);
        readSmokeEvidence(told);
        listRemoved(told);
        readImages(told, told);
      }
      expect(readDeployed(named).durationMs).toBeUndefined();
      expect(Array.isArray(readNeeds(fields))).toBe(true);
      expect(Array.isArray(listDone(named))).toBe(true);
    }),
  );
});
