/** A folder of tools/ with a go.mod. One for each, since a shared build list would mix their versions. */
export interface GoFamily {
  /** The folder's name, and the tool's. */
  readonly name: string;
  /** The module whose required version is the tool's; the `tool` lines say which programs are built. */
  readonly module: string;
  /** Variables that the linker sets, as `path.Name=value`: without them many programs call themselves v0.0.0. */
  readonly stamps: (version: string) => readonly string[];
  readonly tags?: readonly string[];
  /** What people call a program, by what Go calls it, where the two differ. */
  readonly knownAs?: Readonly<Record<string, string>>;
  /** Folders of the module that are kept beside the programs: Go's copy of the module is deleted after the build. */
  readonly keep?: readonly string[];
  readonly expectedSeconds: number;
  /** The version that people know it by, where the module's tags carry no major version and go.mod names a commit. */
  readonly release?: string;
}

/** A new family is a row here, and a folder with go.mod and go.sum. */
export const GO_FAMILIES: readonly GoFamily[] = [
  {
    name: "registry",
    module: "github.com/distribution/distribution/v3",
    stamps: (version) => [`github.com/distribution/distribution/v3/version.version=v${version}`],
    expectedSeconds: 150,
  },
  {
    name: "buildx",
    module: "github.com/docker/buildx",
    stamps: (version) => [`github.com/docker/buildx/version.Version=v${version}`],
    expectedSeconds: 190,
  },
  {
    name: "buildkit",
    module: "github.com/moby/buildkit",
    stamps: (version) => [`github.com/moby/buildkit/version.Version=v${version}`],
    expectedSeconds: 150,
  },
  {
    name: "tofu",
    module: "github.com/opentofu/opentofu",
    stamps: (version) => [
      `github.com/opentofu/opentofu/version.dev=no`,
      `github.com/opentofu/opentofu/version.Version=${version}`,
    ],
    expectedSeconds: 200,
  },
  {
    // Terraform's provider of Azure; `fae580791926` is its release 5.2.0.
    name: "azurerm",
    module: "github.com/hashicorp/terraform-provider-azurerm",
    release: "5.2.0",
    stamps: (version) => [`github.com/hashicorp/terraform-provider-azurerm/version.ProviderVersion=${version}`],
    expectedSeconds: 460,
  },
  {
    name: "kubernetes",
    module: "k8s.io/kubernetes",
    stamps: (version) => [
      ...stampKubernetes("k8s.io/component-base/version", version),
      // What kubectl and the kubelet say in User-Agent.
      ...stampKubernetes("k8s.io/client-go/pkg/version", version),
    ],
    expectedSeconds: 510,
  },
  {
    name: "etcd",
    module: "go.etcd.io/etcd/server/v3",
    stamps: () => [],
    knownAs: { server: "etcd" },
    expectedSeconds: 90,
  },
  {
    name: "containerd",
    module: "github.com/containerd/containerd/v2",
    stamps: (version) => [`github.com/containerd/containerd/v2/version.Version=v${version}`],
    // Snapshotters that need other file systems or C libraries than the tests' overlayfs does.
    tags: ["no_btrfs", "no_zfs", "no_devmapper"],
    expectedSeconds: 140,
  },
  {
    name: "helm",
    module: "helm.sh/helm/v4",
    stamps: (version) => [`helm.sh/helm/v4/internal/version.version=v${version}`],
    expectedSeconds: 165,
  },
  {
    name: "coredns",
    module: "github.com/coredns/coredns",
    stamps: () => [],
    expectedSeconds: 210,
  },
  {
    name: "helm3",
    module: "helm.sh/helm/v3",
    // The Kubernetes that it assumes without a cluster is that of its client-go, 0.36; else charts would see 1.20.
    stamps: (version) => [
      `helm.sh/helm/v3/internal/version.version=v${version}`,
      ...["chartutil", "lint/rules"].flatMap((path) => [
        `helm.sh/helm/v3/pkg/${path}.k8sVersionMajor=1`,
        `helm.sh/helm/v3/pkg/${path}.k8sVersionMinor=36`,
      ]),
    ],
    expectedSeconds: 165,
  },
  {
    name: "nats",
    module: "github.com/nats-io/nats-server/v2",
    stamps: () => [],
    expectedSeconds: 55,
  },
  {
    name: "keda",
    module: "github.com/kedacore/keda/v2",
    stamps: (version) => [`github.com/kedacore/keda/v2/version.Version=${version}`],
    knownAs: { operator: "keda" },
    // What a cluster is told before the operator starts in it.
    keep: ["config/crd/bases", "config/rbac", "config/service_account"],
    expectedSeconds: 690,
  },
  {
    name: "act",
    module: "github.com/nektos/act",
    // Its version is a file that it embeds.
    stamps: () => [],
    // It runs jobs on this machine: there is nothing that a docker could do for it.
    tags: ["WITHOUT_DOCKER"],
    expectedSeconds: 90,
  },
];

function stampKubernetes(path: string, version: string): readonly string[] {
  const [major = "", minor = ""] = version.split(".");
  return [`${path}.gitVersion=v${version}`, `${path}.gitMajor=${major}`, `${path}.gitMinor=${minor}`];
}
