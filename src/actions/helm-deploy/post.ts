import { startPost } from "../../kit/start.ts";
import { endRun } from "./connect-post.ts";

await startPost("helm-deploy", endRun);
