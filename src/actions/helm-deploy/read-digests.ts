import type { Session } from "./session.ts";

interface ContainerStatus {
  readonly image?: string;
  readonly imageID?: string;
}

/** The images that run in a release's namespace, each with the digest that was really pulled. */
export async function readDigests(
  { world, teller }: Pick<Session, "world" | "teller">,
  namespace: string,
): Promise<Readonly<Record<string, string>>> {
  const { name } = teller.release();
  const labelSelector = `app.kubernetes.io/instance=${name}`;
  const pods = await world.cluster
    .list({ apiVersion: "v1", kind: "Pod" }, { namespace, labelSelector })
    .catch(() => []);
  const statuses = pods.flatMap((pod) => {
    const { containerStatuses = [] } = (pod["status"] ?? {}) as { containerStatuses?: readonly ContainerStatus[] };
    return containerStatuses;
  });
  return Object.fromEntries(
    statuses.flatMap(({ image = "", imageID = "" }) => {
      const digest = /sha256:[0-9a-f]{64}$/.exec(imageID)?.[0];
      return image === "" || digest === undefined ? [] : [[image, digest] as const];
    }),
  );
}
