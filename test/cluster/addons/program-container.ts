import { PAUSE_IMAGE } from "../images/pause.ts";

/** Parts of a pod that runs one of this machine's programs, which must be static. */
export interface ProgramPod {
  readonly container: Readonly<Record<string, unknown>>;
  readonly volume: object;
}

const VOLUME = "program";

/**
 * A container with a program of this machine and nothing else. It is mounted rather than packed into an image: that
 * would copy it three times before it can start.
 */
export function programContainer(name: string, path: string, settings: Readonly<Record<string, unknown>>): ProgramPod {
  const { volumeMounts = [], ...rest } = settings as { readonly volumeMounts?: readonly object[] };
  return {
    container: {
      name,
      image: PAUSE_IMAGE,
      command: [`/${name}`],
      ...rest,
      volumeMounts: [{ name: VOLUME, mountPath: `/${name}`, readOnly: true }, ...volumeMounts],
    },
    volume: { name: VOLUME, hostPath: { path, type: "File" } },
  };
}
