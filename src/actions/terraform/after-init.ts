/**
 * All that a run needs once terraform works, in one file: it is loaded while init runs, which it would only delay
 * otherwise.
 */
export { carryOut, type Found } from "./command.ts";
export { conclude } from "./conclude.ts";
export { listOutputs, publish } from "./publish.ts";
export { pickOutputs, renderOutputs, renderOutputsJson } from "./read-outputs.ts";
