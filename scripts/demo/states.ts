import { text } from "node:stream/consumers";
import type { Blobs } from "../../test/azure/blobs/blobs.ts";
import type { Inventory } from "./act.ts";
import { compareNames } from "./parts.ts";

/** Where states are. */
export interface StatePlace {
  readonly account: string;
  readonly container: string;
}

/** A blob of the container for states; what beside a state lies there has no serial. */
export interface StateBlob {
  readonly name: string;
  readonly leased: boolean;
  readonly serial?: number;
  readonly resources: readonly StateResource[];
}

/** A resource as a state has it. */
export interface StateResource {
  readonly address: string;
  readonly id: string;
  /** Made half-way: the next apply makes it again. */
  readonly tainted: boolean;
}

/** Every blob that is there now. */
export async function readStates(blobs: Blobs, { account, container }: StatePlace): Promise<readonly StateBlob[]> {
  const there = blobs.names(account, container).map((name) => ({ account, container, name }));
  return Promise.all(
    there.flatMap((address) => {
      const content = blobs.read(address);
      if (content === undefined) return [];
      const leased = blobs.lease(address).state === "leased";
      return [text(content).then((json) => readState({ name: address.name, leased }, json))];
    }),
  );
}

const isState = (name: string): boolean => name.endsWith(".tfstate");

interface StateFile {
  readonly serial: number;
  readonly resources: readonly {
    readonly type: string;
    readonly name: string;
    readonly instances: readonly {
      readonly index_key?: number | string;
      readonly status?: string;
      readonly attributes: { readonly id: string };
    }[];
  }[];
}

function readState(blob: Pick<StateBlob, "name" | "leased">, json: string): StateBlob {
  // A lease needs a blob: terraform makes an empty one before its first state.
  if (!isState(blob.name) || json === "") return { ...blob, resources: [] };
  const { serial, resources } = JSON.parse(json) as StateFile;
  const all = resources.flatMap(({ type, name, instances }) =>
    instances.map(({ index_key: key, status, attributes }) => ({
      address: `${type}.${name}${key === undefined ? "" : `[${JSON.stringify(key)}]`}`,
      id: attributes.id,
      tainted: status === "tainted",
    })),
  );
  return { ...blob, serial, resources: all };
}

/** Characters of an id that are enough to tell it from others. */
const SHORT = 8;

/** States, and below each the resources that it knows; names begin behind the last slash of the state's key. */
export function listStates(states: readonly StateBlob[]): readonly Inventory[] {
  const rows = states.flatMap((state): readonly Inventory[] => {
    const name = shorten(state.name);
    const resources = state.resources.map(({ address, id, tainted }) => {
      return { name: `${name}: ${address}`, note: `${id.slice(0, SHORT)}${tainted ? " · half-made" : ""}` };
    });
    return [{ name, note: describe(state), holder: true }, ...resources];
  });
  return rows.toSorted((a, b) => compareNames(a.name, b.name));
}

/** A state's name without the folders before it, and what lies beside it without the end of its digest. */
function shorten(name: string): string {
  return name.replace(/^.*\/(?=[^/]*\.tfstate)/, "").replace(/([0-9a-f]{12})[0-9a-f]+$/, "$1…");
}

function describe({ name, leased, serial }: StateBlob): string {
  if (!isState(name)) return "kept beside the state";
  return `${serial === undefined ? "empty" : `serial ${serial}`} · ${leased ? "locked" : "not locked"}`;
}
