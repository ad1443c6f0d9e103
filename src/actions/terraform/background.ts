import { liveAsRelay } from "./connect-relay-life.ts";

await liveAsRelay(process);
