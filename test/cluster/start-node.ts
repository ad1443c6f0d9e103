import { rm } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { type AskApi, connectApi } from "./ask-api.ts";
import { startDoor } from "./door/start-door.ts";
import { writeImageArchive } from "./images/archive.ts";
import { loadImage } from "./images/load-image.ts";
import { pauseImage } from "./images/pause.ts";
import { type Layout, NODE_NAME } from "./layout.ts";
import type { Programs } from "./need-programs.ts";
import { containerd } from "./node/containerd.ts";
import { apiServer, controllerManager, etcd, scheduler } from "./node/control-plane.ts";
import { type Daemon, startDaemon, until } from "./node/daemon.ts";
import { writeNodeFiles } from "./node/files.ts";
import { makeGroups } from "./node/groups.ts";
import { kubeProxy } from "./node/kube-proxy.ts";
import { kubelet } from "./node/kubelet.ts";
import { openNamespaces } from "./node/namespaces.ts";
import { connectNetwork } from "./node/network.ts";
import { identityOf } from "./node/processes.ts";
import type { Stopwatch } from "./stopwatch.ts";

/**
 * Starts the programs of a node in a home that is empty, and waits until it takes pods.
 *
 * @returns `identityOf` its first process
 * @throws Error with a log's last lines when one of them does not come up
 */
export async function startNode(layout: Layout, programs: Programs, issuer: string, watch: Stopwatch): Promise<string> {
  makeGroups(layout);
  const [namespaces] = await Promise.all([openNamespaces(layout), writeNodeFiles(layout, programs)]);
  watch.lap("files and namespaces");
  const start = (daemon: Daemon) => startDaemon(layout, namespaces, daemon);
  await connectNetwork(layout, namespaces);
  const door = startDoor(layout);
  const controlPlane = [etcd(layout, programs), apiServer(layout, programs, issuer)].map(start);
  const runtime = start(containerd(layout, programs.containerd));
  watch.lap("network");
  const api = connectApi(layout);
  const makeReady = async () => {
    await until("the API server was ready", [...controlPlane, door], () => answers(api));
    watch.lap("API server");
    const workers = [
      kubelet(layout, programs.kubelet),
      controllerManager(layout, programs),
      scheduler(layout, programs),
      kubeProxy(layout, programs["kube-proxy"]),
    ].map(start);
    await until("the node was ready", [...controlPlane, runtime, ...workers], () => isReady(api));
    watch.lap("node ready");
  };
  const loadPause = async () => {
    const archive = join(layout.home, "pause.tar");
    await writeImageArchive(archive, pauseImage(programs.busybox));
    await until("containerd listened", [runtime], () => listens(layout.containerdSocket));
    await loadImage(layout, programs.ctr, archive);
    await rm(archive);
    watch.lap("image of pods");
  };
  try {
    await Promise.all([makeReady(), loadPause()]);
  } finally {
    api.close();
  }
  return identityOf(namespaces.pid) ?? "";
}

async function answers(api: AskApi): Promise<true | undefined> {
  return (await api("/readyz")).status === 200 ? true : undefined;
}

async function isReady(api: AskApi): Promise<true | undefined> {
  const { status, text } = await api(`/api/v1/nodes/${NODE_NAME}`);
  if (status !== 200) return undefined;
  const node = JSON.parse(text) as { readonly status?: { readonly conditions?: readonly Condition[] } };
  return node.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ? true : undefined;
}

interface Condition {
  readonly type: string;
  readonly status: string;
}

/** Whether somebody listens on a socket: its file is there a little before. */
function listens(path: string): Promise<true | undefined> {
  return new Promise((done) => {
    const socket = connect(path, () => {
      done(true);
      socket.destroy();
    });
    socket.on("error", () => done(undefined));
  });
}
