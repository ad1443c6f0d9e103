import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { ADMIN_TOKEN } from "../kubernetes/api-server.ts";
import { execUser, printToken } from "../kubernetes/kubeconfig.ts";
import { CONFIG_MAP, makeBed } from "./on-stand-in.ts";

const usersOf = (bed: Awaited<ReturnType<typeof makeBed>>) => [
  ...new Set(bed.server.requests.filter(({ path }) => path.includes("configmaps")).map(({ user }) => user)),
];

describe("a login", () => {
  test("with a token, which is masked before anything is asked", async () => {
    await using bed = await makeBed();
    const cluster = bed.connect();
    expect(bed.masked).toEqual([ADMIN_TOKEN]);
    await cluster.list(CONFIG_MAP, {});
    await cluster.list(CONFIG_MAP, {});
    expect(usersOf(bed)).toEqual(["admin"]);
    // Each time would be a line in the log.
    expect(bed.masked).toEqual([ADMIN_TOKEN]);
  });

  test("with a tokenFile, read again for each request", async () => {
    await using bed = await makeBed();
    bed.server.settings.tokens.set("first-token", "first").set("second-token", "second");
    const tokenFile = join(bed.folder, "token");
    writeFileSync(tokenFile, "first-token\n");
    const cluster = bed.connect({ user: { tokenFile: "token" } });
    await cluster.list(CONFIG_MAP, {});
    writeFileSync(tokenFile, "second-token");
    await cluster.list(CONFIG_MAP, {});
    expect(usersOf(bed)).toEqual(["first", "second"]);
    expect(bed.masked).toEqual(["first-token", "second-token"]);
  });

  test.each(["data", "files"])("with a client certificate as %s", async (form) => {
    await using bed = await makeBed();
    const { certificate, key } = await bed.server.authority.clientOf("jane");
    const base64 = (text: string): string => Buffer.from(text).toString("base64");
    writeFileSync(join(bed.folder, "c.pem"), certificate);
    writeFileSync(join(bed.folder, "k.pem"), key);
    const data = { "client-certificate-data": base64(certificate), "client-key-data": base64(key) };
    const files = { "client-certificate": "c.pem", "client-key": "k.pem" };
    await bed.connect({ user: form === "data" ? data : files }).list(CONFIG_MAP, {});
    expect(usersOf(bed)).toEqual(["jane"]);
    expect(bed.masked).toContain(key);
  });

  test("with an exec plugin, started once for requests side by side and told about the cluster", async () => {
    await using bed = await makeBed();
    bed.server.settings.tokens.set("plugged-token", "plugged");
    const seen = JSON.stringify(join(bed.folder, "seen"));
    const script = `require("fs").appendFileSync(${seen}, process.env.KUBERNETES_EXEC_INFO + "\\n"); ${printToken("plugged-token")}`;
    const user = execUser(script) as { readonly exec: object };
    const cluster = bed.connect({ user: { exec: { ...user.exec, provideClusterInfo: true } } });
    await Promise.all([1, 2, 3].map(() => cluster.list(CONFIG_MAP, {})));
    expect(usersOf(bed)).toEqual(["plugged"]);
    expect(bed.masked).toEqual(["plugged-token"]);
    const { readFileSync } = await import("node:fs");
    const runs = readFileSync(JSON.parse(seen), "utf8").trim().split("\n");
    expect(runs).toHaveLength(1);
    expect(JSON.parse(runs[0] ?? "")).toMatchObject({
      kind: "ExecCredential",
      spec: { interactive: false, cluster: { server: bed.server.url } },
    });
  });

  test("of a plugin serves all connections of a process, until the cluster no longer takes its token", async () => {
    await using bed = await makeBed();
    const count = JSON.stringify(join(bed.folder, "count"));
    const script = `const fs = require("fs"); fs.appendFileSync(${count}, "."); eval(${JSON.stringify(printToken("token-N"))}.replace("token-N", "token-" + fs.readFileSync(${count}).length))`;
    for (const name of ["token-1", "token-2", "token-3"]) bed.server.settings.tokens.set(name, name);
    const environment = { PATH: process.env["PATH"] };
    const connect = (given = environment) => bed.connect({ user: execUser(script) }, { environment: given });
    const [one, other] = [connect(), connect()];
    await Promise.all([one.list(CONFIG_MAP, {}), other.list(CONFIG_MAP, {})]);
    bed.server.settings.tokens.delete("token-1");
    await one.list(CONFIG_MAP, {});
    await other.list(CONFIG_MAP, {});
    expect(usersOf(bed)).toEqual(["token-1", "", "token-2"]);
    // It may do something else in another environment.
    await connect({ ...environment }).list(CONFIG_MAP, {});
    expect(usersOf(bed)).toEqual(["token-1", "", "token-2", "token-3"]);
  });

  test("asks the plugin again when the cluster no longer takes its token", async () => {
    await using bed = await makeBed();
    bed.server.settings.tokens.set("token-0", "early").set("token-1", "later");
    const count = JSON.stringify(join(bed.folder, "count"));
    const script = `const fs = require("fs"); const n = fs.existsSync(${count}) ? 1 : 0; fs.writeFileSync(${count}, ""); eval(${JSON.stringify(printToken("token-N"))}.replace("token-N", "token-" + n))`;
    const cluster = bed.connect({ user: execUser(script) });
    await cluster.list(CONFIG_MAP, {});
    bed.server.settings.tokens.delete("token-0");
    await cluster.list(CONFIG_MAP, {});
    expect(usersOf(bed)).toEqual(["early", "", "later"]);
  });

  test("reads the kubeconfig again when the cluster no longer takes its token", async () => {
    await using bed = await makeBed();
    bed.server.settings.tokens.set("old-token", "old").set("new-token", "new");
    const cluster = bed.connect({ user: { token: "old-token" } });
    await cluster.list(CONFIG_MAP, {});
    bed.server.settings.tokens.delete("old-token");
    bed.write({ user: { token: "new-token" } });
    await cluster.list(CONFIG_MAP, {});
    expect(usersOf(bed)).toEqual(["old", "", "new"]);
    expect(bed.masked).toEqual(["old-token", "new-token"]);
  });

  test("that the cluster does not know fails at the second 401", async () => {
    await using bed = await makeBed();
    const cluster = bed.connect({ user: { token: "unknown-token" } });
    await expect(cluster.list(CONFIG_MAP, {})).rejects.toMatchObject({
      code: "cluster-login-failed",
      message: expect.stringMatching(/does not know user "stand-in" of .*401.*run aks-set-context again/s),
    });
    expect(bed.server.requests.filter(({ status }) => status === 401)).toHaveLength(2);
  });

  test("says which program is missing, and what its kubeconfig says of it", async () => {
    await using bed = await makeBed();
    const exec = {
      apiVersion: "client.authentication.k8s.io/v1",
      command: "no-such-kubelogin",
      installHint: "brew install it",
    };
    await expect(bed.connect({ user: { exec } }).readVersion()).rejects.toMatchObject({
      code: "cluster-login-failed",
      message: expect.stringMatching(/exec plugin "no-such-kubelogin" is not on this runner.*brew install it/s),
    });
  });

  test.each([
    [
      "fails",
      'process.stderr.write("AADSTS700024: " + process.env.PLUGIN_SECRET); process.exit(1)',
      "AADSTS700024: ***",
    ],
    ["prints garbage", 'process.stdout.write("<html>")', "gave no credentials"],
    ["prints no status", 'process.stdout.write("{}")', "gave no credentials"],
    ["never ends", "setTimeout(() => {}, 800)", "it did not end within 0.3 s"],
  ])("whose plugin %s says why, without its secrets", async (_, script, words) => {
    await using bed = await makeBed();
    const { exec } = execUser(script) as { readonly exec: object };
    const env = [{ name: "PLUGIN_SECRET", value: "hunter2-hunter2" }];
    const cluster = bed.connect(
      { user: { exec: { ...exec, env } } },
      { limits: { loginMs: 300 * (words.includes("0.3") ? 1 : 50) } },
    );
    const error = await cluster.readVersion().catch((fault: unknown) => fault);
    expect(error).toMatchObject({ code: "cluster-login-failed", message: expect.stringContaining(words) });
    expect(String(error)).not.toContain("hunter2-hunter2");
    expect(bed.server.requests).toEqual([]);
  });
});
