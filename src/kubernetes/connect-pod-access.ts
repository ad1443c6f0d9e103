import type { Asking } from "./ask.ts";
import { createToken } from "./create-token.ts";
import { exec } from "./exec.ts";
import { forward } from "./forward.ts";
import type { PodAccess } from "./pod-access.ts";
import { proxy } from "./proxy.ts";

/** Ways into pods with the login of every other request. Loaded when it is used: most runs have no need of it. */
export function connectPodAccess(asking: Asking): PodAccess {
  return {
    exec: (pod, order) => exec(asking, pod, order),
    forward: (pod, port) => forward(asking, pod, port),
    proxy: (request) => proxy(asking, request),
    createToken: (account, audience) => createToken(asking, account, audience),
  };
}
