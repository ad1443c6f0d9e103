import { describe, expect, test } from "@jest/globals";
import { applyImageValues } from "../../src/helm/image-values.ts";
import { messageOf, readValue } from "./parsed.ts";

const DIGEST = `sha256:${"ab12".repeat(16)}`;
const API = { repository: "mayfly.azurecr.io/api", tag: "pr-12-abc", digest: DIGEST };
const JOBS = { repository: "mayfly.azurecr.io/jobs", tag: "", digest: DIGEST };
const IMAGES = JSON.stringify({ api: API, jobs: JOBS });

describe("images of a build", () => {
  test("become values where the chart wants them", () => {
    expect(readValue(applyImageValues(IMAGES, { api: "proxy.image", jobs: ["image", "proxy.sidecar"] }))).toEqual({
      proxy: { image: API, sidecar: JOBS },
      image: JOBS,
    });
  });

  test("say everything that is wrong at once", () => {
    const images = JSON.stringify({ api: { repository: "api", digest: "sha256:1" }, jobs: JOBS });
    expect(messageOf(applyImageValues(images, {}), "image-values-invalid")).toMatch(
      /"api" has no repository with its registry, no digest/,
    );
    const odd = JSON.stringify({ api: { repository: { toString: "" }, tag: ["a"], digest: [DIGEST] } });
    expect(messageOf(applyImageValues(odd, { api: "image" }), "image-values-invalid")).toBe(
      'images: "api" has no repository with its registry, no digest (sha256: and 64 hex digits), a tag that is none',
    );
    const said = messageOf(
      applyImageValues(IMAGES, { web: "web.image", api: 1, jobs: ["a b", "c[0]"] }),
      "image-values-invalid",
    ).split("\n");
    expect(said).toHaveLength(4);
    expect(said[0]).toBe("image-values: web is no image of images, which are api, jobs");
  });

  test("do not lie in each other", () => {
    const fault = (places: Record<string, unknown>) =>
      messageOf(applyImageValues(IMAGES, places), "image-values-invalid");
    expect(fault({ api: "image", jobs: "image" })).toMatch(/image is the place of api/);
    expect(fault({ api: "image.tag", jobs: "image" })).toMatch(/lies together with the place of api/);
    expect(readValue(applyImageValues(IMAGES, { api: "image", jobs: "imageJobs" }))).toEqual({
      image: API,
      imageJobs: JOBS,
    });
  });

  test.each(["", "[]", "null", "{", '"api"'])("are not read from %j", (text) => {
    expect(messageOf(applyImageValues(text, {}), "image-values-invalid")).toMatch(/^images: expected/);
  });

  test("may have a key that means something to JavaScript", () => {
    const values = readValue(applyImageValues(IMAGES, { api: "__proto__.image" }));
    expect(JSON.parse(JSON.stringify(values))).toEqual(JSON.parse(`{"__proto__":{"image":${JSON.stringify(API)}}}`));
    expect(({} as Record<string, unknown>)["image"]).toBeUndefined();
  });
});
