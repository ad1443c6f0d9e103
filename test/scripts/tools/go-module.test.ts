import { expect, test } from "@jest/globals";
import { moduleFolder, parseGoModule, programOf } from "../../../scripts/tools/go-module.ts";

const TEXT = `module mayfly.test/tools/some

go 1.26.0

tool (
	example.com/some/v2/cmd/server // the daemon
	example.com/some/v2/cmd/client
)

require example.com/some/v2 v2.10.0-rc.1

require (
	example.com/other v1.0.0 // indirect
	example.com/some v1.9.9 // indirect
)
`;

test("reads version and programs of go.mod, in blocks or on lines of their own", () => {
  const packages = ["example.com/some/v2/cmd/server", "example.com/some/v2/cmd/client"];
  expect(parseGoModule(TEXT, "example.com/some/v2")).toEqual({ version: "2.10.0-rc.1", packages });
  expect(parseGoModule(TEXT, "example.com/some").version).toBe("1.9.9");
  const lines = "tool example.com/one\nrequire example.com/one v1.2.3\n";
  expect(parseGoModule(lines, "example.com/one")).toEqual({ version: "1.2.3", packages: ["example.com/one"] });
});

test("refuses a go.mod without the module, or without a tool", () => {
  expect(() => parseGoModule(TEXT, "example.com/none")).toThrow("go.mod does not require example.com/none");
  expect(() => parseGoModule("require a.b/c v1.0.0", "a.b/c")).toThrow('go.mod has no "tool" line');
});

test("knows what go calls a program", () => {
  expect(["a.b/c/cmd/buildx", "helm.sh/helm/v4/cmd/helm", "go.etcd.io/etcd/server/v3"].map(programOf)).toEqual([
    "buildx",
    "helm",
    "server",
  ]);
});

test("knows where go keeps a module", () => {
  expect(moduleFolder("github.com/BurntSushi/toml", "v1.6.0-RC.1")).toBe("github.com/!burnt!sushi/toml@v1.6.0-!r!c.1");
});
