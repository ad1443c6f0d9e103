/** What is looked at of a Service. */
export interface BalancedService {
  readonly metadata: {
    readonly namespace: string;
    readonly name: string;
    readonly uid?: string;
    readonly deletionTimestamp?: string;
  };
  readonly spec: { readonly type?: string; readonly loadBalancerClass?: string };
  readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string }[] } };
}

export function keyOf({ metadata: { namespace, name } }: BalancedService): string {
  return `${namespace}/${name}`;
}

/** Whether a Service waits for an address of ours: one with a class of its own is for somebody else. */
export function isBalanced({ metadata, spec }: BalancedService): boolean {
  return (
    spec.type === "LoadBalancer" && spec.loadBalancerClass === undefined && metadata.deletionTimestamp === undefined
  );
}

/** The addresses that Services have. */
export function listTaken(services: readonly BalancedService[]): readonly string[] {
  return services.flatMap(({ status }) => (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => ip ?? []));
}

/**
 * The first address of a network that nobody has; undefined when there is none.
 *
 * @param network of 256 addresses, as `10.246.0.0/24`
 */
export function chooseAddress(network: string, taken: readonly string[]): string | undefined {
  const prefix = network.replace(/\.0\/24$/, "");
  return Array.from({ length: 254 }, (_, index) => `${prefix}.${index + 1}`).find((ip) => !taken.includes(ip));
}
