import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { findFreeSubnet, listAddresses } from "./free-subnet.ts";
import { startLeashed } from "./leash.ts";
import { needRoot, needTools } from "./need-tools.ts";
import { socketPath } from "./socket-path.ts";

export interface DockerdOptions {
  /** The daemon's folder is made in this one. */
  readonly scratch: string;
  /** `env` of the emulator's proxy: what the daemon itself asks over HTTPS goes there, and is trusted. */
  readonly proxyEnv?: Readonly<Record<string, string>>;
}

/** A docker engine of its own, beside whatever else runs here. */
export interface Dockerd extends AsyncDisposable {
  /** `unix://<path>` */
  readonly dockerHost: string;
  /** What a docker CLI needs to speak to it. */
  readonly env: Readonly<Record<string, string>>;
  log(): string;
}

/**
 * Starts a private dockerd. It has its own containerd, data, bridge and namespaces, reads no configuration of this
 * machine, and leaves iptables and sysctls as they are: containers and RUN have a network, and it leads nowhere.
 * Registries on 127.0.0.1 are spoken to in plain HTTP.
 */
export async function startDockerd({ scratch, proxyEnv = {} }: DockerdOptions): Promise<Dockerd> {
  needRoot("A private dockerd");
  const { dockerd, runc, iptables, ip } = needTools("docker.io", "runc", "iptables", "iproute2");
  const name = `mayfly${randomBytes(4).toString("hex")}`;
  const leashed = await startLeashed({
    name: "dockerd",
    scratch,
    program: dockerd,
    parameters: async (folder) => {
      await writeFile(join(folder, "daemon.json"), "{}");
      return [
        ...["--config-file", join(folder, "daemon.json")],
        ...["--data-root", join(folder, "data")],
        // In the /run that only it sees: sockets there have short names, however long the folder's is.
        ...["--exec-root", "/run/mayfly-dockerd", "--pidfile", "/run/mayfly-dockerd.pid"],
        ...["--host", `unix://${socketPath(folder)}`],
        // iptables has one table for all engines of a machine, and each rewrites it as its own.
        ...[
          "--bridge",
          name,
          "--iptables=false",
          "--ip6tables=false",
          "--ip-masq=false",
          "--ip-forward=false",
          "--userland-proxy=false",
        ],
        ...["--exec-opt", "native.cgroupdriver=cgroupfs", "--cgroup-parent", `/${folder.split("/").at(-1)}`],
      ];
    },
    env: { PATH: [...new Set([dockerd, runc, iptables, ip].map(dirname)), "/usr/bin", "/bin"].join(":"), ...proxyEnv },
    isolated: true,
    bridge: { name, address: findFreeSubnet(listAddresses(ip)) },
  });
  const socket = socketPath(leashed.folder);
  await leashed.until(() => answers(socket));
  const dockerHost = `unix://${socket}`;
  return {
    dockerHost,
    env: { DOCKER_HOST: dockerHost },
    log: leashed.log,
    [Symbol.asyncDispose]: leashed[Symbol.asyncDispose],
  };
}

/** Whether the API answers a ping: the socket is there a little before. */
function answers(path: string): Promise<true | undefined> {
  return new Promise((done) => {
    const socket = connect(path, () => socket.write("GET /_ping HTTP/1.0\r\n\r\n"));
    socket.once("data", (data) => {
      done(`${data}`.includes(" 200 ") ? true : undefined);
      socket.destroy();
    });
    socket.on("error", () => socket.destroy());
    socket.on("close", () => done(undefined));
  });
}
