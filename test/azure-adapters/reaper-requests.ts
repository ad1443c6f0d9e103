import type { FaultMatch } from "../azure/faults.ts";

/** An expiry that has not come at the moment of the rehearsals. */
export const LATER = "2026-11-22T08:17:00Z";
export const DELETE: FaultMatch = { method: "DELETE", path: /\/resourcegroups\/[^/]+$/i };
export const LIST: FaultMatch = { method: "GET", path: /\/resourcegroups$/i };
export const LOOK: FaultMatch = { method: "GET", path: /\/resourcegroups\/[^/]+$/i };
export const LOCKS: FaultMatch = { method: "GET", path: /\/locks$/i };
