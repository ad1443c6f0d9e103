import { startPost } from "../../kit/start.ts";
import { cleanUp } from "./connect-clean-up.ts";

await startPost("acr-build-push", cleanUp);
