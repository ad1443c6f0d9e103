import type { Session } from "./session.ts";

const MANAGER = "mayfly";

/**
 * Writes the Secrets that the release needs, by server-side apply: what is there is changed in place, so that no pod
 * starts in a moment without it.
 */
export async function writeSecrets({ world, request, teller }: Session, namespace: string): Promise<void> {
  const names = Object.keys(request.wantedSecrets);
  if (names.length === 0) return;
  await Promise.all(
    Object.entries(request.wantedSecrets).map(([name, stringData]) => {
      const data = Object.fromEntries(
        Object.entries(stringData).map(([key, value]) => [key, Buffer.from(value).toString("base64")]),
      );
      const metadata = { name, namespace, labels: { "app.kubernetes.io/managed-by": MANAGER } };
      return world.cluster.apply(
        { apiVersion: "v1", kind: "Secret", metadata, type: "Opaque", data },
        { fieldManager: MANAGER, force: true },
      );
    }),
  );
  teller.note(`Secret ${names.join(", ")} written.`);
}
