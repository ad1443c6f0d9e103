import { start } from "../../kit/start.ts";
import { connect } from "./connect.ts";
import { run } from "./run.ts";
import { spec } from "./spec.ts";

await start({ spec, run, connect });
