import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { findChartVersionFault, parseChart } from "../../src/helm/chart-reference.ts";
import { messageOf, readValue } from "./parsed.ts";

const DIGEST = `sha256:${"ab12".repeat(16)}`;

describe("a chart", () => {
  test.each([
    ["./charts/app", { kind: "folder", path: "./charts/app" }],
    ["charts/app", { kind: "folder", path: "./charts/app" }],
    ["bitnami/nginx", { kind: "folder", path: "./bitnami/nginx" }],
    [".", { kind: "folder", path: "." }],
    ["/srv/app", { kind: "folder", path: "/srv/app" }],
    ["-rf", { kind: "folder", path: "./-rf" }],
    [" app-1.2.3.tgz ", { kind: "archive", path: "./app-1.2.3.tgz" }],
    ["../app.tar.gz", { kind: "archive", path: "../app.tar.gz" }],
    ["https://a.example/app-1.tgz", { kind: "url", url: "https://a.example/app-1.tgz" }],
    ["oci://mayfly.azurecr.io/charts/app", { kind: "oci", reference: "oci://mayfly.azurecr.io/charts/app" }],
    ["oci://localhost:5000/a:1.2.3_b", { kind: "oci", reference: "oci://localhost:5000/a:1.2.3_b" }],
    [`oci://h/a@${DIGEST}`, { kind: "oci", reference: `oci://h/a@${DIGEST}` }],
    [
      "https://kedacore.github.io/charts keda",
      { kind: "repository", url: "https://kedacore.github.io/charts", name: "keda" },
    ],
  ])("%s", (text, place) => {
    expect(readValue(parseChart(text))).toEqual({ ...place, given: text.trim() });
  });

  test("is a name when a repository is given beside it", () => {
    expect(readValue(parseChart("keda", "https://kedacore.github.io/charts"))).toMatchObject({
      kind: "repository",
      name: "keda",
    });
  });

  test.each([
    ["", undefined, /folder/],
    ["a\nb", undefined, /folder/],
    ["oci://mayfly.azurecr.io", undefined, /oci:\/\/<registry>/],
    ["oci://h/App", undefined, /oci/],
    ["oci://h/a@sha256:12", undefined, /whole digest/],
    ["https://a.example/charts", undefined, /\.tgz/],
    ["ftp://a.example/x.tgz", undefined, /\.tgz/],
    ["https://me:pw@a.example/x.tgz", undefined, /login/],
    ["https://me:pw@a.example/charts app", undefined, /login/],
    ["-app", "https://a.example", /name of a chart/],
    ["a/b", "https://a.example", /name of a chart/],
    ["app", "oci://h/charts/", /in one piece: oci:\/\/h\/charts\/app/],
    ["app", "a.example", /https/],
  ])("%j beside %j is refused", (text, repository, words) => {
    const said = messageOf(parseChart(text, repository), "chart-reference-invalid");
    expect(said).toMatch(words);
    expect(said).not.toContain("pw");
  });

  test("never becomes a flag, nor a name of a repository that this machine knows", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (text) => {
        const parsed = parseChart(text);
        if ("problems" in parsed) return;
        const { value } = parsed;
        if (value.kind === "folder" || value.kind === "archive")
          expect(value.path).toMatch(/^(?:\.|\/|[A-Za-z]:[\\/])/);
      }),
    );
  });
});

describe("a version of a chart", () => {
  const faultOf = (version: string, text: string): string | undefined =>
    findChartVersionFault(version, readValue(parseChart(text)));

  test.each([
    ["1.2.3", "oci://h/a"],
    ["^1.2", "https://a.example app"],
    [">=1.0.0, <2.0.0 || 3.x", "https://a.example app"],
    ["1.2.3+b", "oci://h/a:1.2.3_b"],
  ])("%s goes with %s", (version, text) => {
    expect(faultOf(version, text)).toBeUndefined();
  });

  test.each([
    ["--repo=x", "oci://h/a", /expected a version/],
    ["1.2\n3", "oci://h/a", /expected a version/],
    ["1.2.3", "./app", /Chart\.yaml/],
    ["1.2.3", "https://a.example/x.tgz", /Chart\.yaml/],
    ["1.2.3", "oci://h/a:1.2.4", /tag .* is not 1\.2\.3/],
    ["1.2.3", `oci://h/a@${DIGEST}`, /digest/],
  ])("%j does not go with %s", (version, text, words) => {
    expect(faultOf(version, text)).toMatch(words);
  });
});
