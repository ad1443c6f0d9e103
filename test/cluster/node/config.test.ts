import { describe, expect, test } from "@jest/globals";
import { layoutOf } from "../layout.ts";
import { containerd, renderContainerdConfig } from "./containerd.ts";
import { apiServer, controllerManager, etcd, scheduler } from "./control-plane.ts";
import { renderProvider } from "./files.ts";
import { kubeProxy } from "./kube-proxy.ts";
import { kubelet, kubeletConfig } from "./kubelet.ts";
import { cniConfig, renderHostNetwork, renderNodeNetwork } from "./network.ts";

const HOME = "/home/runner/bed";
const layout = layoutOf(HOME, 3);
const programs = {
  etcd: "/tools/etcd",
  "kube-apiserver": "/tools/kube-apiserver",
  "kube-controller-manager": "/tools/kube-controller-manager",
  "kube-scheduler": "/tools/kube-scheduler",
};
const SETTINGS = { runc: "/usr/sbin/runc", cniPlugin: "/usr/lib/cni/portmap", snapshotter: "overlayfs" } as const;
const ISSUER = "https://westeurope.oic.prod-aks.azure.com/t/c/";
const daemons = [
  etcd(layout, programs),
  apiServer(layout, programs, ISSUER),
  controllerManager(layout, programs),
  scheduler(layout, programs),
  containerd(layout, "/tools/containerd"),
  kubelet(layout, "/tools/kubelet"),
  kubeProxy(layout, "/tools/kube-proxy"),
];

describe("what the node's programs are told", () => {
  test("names no file outside of the home, but for programs", () => {
    const texts = [
      ...daemons.flatMap(({ parameters }) => parameters.map((word) => word.split("=").at(-1) ?? "")),
      ...JSON.stringify(kubeletConfig(layout)).split('"'),
      ...renderContainerdConfig(layout, SETTINGS).split('"'),
    ];
    const paths = texts.map((text) => text.replace(/^unix:\/\//, "")).filter((text) => /^\/[a-z]/.test(text));
    const outside = paths.filter((path) => !path.startsWith(`${HOME}/`));
    expect(outside.sort()).toEqual([`/${layout.mark}`, "/usr/lib/cni", "/usr/sbin/runc"].sort());
    expect(paths.length).toBeGreaterThan(20);
  });

  test("is about the addresses of its own slot only", () => {
    const texts = [
      ...daemons.flatMap(({ parameters, env = {} }) => [...parameters, ...Object.values(env)]),
      JSON.stringify([kubeletConfig(layout), cniConfig(layout)]),
      renderHostNetwork(layout, 7),
      renderNodeNetwork(layout),
      renderProvider("/bin/busybox", layout.addresses.host),
    ];
    const addresses = texts.flatMap((text) => text.match(/10\.\d+\.\d+\.\d+/g) ?? []);
    expect(addresses.length).toBeGreaterThan(15);
    expect(addresses.filter((address) => !/^10\.(96|244|245|246)\.3\./.test(address))).toEqual([]);
  });

  test("makes the API server sign tokens as the issuer that is asked for", () => {
    const { parameters } = apiServer(layout, programs, ISSUER);
    expect(parameters).toContain(`--service-account-issuer=${ISSUER}`);
    expect(parameters).toContain(`--service-account-jwks-uri=${ISSUER}openid/v1/jwks`);
  });
});
