import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { describe, expect, test } from "@jest/globals";
import { asking, pathOf } from "../ask.ts";
import { createAzure } from "../azure.ts";
import { addTeam } from "../team.ts";
import type { Json } from "../wire.ts";
import { addCluster } from "./add-cluster.ts";
import { COMMAND_FAILURES } from "./run-command.ts";
import { readZip } from "./unzip.ts";

const real = {
  server: "https://10.244.0.1:6443",
  caPem: "PEM",
  adminKubeconfig: "users: [{name: a, user: {token: of-the-administrator}}]",
};

function setUp(properties: Json = {}, connected = true) {
  const azure = createAzure({ frozen: true });
  const team = addTeam(azure, { role: "Owner" });
  const { id } = addCluster(azure, { subscriptionId: team.subscriptionId, name: "shop", properties });
  if (connected) azure.aks.connect(id, real);
  const ask = asking(azure, team);
  const clusterToken = azure.entra.accessToken(team.principal, "6dae42f8-4368-4678-94ff-3960e28e3630");
  const begin = (command: string, body: Json = {}) =>
    ask("POST", `${id}/runCommand`, { command, clusterToken, ...body });
  const run = async (command: string, body: Json = {}) => {
    const { status, headers } = await begin(command, body);
    expect(status).toBe(202);
    const result = await ask("GET", pathOf(headers["location"]));
    return result.json["properties"] as Json;
  };
  return { azure, team, id, ask, begin, run, clusterToken };
}

/** A zip of one file, packed or not. */
function zipOf(name: string, text: string, packed: boolean): string {
  const content = Buffer.from(text);
  const data = packed ? deflateRawSync(content) : content;
  const head = (local: boolean) => {
    const bytes = Buffer.alloc(local ? 30 : 46);
    const at = local ? 0 : 2;
    bytes.write(local ? "PK\u0003\u0004" : "PK\u0001\u0002", "latin1");
    bytes.writeUInt16LE(packed ? 8 : 0, 8 + at);
    bytes.writeUInt32LE(data.length, 18 + at);
    bytes.writeUInt32LE(content.length, 22 + at);
    bytes.writeUInt16LE(name.length, 26 + at);
    return Buffer.concat([bytes, Buffer.from(name)]);
  };
  const front = Buffer.concat([head(true), data]);
  const directory = head(false);
  const end = Buffer.alloc(22);
  end.write("PK\u0005\u0006", "latin1");
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(front.length, 16);
  return Buffer.concat([front, directory, end]).toString("base64");
}

describe("runCommand", () => {
  test("runs in a shell, with the exit code and both streams", async () => {
    const { run } = setUp();
    expect(await run("echo out; echo bad >&2; exit 7")).toMatchObject({
      provisioningState: "Succeeded",
      exitCode: 7,
      logs: expect.stringMatching(/out\n[\s\S]*bad\n|bad\n[\s\S]*out\n/),
    });
  });

  test.each([true, false])(
    "finds the files of the zip in its folder (packed: %s), which goes afterwards",
    async (packed) => {
      const { run } = setUp();
      const context = zipOf("chart/values.yaml", "replicas: 2\n".repeat(20), packed);
      const { logs } = await run("head -1 chart/values.yaml; pwd", { context });
      const [line, folder = ""] = `${logs}`.split("\n");
      expect(line).toBe("replicas: 2");
      expect(existsSync(folder)).toBe(false);
    },
  );

  test("reads what the zip command of the system makes, where there is one", () => {
    const folder = mkdtempSync(join(tmpdir(), "mayfly-zip-"));
    try {
      writeFileSync(
        join(folder, "run.py"),
        "import zipfile\nz=zipfile.ZipFile('a.zip','w',zipfile.ZIP_DEFLATED)\nz.writestr('a/b.txt','hello '*50)\nz.close()\n",
      );
      execFileSync("python3", ["run.py"], { cwd: folder });
      const zip = execFileSync("cat", ["a.zip"], { cwd: folder });
      expect(readZip(zip)).toMatchObject([{ name: "a/b.txt", bytes: Buffer.from("hello ".repeat(50)) }]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("speaks as whoever asked with Entra, as the administrator without, to the API server itself", async () => {
    const { run, clusterToken } = setUp();
    const { logs } = await run('cat "$KUBECONFIG"');
    expect(logs).toContain(`token: ${clusterToken}`);
    expect(logs).toContain("server: https://10.244.0.1:6443");
    const local = setUp({ aadProfile: undefined });
    expect((await local.run('cat "$KUBECONFIG"'))["logs"]).toContain("of-the-administrator");
  });

  test("keeps 512 kB of what is printed, and refuses a zip that leads out of its folder", async () => {
    const { run } = setUp();
    expect(`${(await run("head -c 700000 /dev/zero | tr '\\0' x"))["logs"]}`).toHaveLength(524_288);
    expect(await run("true", { context: zipOf("../../evil", "x", false) })).toMatchObject({
      provisioningState: "Failed",
      reason: expect.stringContaining("leads out of its folder"),
    });
  });

  test("is over when the clock says so", async () => {
    const { azure, ask, begin } = setUp();
    Object.assign(azure.aks.settings, { commandSeconds: 20, commandRetryAfterSeconds: 5 });
    const { headers } = await begin("true");
    const poll = () => ask("GET", pathOf(headers["location"]));
    expect(await poll()).toMatchObject({ status: 202, headers: { "retry-after": "5" } });
    azure.clock.advance(20_000);
    expect((await poll()).status).toBe(200);
  });

  test.each([
    ["switched off", { apiServerAccessProfile: { disableRunCommand: true } }, {}, /disabled/],
    ["asked without a token", {}, { clusterToken: "" }, /clusterToken is required/],
    ["asked with a token for something else", {}, { clusterToken: "ey.ey.x" }, /no token for 6dae42f8/],
    ["asked without a command", {}, { command: "" }, /command is required/],
    ["asked with what is no zip", {}, { context: "bm8=" }, /cannot be read/],
  ])("is refused when %s", async (_, properties, body, message) => {
    const { begin } = setUp(properties);
    expect(await begin("true", body)).toMatchObject({ status: 400, message: expect.stringMatching(message) });
  });

  test("is refused in a cluster that is stopped, and where nothing could run it", async () => {
    const { azure, id, begin } = setUp();
    azure.aks.setPower(id, "Stopped");
    expect(await begin("true")).toMatchObject({ status: 409, code: "OperationNotAllowed" });
    expect((await setUp({}, false).begin("true")).status).toBe(501);
  });

  test("fails as planned, at once or at a poll, and then goes on", async () => {
    const { azure, ask, begin } = setUp();
    azure.aks.planCommand(COMMAND_FAILURES.notSchedulable);
    expect((await begin("true")).code).toBe("KubernetesPerformanceError");
    azure.aks.planCommand({ ...COMMAND_FAILURES.notStarted, later: true });
    const { headers } = await begin("true");
    expect((await ask("GET", pathOf(headers["location"]))).code).toBe("KubernetesOperationError");
    expect((await begin("true")).status).toBe(202);
  });

  test("needs two actions: one to run, one to see the result", async () => {
    const { azure, team, id, begin } = setUp();
    const other = azure.entra.addManagedIdentity({
      tenantId: team.tenantId,
      clientId: "c11e0000-0000-4000-8000-00000000000b",
      objectId: "0b1ec700-0000-4000-8000-00000000000b",
    });
    azure.arm.assignRole(other.objectId, "Azure Kubernetes Service Cluster Admin Role", id);
    const ask = asking(azure, { principal: other });
    const { headers } = await begin("true");
    expect((await ask("GET", pathOf(headers["location"]))).code).toBe("AuthorizationFailed");
  });
});
