import type { Json } from "../wire.ts";
import { present, type ResourceDocument } from "./store.ts";
import type { ArmWorld } from "./world.ts";

/** The document as ARM shows it, with what its type adds to it from other documents. */
export function show(world: ArmWorld, document: ResourceDocument): Json {
  const shown = world.behaviours.get(document.type.toLowerCase())?.shown;
  return present(shown === undefined ? document : { ...document, body: shown(document, world) });
}
