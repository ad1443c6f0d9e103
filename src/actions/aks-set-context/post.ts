import { startPost } from "../../kit/start.ts";
import { cleanUp } from "./clean-up.ts";

await startPost("AKS set context", cleanUp);
