import { load } from "../all/index.js";
await load("smoke-test");
