import { ask } from "./far-side.ts";

// A process of its own, since Node reads NODE_EXTRA_CA_CERTS once, when it begins.
const [url = ""] = process.argv.slice(2);
process.stdout.write((await ask(url)).body);
