import { describe, expect, test } from "@jest/globals";
import { parseHelmVersion, requireHelmVersion } from "../../src/helm/helm-version.ts";
import { messageOf, readValue } from "./parsed.ts";

describe("a version of helm", () => {
  test.each([
    ["v4.1.4+g05fa379\n", { major: 4, minor: 1, text: "v4.1.4+g05fa379" }],
    ["v3.17.2", { major: 3, minor: 17, text: "v3.17.2" }],
    ["v4.2", { major: 4, minor: 2, text: "v4.2" }],
    ["4.0.0-rc.1", { major: 4, minor: 0, text: "4.0.0-rc.1" }],
    [
      'version.BuildInfo{Version:"v3.17.2", GitCommit:"cc0bbbd", GitTreeState:"clean", GoVersion:"go1.23.7"}',
      { major: 3, minor: 17, text: "v3.17.2" },
    ],
  ])("is read from %s", (text, version) => {
    expect(parseHelmVersion(text)).toEqual(version);
  });

  test.each(["", "v2.17.0", "v5.0.0", "v40.1.0", "helm", "v3", "v3.17.2\nv4.1.4"])("is not read from %j", (text) => {
    expect(parseHelmVersion(text)).toBeUndefined();
  });

  test("older than what was tried is refused, with what to install", () => {
    expect(messageOf(requireHelmVersion("v3.16.4"), "helm-version-unsupported")).toMatch(/v3\.16\.4.*3\.17/);
    expect(messageOf(requireHelmVersion("nonsense"), "helm-version-unsupported")).toContain('"nonsense"');
    expect(readValue(requireHelmVersion("v3.17.0")).minor).toBe(17);
    expect(readValue(requireHelmVersion("v4.0.0")).major).toBe(4);
  });
});
