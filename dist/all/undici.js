import { createRequire } from "node:module";
const load = () => createRequire(import.meta.url)("./undici.cjs");
export class ProxyAgent {
  constructor(...options) {
    return new (load().ProxyAgent)(...options);
  }
}
export const fetch = (...request) => load().fetch(...request);
