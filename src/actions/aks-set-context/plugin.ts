import { dirname } from "node:path";
import { answerExec } from "./connect-plugin.ts";

// Bundled as CommonJS, which starts faster and loads what it needs only then; that has no await out here.
void answerExec(process, dirname(process.argv[1] ?? ""));
