import { startPost } from "../../kit/start.ts";
import { endRun } from "../helm-deploy/connect-post.ts";

// A rollback that was broken off is ended as that of a deployment.
await startPost("smoke-test", endRun);
