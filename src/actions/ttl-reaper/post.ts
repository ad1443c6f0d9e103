import { startPost } from "../../kit/start.ts";
import { tellCutShort } from "./tell-cut-short.ts";

await startPost("ttl-reaper", tellCutShort);
