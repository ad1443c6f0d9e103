import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { readKubeconfig } from "../../src/kubernetes/kubeconfig.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mayfly-kubeconfig-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, text: string): string => {
  const path = join(folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, text);
  return path;
};
const read = (environment: Readonly<Record<string, string>>, kubeconfig?: string, context?: string) =>
  readKubeconfig({ kubeconfig, context, environment });
const config = (name: string, more = ""): string => `
clusters: [{name: ${name}, cluster: {server: "https://${name}.example"}}]
users: [{name: ${name}, user: {token: token-of-${name}}}]
contexts: [{name: ${name}, context: {cluster: ${name}, user: ${name}, namespace: ns-${name}}}]
${more}`;
const problems = (text: string, context?: string): string => {
  try {
    read({}, write("bad", text), context);
  } catch (error) {
    expect(error).toMatchObject({ code: "kubeconfig-invalid" });
    return error instanceof Error ? error.message : "";
  }
  throw new Error("Nothing was wrong with it");
};

describe("a kubeconfig", () => {
  test("is the one that is given, else those of KUBECONFIG, else the one at home", () => {
    const given = write("given", config("given", "current-context: given"));
    const listed = write("listed", config("listed", "current-context: listed"));
    write("home/.kube/config", config("home", "current-context: home"));
    const HOME = join(folder, "home");
    expect(read({ KUBECONFIG: listed, HOME }, given).context).toBe("given");
    expect(read({ KUBECONFIG: listed, HOME })).toMatchObject({
      context: "listed",
      namespace: "ns-listed",
      source: listed,
    });
    expect(read({ KUBECONFIG: "", HOME }).cluster.server.href).toBe("https://home.example/");
  });

  test("of several files: the first word counts, and a file that is not there is left out", () => {
    const first = write("first", config("a"));
    const second = write(
      "second",
      `${config("b", "current-context: b")}`.replace(
        "[{name: b, user",
        "[{name: a, user: {token: late}}, {name: b, user",
      ),
    );
    const KUBECONFIG = [join(folder, "missing"), first, second].join(delimiter);
    expect(read({ KUBECONFIG }).context).toBe("b");
    expect(read({ KUBECONFIG }, undefined, "a").user.token).toBe("token-of-a");
  });

  test("means paths from its own folder", () => {
    write("sub/ca.pem", "x");
    write("sub/token", "x");
    write("sub/bin/login", "x");
    const path = write(
      "sub/config",
      `
clusters: [{name: c, cluster: {server: "https://c.example", certificate-authority: ca.pem}}]
users: [{name: u, user: {tokenFile: ./token, exec: {command: bin/login}}}]
contexts: [{name: x, context: {cluster: c, user: u}}]
current-context: x`,
    );
    const found = read({}, path);
    expect(found.cluster["certificate-authority"]).toBe(join(folder, "sub/ca.pem"));
    expect(found.user).toMatchObject({
      tokenFile: join(folder, "sub/token"),
      exec: { command: join(folder, "sub/bin/login") },
    });
    expect(found.namespace).toBe("default");
  });

  test("that is not there is told with where it was looked for", () => {
    const missing = (environment: Readonly<Record<string, string>>, path?: string) => () => read(environment, path);
    expect(missing({}, join(folder, "nope"))).toThrow(
      /nope \(the one that was given\) does not exist\. Run aks-set-context/,
    );
    expect(missing({ KUBECONFIG: join(folder, "nope") })).toThrow(/named by KUBECONFIG/);
    expect(missing({ HOME: folder })).toThrow(/\.kube.config \(the default: KUBECONFIG is not set\)/);
  });

  test("without a context lists those that it has", () => {
    expect(problems(config("a"))).toContain(
      'it has no current-context. Its contexts: "a". Name one: kubectl config use-context a',
    );
    expect(problems(config("a"), "b")).toContain('there is no context "b". Its contexts: "a".');
    expect(problems(config("a", "current-context: gone"))).toContain(
      'its current-context "gone" is not there. Its contexts: "a".',
    );
    expect(problems("{}")).toContain("it has no current-context. It has no contexts.");
  });

  test("is told of with all that is wrong, and with none of its secrets", () => {
    const said = problems(`
clusters: [{name: c, cluster: {server: "api.example:443", certificate-authority: gone.pem, proxy-url: "socks5://p:1", certificate-authority-data: bm9wZQ==}}]
users: [{name: u, user: {token: very-secret, client-key-data: c2VjcmV0, exec: {args: [a]}, auth-provider: {name: gcp}}}]
contexts: [{name: x, context: {cluster: c, user: u}}]
current-context: x`);
    for (const part of [
      'cluster "c": server: expected',
      'cluster "c": certificate-authority: the file',
      'cluster "c": certificate-authority-data: expected',
      'cluster "c": proxy-url: expected',
      'user "u": exec.command: expected',
      'user "u": auth-provider:',
      'user "u": it has a client-key but no client-certificate',
    ]) {
      expect(said).toContain(part);
    }
    expect(said).not.toMatch(/very-secret|c2VjcmV0/);
  });

  test("that is no YAML, or something else, says where", () => {
    expect(problems("a: [1\nb: }")).toMatch(/bad, line \d+: not YAML/);
    expect(problems("token-in-the-wrong-place")).toMatch(/a kubeconfig is a YAML mapping/);
    expect(problems("token-in-the-wrong-place")).not.toContain("token-in-the");
    expect(problems(`contexts: [{name: x, context: {cluster: c, user: u}}]\ncurrent-context: x`)).toMatch(
      /its cluster is "c", which is not there\. It has no clusters\.\n.*its user is "u", which is not there/,
    );
  });

  test("sends no login in the clear, save to this machine", () => {
    const at = (server: string): string => config("a", "current-context: a").replace("https://a.example", server);
    expect(problems(at("http://a.example"))).toContain("would send the login in the clear");
    expect(read({}, write("near", at("http://localhost:8001"))).cluster.server.port).toBe("8001");
  });
});
