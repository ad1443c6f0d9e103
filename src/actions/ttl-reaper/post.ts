import { startPost } from "../../kit/start.ts";
import { tellKilledRun } from "./tell-killed-run.ts";

await startPost("ttl-reaper", tellKilledRun);
