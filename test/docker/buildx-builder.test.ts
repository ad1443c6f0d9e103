import { describe, expect, test } from "@jest/globals";
import { parseBuilder } from "../../src/docker/buildx-builder.ts";

/** As buildx 0.36 prints it with DEBUG=1. */
const ENGINE = `Name:   default
Driver: docker

Nodes:
Name:             default
Endpoint:         default
Status:           running
BuildKit version: v0.23.2
Platforms:        linux/amd64, linux/386
Features:
 Automatically load images to the Docker Engine image store: true
 Cache export:                                               false
 Multi-platform build:                                       false
Labels:
 org.mobyproject.buildkit.worker.moby.host-gateway-ip: 172.17.0.1
`;
const CONTAINER = `Name:          ci
Driver:        docker-container
Last Activity: 2026-11-21 16:52:24 +0000 UTC

Nodes:
Name:                  ci0
Endpoint:              unix:///var/run/docker.sock
Driver Options:        image="moby/buildkit:v0.23.2" env.A="Status: x"
Status:                inactive
BuildKit daemon flags: --allow-insecure-entitlement=network.host
Features:
 Cache export:                                               true
 Multi-platform build:                                       true
`;
const SEVERAL = `Name:          team
Driver:        kubernetes
Last Activity: 2026-11-21 16:52:24 +0000 UTC

Nodes:
Name:             team0
Endpoint:         kubernetes:///team?deployment=a
Status:           running
BuildKit version: v0.23.2
Platforms:        linux/amd64*, linux/386
Labels:
 Status: not this
GC Policy rule#0:
 All:           false
 Keep Duration: 48h0m0s
File#buildkitd.toml:
 > Name: not this either
 > [worker.oci]

Name:             team1
Endpoint:         kubernetes:///team?deployment=b
Status:           running
BuildKit version: v0.10.6
Platforms:        linux/arm64*
`;

describe("what buildx says of a builder", () => {
  test("of the engine itself, without the containerd image store", () => {
    expect(parseBuilder(ENGINE)).toEqual({
      name: "default",
      driver: "docker",
      nodes: [
        {
          name: "default",
          endpoint: "default",
          status: "running",
          buildkitVersion: "v0.23.2",
          platforms: ["linux/amd64", "linux/386"],
          fault: undefined,
        },
      ],
      fault: undefined,
      booted: true,
      severalPlatforms: false,
      pushByDigest: false,
      cacheExport: false,
      attestations: false,
    });
  });

  test("of the engine with the containerd image store: all but a push without a tag", () => {
    const text = ENGINE.replace(
      "Cache export:                                               false",
      "Cache export: true",
    ).replace("Multi-platform build:                                       false", "Multi-platform build: true");
    expect(parseBuilder(text)).toMatchObject({
      severalPlatforms: true,
      cacheExport: true,
      attestations: true,
      pushByDigest: false,
    });
  });

  test("of one that has not booted: it can do all, and its platforms are not known", () => {
    expect(parseBuilder(CONTAINER)).toMatchObject({
      driver: "docker-container",
      booted: false,
      nodes: [{ name: "ci0", status: "inactive", platforms: [], buildkitVersion: undefined }],
      severalPlatforms: true,
      pushByDigest: true,
      cacheExport: true,
      attestations: true,
      fault: undefined,
    });
  });

  test("of several nodes: it can do what all can", () => {
    const builder = parseBuilder(SEVERAL);
    expect(builder).toMatchObject({
      booted: true,
      severalPlatforms: true,
      // The second node's BuildKit is too old.
      attestations: false,
      nodes: [
        { name: "team0", status: "running", platforms: ["linux/amd64", "linux/386"] },
        { name: "team1", status: "running", platforms: ["linux/arm64"] },
      ],
    });
  });

  test("of one whose engine is not there", () => {
    const text = "Name:   default\nDriver: \nError:  failed to connect to the docker API: dial unix: no such file\n";
    expect(parseBuilder(text)).toMatchObject({
      driver: undefined,
      nodes: [],
      booted: false,
      severalPlatforms: false,
      pushByDigest: false,
      fault: "failed to connect to the docker API: dial unix: no such file",
    });
  });

  test("of nodes that fail: the builder does only when all do", () => {
    const broken = SEVERAL.replace("Status:           running\nBuildKit version: v0.10.6", "Error: no pod");
    expect(parseBuilder(broken)).toMatchObject({ fault: undefined, booted: false, nodes: [{}, { fault: "no pod" }] });
    const all = broken.replace("Status:           running\nBuildKit version: v0.23.2", "Error: no cluster");
    expect(parseBuilder(all)).toMatchObject({ fault: "no cluster" });
  });

  test("before it named features, and called BuildKit differently", () => {
    const old = `Name:   default
Driver: docker

Nodes:
Name:      default
Endpoint:  default
Status:    running
Buildkit:  v0.10.5
Platforms: linux/amd64
`;
    expect(parseBuilder(old)).toMatchObject({
      severalPlatforms: false,
      cacheExport: false,
      nodes: [{ buildkitVersion: "v0.10.5" }],
    });
    expect(parseBuilder(old.replaceAll("docker", "remote"))).toMatchObject({
      severalPlatforms: true,
      attestations: false,
    });
  });

  test.each([[""], ["usage: buildah inspect"], ["{}"]])("%j is no builder", (text) => {
    expect(parseBuilder(text)).toBeUndefined();
  });
});
